internal import Catalogue
internal import Expressions
internal import Planning
internal import Playbooks
internal import Vocabulary

/// Plans every state that a run can reach: first the way that it certainly takes, then what it takes only when a step
/// fails or a later value decides so.
struct PlanWalk {
    private(set) var steps: [StepPlan] = []
    /// Why the certain way cannot be planned to its end; nil when it can.
    private(set) var fault: ActionFault?
    /// What nobody knew yet at each planned state: a run leaves it open too when it compares.
    private(set) var late: [String: [ExpressionScope.Late]] = [:]
    /// Waits, expiries and foreseen failures, for the reviewer.
    private(set) var notes: [String] = []

    private let playbook: Playbook
    private let subject: Subject
    private let now: Timestamp
    private let planner: StepPlanner
    private let overlay: ChangeSender?
    private let start: ExpressionScope
    /// What planning came to at the states that were all planned at once; none in a rehearsal.
    private var foreseen: [String: Result<StepPlanner.Outcome, ActionFault>] = [:]
    /// A certain step failed and nothing catches it: what would come after it does not.
    private var isBroken = false

    init(request: RunRequest, subject: Subject, world: World, actions: [CataloguedAction]) {
        playbook = request.playbook
        now = request.now
        self.subject = subject
        start = RunScopes.start(request, subject: subject)
        planner = StepPlanner(request: request, actions: actions, world: world)
        overlay = world.isRehearsed ? ChangeSender(world: world) : nil
    }

    mutating func run() async {
        let flow = PlanFlow(playbook, start: start)
        await foreseeAtOnce(flow.places)
        let branches = flow.places.filter(\.isConditional)
        // A step that is reached because another failed meets the world as it is now, or as the others leave it.
        let (early, branchNotes) = await planned(branches)
        let (certain, certainNotes) = await planned(flow.places.filter { !$0.isConditional })
        let after = overlay == nil ? early : await planned(branches).steps
        steps = certain + early.map { step in step.orElse(after.first { $0.state == step.state }) }
        notes = certainNotes + branchNotes
        await planFinally(flow.end)
        let order = (playbook.states + playbook.finally).map(\.name)
        steps.sort { (order.firstIndex(of: $0.state) ?? .max) < (order.firstIndex(of: $1.state) ?? .max) }
    }

    private mutating func planned(_ places: [PlanFlow.Place]) async -> (steps: [StepPlan], notes: [String]) {
        (steps, notes) = ([], [])
        for place in places where place.isConditional || !isBroken { await plan(place) }
        return (steps, notes)
    }

    /// What comes after a refusal.
    mutating func planFinallyAlone() async { await planFinally(start) }

    /// What comes after every end; what fails here changes nothing of the run, so it is told with its step.
    private mutating func planFinally(_ end: ExpressionScope) async {
        var scope = end
        scope.late.append(ExpressionScope.Late(["run"], after: "the run"))
        let before = fault
        for state in playbook.finally {
            let outlook = Self.outlook(of: state, scope)
            await plan(PlanFlow.Place(state: state, scope: scope, isConditional: false, outlook: outlook))
            fault = before
        }
    }

    private static func outlook(of state: PlaybookState, _ scope: ExpressionScope) -> PlanFlow.Outlook {
        guard let condition = state.condition else { return .runs }
        do throws(ExpressionFault) {
            return try TemplateRenderer(scope).holds(condition) == false ? .skipped : .runs
        } catch {
            return .fails(error)
        }
    }

    private mutating func plan(_ place: PlanFlow.Place) async {
        switch place.outlook {
        case .runs: await foresee(place)
        case .skipped: skip(place.state)
        case .noBranch: failed(place, Self.noBranch(place.state))
        case .fails(let error): failed(place, ActionFault("Invalid", error.report(at: place.state.mark)))
        }
    }

    private mutating func foresee(_ place: PlanFlow.Place) async {
        let state = place.state
        switch state.kind {
        case .action: await act(place)
        case .wait(let wait):
            do throws(ExpressionFault) {
                notes.append("\(state.name): waits \(try length(of: wait, place.scope))")
            } catch {
                failed(place, ActionFault("Invalid", error.report(at: state.mark)))
            }
        case .fail(let error, _):
            if !place.isConditional { notes.append("\(state.name): the run would end failed, with \(error)") }
        case .choice, .set, .succeed: break
        }
    }

    private mutating func skip(_ state: PlaybookState) {
        guard case .action(let call) = state.kind else { return }
        steps.append(StepPlan(state: state.name, action: call.name, status: .skipped, note: "its when is not true"))
    }

    /// For people: `1h`, `until 2026-…`, `‹after STATE›`.
    private func length(of wait: PlaybookState.Wait, _ scope: ExpressionScope) throws(ExpressionFault) -> String {
        switch wait {
        case .span(let duration): return duration.playbookText
        case .moment(let moment): return "until \(moment)"
        case .spanOf(let template): return try TemplateRenderer(scope).render(template).value.string ?? "?"
        case .momentOf(let template):
            return "until " + (try TemplateRenderer(scope).render(template).value.string ?? "?")
        }
    }
}

// MARK: - Actions

extension PlanWalk {
    /// Plans all actions at the same time where no plan changes what the next one reads: nobody rehearses on what is live.
    private mutating func foreseeAtOnce(_ places: [PlanFlow.Place]) async {
        guard overlay == nil else { return }
        let (planner, subject, now) = (planner, subject, now)
        foreseen = await withTaskGroup(of: (String, Result<StepPlanner.Outcome, ActionFault>).self) { group in
            for place in places {
                guard case .runs = place.outlook, let action = ActionStep(place.state, subject: subject) else {
                    continue
                }
                let (name, scope) = (place.state.name, place.scope)
                group.addTask {
                    do throws(ActionFault) {
                        return (name, .success(try await planner.plan(action, scope: scope, now: now)))
                    } catch {
                        return (name, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private mutating func act(_ place: PlanFlow.Place) async {
        guard let action = ActionStep(place.state, subject: subject) else { return }
        late[place.state.name] = place.scope.late
        do throws(ActionFault) {
            let outcome: StepPlanner.Outcome
            if let result = foreseen[place.state.name] {
                outcome = try result.get()
            } else {
                outcome = try await planner.plan(action, scope: place.scope, now: now)
            }
            steps.append(await step(action, outcome, isConditional: place.isConditional))
        } catch {
            failed(place, error)
        }
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
        case .knownLater(let states, let canonical):
            step.canonicalChanges = canonical
            step.note =
                "its changes are known \(TemplateRenderer.placeholder(after: states)); guardrails judge them then"
        }
        return step
    }

    /// Applies the changes to the throw-away world, so that what is planned next meets them.
    /// - Returns: what an expert should know when that world refuses one; empty otherwise.
    private func rehearse(_ plan: ActionPlan) async -> String {
        guard let overlay, (plan.verdicts.map(\.verdict).max() ?? .allow) < .refuse else { return "" }
        for planned in plan.changes {
            if case .failed(let fault) = await overlay.send(planned.change), planned.semantics != .bestEffort {
                return "the rehearsal world refuses “\(planned.summary)”: \(fault.report)"
            }
        }
        return ""
    }

    private mutating func noteExpiry(_ state: PlaybookState, _ request: ActionRequest) {
        guard let expires = request.expires else {
            if state.expires != nil {
                notes.append(
                    "\(state.name): held for a time that comes only with the run, then \(Self.afterExpiry(state))"
                )
            }
            return
        }
        notes.append("\(state.name): held for \(expires.playbookText), then \(Self.afterExpiry(state))")
    }
}

extension PlanWalk {
    private static func afterExpiry(_ state: PlaybookState) -> String {
        state.onExpiry == .release ? "it is let go by the clock" : "people are told; it stays held"
    }
}

// MARK: - Failures

extension PlanWalk {
    private mutating func failed(_ place: PlanFlow.Place, _ error: ActionFault) {
        let state = place.state
        guard case .action(let call) = state.kind else {
            if !place.isConditional { fault = fault ?? error }
            return
        }
        steps.append(
            StepPlan(
                state: state.name,
                action: call.name,
                status: .failed,
                isConditional: place.isConditional,
                note: "\(error.report)"
            )
        )
        guard !place.isConditional else {
            if call.provesContainment {
                notes.append("\(state.name): its containment cannot be planned: \(error.report.what)")
            }
            return
        }
        let isCaught = state.catches.contains { $0.errors.contains("any") || $0.errors.contains(error.name) }
        if !isCaught { isBroken = true }
        // A catch may bear a capture that fails. A containment that cannot even be planned is not what was asked for.
        if !isCaught || call.actionClass == .contain { fault = fault ?? error }
    }

    private static func noBranch(_ state: PlaybookState) -> ActionFault {
        ActionFault(
            "NoChoiceMatched",
            FaultReport(
                code: "STEP-004",
                what: "no branch of “\(state.name)” holds for this finding, and it has no “otherwise”",
                location: "\(state.mark)",
                remedy: "add “otherwise: STATE” for every finding that no branch is for"
            )
        )
    }
}
