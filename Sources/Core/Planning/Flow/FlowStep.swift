internal import Expressions
internal import Playbooks
internal import Vocabulary

/// One state seen from what is known on entering it: where it can lead, and what is known there.
struct FlowStep: Sendable {
    struct Exit: Sendable {
        var target: PlaybookState.Successor
        var knowledge: FlowKnowledge
    }

    let scope: ExpressionScope
    private(set) var outlook = PlanFlow.Outlook.runs
    /// Whether its own `when` hangs on what is not known.
    private(set) var isOpen = false
    private(set) var exits: [Exit] = []
    /// Where the run goes unless the state fails; nil when nothing comes or it is open.
    private(set) var certainNext: String?

    private let state: PlaybookState
    private let known: FlowKnowledge

    init(_ state: PlaybookState, _ known: FlowKnowledge, scope: ExpressionScope) {
        self.state = state
        self.known = known
        self.scope = scope
        do throws(ExpressionFault) {
            try enter()
        } catch {
            outlook = .fails(error)
            catches(naming: "Invalid")
        }
    }

    private mutating func enter() throws(ExpressionFault) {
        if let condition = state.condition {
            switch try TemplateRenderer(scope).holds(condition) {
            case false?:
                outlook = .skipped
                return lead(to: state.next, known)
            case true?: break
            case nil:
                isOpen = true
                exits.append(Exit(target: state.next, knowledge: known))
            }
        }
        switch state.kind {
        case .action(let call): act(call)
        case .choice(let branches, let otherwise): try choose(branches, otherwise)
        case .set(let members): try set(members)
        case .wait:
            var after = known
            after.leave(.null, of: state.name)
            lead(to: state.next, after)
        case .succeed, .fail: break
        }
    }

    private mutating func lead(to target: PlaybookState.Successor, _ knowledge: FlowKnowledge) {
        exits.append(Exit(target: target, knowledge: knowledge))
        if case .state(let name) = target { certainNext = name }
    }

    /// What an action leaves comes with it only.
    private mutating func act(_ call: PlaybookState.ActionCall) {
        catches(naming: nil, after: call)
        var after = known
        after.wait(for: ["states", state.name], after: state.name)
        contain(call, &after)
        lead(to: state.next, after)
    }

    private func contain(_ call: PlaybookState.ActionCall, _ knowledge: inout FlowKnowledge) {
        guard call.actionClass == .contain else { return }
        knowledge.wait(for: ["run", "containment"], after: state.name)
    }

    /// `error`: the one that certainly comes; nil for any.
    private mutating func catches(naming error: String?, after call: PlaybookState.ActionCall? = nil) {
        for rule in state.catches {
            let isFor = error.map { rule.errors.contains($0) || rule.errors.contains("any") } ?? true
            guard isFor else { continue }
            var after = known
            after.wait(for: ["run", "error"], after: state.name)
            if let binding = rule.binding { after.wait(for: [binding], after: state.name) }
            if let call { contain(call, &after) }
            guard error == nil else { return lead(to: .state(rule.next), after) }
            exits.append(Exit(target: .state(rule.next), knowledge: after))
        }
    }

    private mutating func choose(
        _ branches: [PlaybookState.Branch],
        _ otherwise: PlaybookState.Successor?
    ) throws(ExpressionFault) {
        var after = known
        after.leave(.null, of: state.name)
        var isUndecided = false
        for branch in branches {
            switch try TemplateRenderer(scope).holds(branch.condition) {
            case false?: continue
            case nil:
                isUndecided = true
                exits.append(Exit(target: branch.next, knowledge: after))
            case true?: return settle(branch.next, after, isUndecided)
            }
        }
        if let otherwise { return settle(otherwise, after, isUndecided) }
        if !isUndecided { outlook = .noBranch }
    }

    /// A branch is certain only when none before it is undecided.
    private mutating func settle(_ target: PlaybookState.Successor, _ after: FlowKnowledge, _ isUndecided: Bool) {
        guard isUndecided else { return lead(to: target, after) }
        exits.append(Exit(target: target, knowledge: after))
    }

    private mutating func set(_ members: [ValueTemplate.Member]) throws(ExpressionFault) {
        let renderer = TemplateRenderer(scope)
        var after = known
        var values = JSONObject()
        var waited: [String] = []
        for member in members {
            let rendered = try renderer.render(member.value)
            after.set(member.name, to: rendered.value, waitingFor: rendered.waitsFor, in: state.name)
            values[member.name] = rendered.value
            waited += rendered.waitsFor
        }
        after.leave(.object(values), of: state.name)
        for other in waited { after.wait(for: ["states", state.name], after: other) }
        lead(to: state.next, after)
    }
}
