internal import Catalogue
internal import Expressions
internal import Planning
internal import Playbooks
internal import Vocabulary

/// Walks every state that a run can reach and plans it: first the way that it certainly takes, then what it takes only
/// when a step fails or a later value decides so.
struct PlanWalk {
    private(set) var steps: [StepPlan] = []
    /// Why the certain way cannot be planned to its end; nil when it can.
    private(set) var fault: ActionFault?
    /// What the expressions of each planned state saw, by state: a run compares against it when the state's turn comes.
    private(set) var scopes: [String: ExpressionScope] = [:]
    /// Waits, expiries and foreseen failures, for the reviewer.
    private(set) var notes: [String] = []

    private let playbook: Playbook
    private let subject: Subject
    private let now: Timestamp
    private let planner: StepPlanner
    private let overlay: ChangeSender?
    private var scope: ExpressionScope
    private var visited: Set<String> = []
    private var conditional: [String] = []

    init(request: RunRequest, subject: Subject, world: World, actions: [CataloguedAction]) {
        playbook = request.playbook
        now = request.now
        self.subject = subject
        scope = RunScopes.start(request, subject: subject)
        planner = StepPlanner(request: request, actions: actions, world: world)
        overlay = world.isRehearsed ? ChangeSender(world: world) : nil
    }

    mutating func run() async {
        var next = playbook.states.first?.name
        while let name = next { next = await visit(name, isConditional: false) }
        while !conditional.isEmpty {
            var next: String? = conditional.removeFirst()
            while let name = next { next = await visit(name, isConditional: true) }
        }
        await planFinally()
        let order = (playbook.states + playbook.finally).map(\.name)
        steps.sort { (order.firstIndex(of: $0.state) ?? .max) < (order.firstIndex(of: $1.state) ?? .max) }
    }

    /// What comes after every end, also after a refusal.
    mutating func planFinally() async {
        scope.late.append(ExpressionScope.Late(["run"], after: "the run"))
        for state in playbook.finally { _ = await visit(state, isConditional: false) }
    }

    private mutating func visit(_ name: String, isConditional: Bool) async -> String? {
        guard let state = playbook.state(name), visited.insert(name).inserted else { return nil }
        return await visit(state, isConditional: isConditional)
    }

    /// - Returns: the state that certainly comes next, seen from this one.
    private mutating func visit(_ state: PlaybookState, isConditional: Bool) async -> String? {
        var isConditional = isConditional
        do throws(ExpressionFault) {
            if let condition = state.condition {
                switch try TemplateRenderer(scope).holds(condition) {
                case false?:
                    skip(state)
                    return successor(state.next)
                case true?: break
                case nil: isConditional = true
                }
            }
            switch state.kind {
            case .action: return await act(state, isConditional: isConditional)
            case .choice(let branches, let otherwise): return try choose(branches, otherwise)
            case .set(let members): try set(members, state)
            case .wait(let wait): notes.append("\(state.name): waits \(try length(of: wait))")
            case .fail(let error, _):
                if !isConditional { notes.append("\(state.name): the run would end failed, with \(error)") }
            case .succeed: break
            }
        } catch {
            expressionFailed(state, error, isConditional: isConditional)
            return nil
        }
        switch state.kind {
        case .succeed, .fail: return nil
        case .action, .choice, .wait, .set: return successor(state.next)
        }
    }

    private func successor(_ successor: PlaybookState.Successor) -> String? {
        switch successor {
        case .state(let name): name
        case .end: nil
        }
    }

    private mutating func skip(_ state: PlaybookState) {
        guard case .action(let call) = state.kind else { return }
        steps.append(StepPlan(state: state.name, action: call.name, status: .skipped, note: "its when is not true"))
    }

    private mutating func expressionFailed(_ state: PlaybookState, _ error: ExpressionFault, isConditional: Bool) {
        let actionFault = ActionFault("Invalid", error.report(at: state.mark))
        if case .action(let call) = state.kind {
            failed(state, call, actionFault, isConditional: isConditional)
        } else if !isConditional {
            fault = fault ?? actionFault
        }
    }
}

// MARK: - Kinds of states

extension PlanWalk {
    private mutating func act(_ state: PlaybookState, isConditional: Bool) async -> String? {
        guard let action = ActionStep(state, subject: subject) else { return successor(state.next) }
        scopes[state.name] = scope
        do throws(ActionFault) {
            let outcome = try await planner.plan(action, scope: scope, now: now)
            steps.append(await step(action, outcome, isConditional: isConditional))
        } catch {
            failed(state, action.call, error, isConditional: isConditional)
            if !isConditional, state.catches.isEmpty { return nil }
        }
        remember(state, action.call)
        return successor(state.next)
    }

    private mutating func step(
        _ action: ActionStep,
        _ outcome: StepPlanner.Outcome,
        isConditional: Bool
    ) async -> StepPlan {
        var step = StepPlan(
            state: action.state.name,
            action: action.call.name,
            status: .planned,
            isConditional: isConditional
        )
        switch outcome {
        case .planned(let planned):
            if planned.plan.alreadyDone { step.status = .alreadyDone }
            noteExpiry(action.state, planned.request)
            step.plan = planned.plan
            step.canonicalChanges = planned.canonicalChanges
            if !isConditional { step.note = await rehearse(planned.plan) }
        case .knownLater(let states):
            let placeholder = TemplateRenderer.placeholder(after: states)
            step.canonicalChanges = [.string(placeholder)]
            step.note = "its changes are known \(placeholder)"
        }
        return step
    }

    /// Applies the changes to the throw-away world, so that what is planned next meets them.
    /// - Returns: what an expert should know when that world refuses one; empty otherwise.
    private func rehearse(_ plan: ActionPlan) async -> String {
        guard let overlay, (plan.verdicts.map(\.verdict).max() ?? .allow) < .refuse else { return "" }
        for planned in plan.changes {
            if case .failed(let fault) = await overlay.send(planned.change) {
                return "the rehearsal world refuses “\(planned.summary)”: \(fault.report)"
            }
        }
        return ""
    }

    private mutating func failed(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ error: ActionFault,
        isConditional: Bool
    ) {
        steps.append(
            StepPlan(
                state: state.name,
                action: call.name,
                status: .failed,
                isConditional: isConditional,
                note: "\(error.report)"
            )
        )
        let isCaught = state.catches.contains { $0.errors.contains("any") || $0.errors.contains(error.name) }
        // A catch may bear a capture that fails. A containment that cannot even be planned is not what was asked for.
        if !isConditional, !isCaught || call.actionClass == .contain { fault = fault ?? error }
    }

    /// What the state leaves to later ones is known only after it; its catchers may be reached.
    private mutating func remember(_ state: PlaybookState, _ call: PlaybookState.ActionCall) {
        scope.late.append(ExpressionScope.Late(["states", state.name], after: state.name))
        if call.actionClass == .contain {
            scope.late.append(ExpressionScope.Late(["run", "containment"], after: state.name))
        }
        for rule in state.catches {
            if let binding = rule.binding {
                scope.late.append(ExpressionScope.Late([binding], after: state.name))
            }
            conditional.append(rule.next)
        }
    }

    private mutating func choose(
        _ branches: [PlaybookState.Branch],
        _ otherwise: PlaybookState.Successor?
    ) throws(ExpressionFault) -> String? {
        var isOpen = false
        for branch in branches {
            switch try TemplateRenderer(scope).holds(branch.condition) {
            case true?: return settle(branch.next, isOpen: isOpen)
            case false?: continue
            case nil:
                isOpen = true
                if let name = successor(branch.next) { conditional.append(name) }
            }
        }
        return otherwise.flatMap { settle($0, isOpen: isOpen) }
    }

    /// A branch is certain only when none before it was open.
    private mutating func settle(_ next: PlaybookState.Successor, isOpen: Bool) -> String? {
        guard let name = successor(next) else { return nil }
        guard isOpen else { return name }
        conditional.append(name)
        return nil
    }

    /// For people: `1h`, `until 2026-…`, `‹after STATE›`.
    private func length(of wait: PlaybookState.Wait) throws(ExpressionFault) -> String {
        switch wait {
        case .span(let duration): return duration.playbookText
        case .moment(let moment): return "until \(moment)"
        case .spanOf(let template): return try TemplateRenderer(scope).render(template).value.string ?? "?"
        case .momentOf(let template):
            return "until " + (try TemplateRenderer(scope).render(template).value.string ?? "?")
        }
    }

    private mutating func noteExpiry(_ state: PlaybookState, _ request: ActionRequest) {
        guard let expires = request.expires else { return }
        let then = state.onExpiry == .release ? "it is let go by the clock" : "people are told; it stays held"
        notes.append("\(state.name): held for \(expires.playbookText), then \(then)")
    }

    private mutating func set(_ members: [ValueTemplate.Member], _ state: PlaybookState) throws(ExpressionFault) {
        var values = scope["vars"]?.object ?? JSONObject()
        for member in members {
            let rendered = try TemplateRenderer(scope).render(member.value)
            values[member.name] = rendered.value
            for state in rendered.waitsFor {
                scope.late.append(ExpressionScope.Late(["vars", member.name], after: state))
            }
        }
        scope["vars"] = .object(values)
    }
}
