package import Expressions
package import Playbooks
internal import Vocabulary

/// Where a run can go and what is known at each state, worked out from the playbook and the start alone.
///
/// The way that the run takes unless a step fails is certain as far as conditions are known. What several ways leave
/// behind differently, or what only a state that acts can bring, is late. It goes round until nothing changes any more,
/// so that loops are covered too.
package struct PlanFlow: Sendable {
    /// One state that a run can reach.
    package struct Place: Sendable {
        package var state: PlaybookState
        /// What its expressions see; what nobody knows yet is late.
        package var scope: ExpressionScope
        /// It is reached only when another fails or a later value decides so.
        package var isConditional: Bool
        package var outlook: Outlook

        package init(state: PlaybookState, scope: ExpressionScope, isConditional: Bool, outlook: Outlook) {
            self.state = state
            self.scope = scope
            self.isConditional = isConditional
            self.outlook = outlook
        }
    }

    /// What is known of the state before it runs.
    package enum Outlook: Sendable {
        case runs
        /// Its `when` is not true.
        case skipped
        /// No branch of the choice holds and it has no `otherwise`.
        case noBranch
        case fails(ExpressionFault)
    }

    /// First the certain way in its order, then everything else in file order.
    package private(set) var places: [Place] = []
    /// What the states under `finally` see, wherever the run ended.
    package private(set) var end: ExpressionScope

    private let playbook: Playbook
    private let start: ExpressionScope
    private let order: [String: Int]
    private var knowledge: [String: FlowKnowledge] = [:]
    private var ways: [String: FlowStep] = [:]

    /// `start`: what expressions see before the first state.
    package init(_ playbook: Playbook, start: ExpressionScope) {
        self.playbook = playbook
        self.start = start
        order = Dictionary(playbook.states.enumerated().map { ($1.name, $0) }) { first, _ in first }
        end = start
        guard let first = playbook.states.first else { return }
        explore(from: first.name)
        let certain = certainWay(from: first.name)
        let rest = playbook.states.map(\.name).filter { knowledge[$0] != nil && !certain.contains($0) }
        places = certain.compactMap { place($0, isCertain: true) } + rest.compactMap { place($0, isCertain: false) }
        end = knowledgeAtEnd.scope(from: start, order: order)
    }

    /// Follows every way until no state learns anything new; earlier states first.
    private mutating func explore(from first: String) {
        knowledge[first] = FlowKnowledge()
        var open: Set<String> = [first]
        while let state = playbook.states.first(where: { open.contains($0.name) }) {
            open.remove(state.name)
            let known = knowledge[state.name] ?? FlowKnowledge()
            let step = FlowStep(state, known, scope: known.scope(from: start, order: order))
            ways[state.name] = step
            for exit in step.exits {
                guard case .state(let target) = exit.target, playbook.state(target) != nil else { continue }
                let known = knowledge[target].map { $0.joined(with: exit.knowledge) } ?? exit.knowledge
                guard known != knowledge[target] else { continue }
                knowledge[target] = known
                open.insert(target)
            }
        }
    }

    private func certainWay(from first: String) -> [String] {
        var way: [String] = []
        var next: String? = first
        while let name = next, knowledge[name] != nil, !way.contains(name) {
            way.append(name)
            next = ways[name]?.certainNext
        }
        return way
    }

    private func place(_ name: String, isCertain: Bool) -> Place? {
        guard let state = playbook.state(name), let step = ways[name] else { return nil }
        return Place(
            state: state,
            scope: step.scope,
            isConditional: !isCertain || step.isOpen,
            outlook: step.outlook
        )
    }

    /// A run may end at any state, before the first one too.
    private var knowledgeAtEnd: FlowKnowledge {
        var all = FlowKnowledge()
        for state in playbook.states {
            guard let known = knowledge[state.name], let step = ways[state.name] else { continue }
            for part in [known] + step.exits.map(\.knowledge) { all = all.joined(with: part) }
        }
        return all
    }
}
