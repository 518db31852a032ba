internal import Vocabulary

/// Where each state of a playbook can lead.
struct FlowGraph {
    struct Edge: Hashable {
        var target: Int
        /// The place that names the target; nil where a state falls through to the next.
        var mark: SourceMark?
    }

    let states: [PlaybookState]
    /// After a success or a skip.
    private(set) var onward: [[Edge]] = []
    /// After an error.
    private(set) var caught: [[Edge]] = []
    private let places: [String: Int]

    /// Of states that are unreadable (they have problems of their own) every name in them counts as a way out.
    init(_ playbook: Playbook, named: [NamedSuccessor], unreadable: Set<String>) {
        states = playbook.states
        var places: [String: Int] = [:]
        for (place, state) in playbook.states.enumerated() { places[state.name] = place }
        self.places = places
        let marks = Dictionary(grouping: named, by: \.owner)
        for state in playbook.states {
            let own = marks[state.name] ?? []
            onward.append(onwardEdges(of: state, own, isReadable: !unreadable.contains(state.name)))
            caught.append(
                state.catches.compactMap { edge(to: $0.next, own) }.filter { states[$0.target].name != state.name }
            )
        }
    }

    private func onwardEdges(of state: PlaybookState, _ named: [NamedSuccessor], isReadable: Bool) -> [Edge] {
        var successors = [state.next]
        if case .choice(let branches, let otherwise) = state.kind {
            successors = branches.map(\.next)
            if let otherwise { successors.append(otherwise) }
        }
        var edges: [Edge] = []
        for case .state(let name) in successors {
            if let edge = edge(to: name, named) { edges.append(edge) }
        }
        if !isReadable {
            let others = named.filter { !$0.name.isIdentical(to: state.name) }
            edges += others.compactMap { edge(to: $0.name, named) }
        }
        return edges
    }

    private func edge(to name: String, _ named: [NamedSuccessor]) -> Edge? {
        place(of: name).map { Edge(target: $0, mark: named.first { $0.name.isIdentical(to: name) }?.node.mark) }
    }

    /// The state of that name, or the one that was probably meant: one slip should not make others unreachable.
    private func place(of name: String) -> Int? {
        places[name] ?? NearestName.of(name, in: states.map(\.name)).flatMap { places[$0] }
    }

    func edges(from place: Int) -> [Edge] { onward[place] + caught[place] }

    /// All places that can be reached from some, those included; `stops` says behind which to look no further.
    func reach(from starts: [Int], over edges: (Int) -> [Edge], stops: (Int) -> Bool = { _ in false }) -> Set<Int> {
        var reached = Set(starts)
        var waiting = starts
        while let place = waiting.popLast() {
            guard !stops(place) else { continue }
            for edge in edges(place) where reached.insert(edge.target).inserted { waiting.append(edge.target) }
        }
        return reached
    }

    /// What can come after a state, without the state itself unless it is in a loop.
    func after(_ place: Int) -> Set<Int> { reach(from: edges(from: place).map(\.target), over: edges(from:)) }

    func actionClass(_ place: Int) -> ActionManifest.Class? {
        if case .action(let call) = states[place].kind { call.actionClass } else { nil }
    }
}
