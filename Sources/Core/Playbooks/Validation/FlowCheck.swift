internal import Vocabulary

/// Checks where a run can go: to states that exist, to all of them, to an end, and in a safe order.
struct FlowCheck {
    private let playbook: Playbook
    private let graph: FlowGraph
    private let named: [NamedSuccessor]

    static func diagnostics(
        _ playbook: Playbook,
        named: [NamedSuccessor],
        unreadable: Set<String>
    ) -> [Diagnostic] {
        guard !playbook.states.isEmpty else { return [] }
        let graph = FlowGraph(playbook, named: named, unreadable: unreadable)
        let check = FlowCheck(playbook: playbook, graph: graph, named: named)
        return check.unknownNames + check.unreachable + check.loops + check.evictions + check.delays
    }

    private init(playbook: Playbook, graph: FlowGraph, named: [NamedSuccessor]) {
        self.playbook = playbook
        self.graph = graph
        self.named = named
    }

    private var unknownNames: [Diagnostic] {
        let names = playbook.states.map(\.name)
        var found: [Diagnostic] = []
        for successor in named where playbook.state(successor.name) == nil {
            let advice =
                ["end", "End"].contains(successor.name)
                ? "write “end: true” instead of “next”" : NearestName.advice(successor.name, known: names, none: "")
            found.append(
                Problem.make(
                    "PLAYBOOK-005",
                    "no state is called \(Problem.quoted(successor.name))",
                    at: successor.node.mark,
                    fix: advice
                )
            )
        }
        return found
    }

    private var unreachable: [Diagnostic] {
        let reached = graph.reach(from: [0], over: graph.edges(from:))
        var found: [Diagnostic] = []
        for (place, state) in graph.states.enumerated() where !reached.contains(place) {
            found.append(
                Problem.make(
                    "PLAYBOOK-006",
                    "no state leads to “\(state.name)”",
                    at: state.mark,
                    fix: "name it in “next”, “otherwise” or “catch”, or remove it"
                )
            )
        }
        return found
    }
}

// MARK: - Loops

extension FlowCheck {
    private var loops: [Diagnostic] {
        let after = graph.states.indices.map { graph.after($0) }
        var seen: Set<Int> = []
        var found: [Diagnostic] = []
        for place in graph.states.indices where after[place].contains(place) && !seen.contains(place) {
            let members = after[place].filter { after[$0].contains(place) }
            seen.formUnion(members)
            if let problem = problem(withLoop: members.sorted()) { found.append(problem) }
        }
        return found
    }

    private func problem(withLoop members: [Int]) -> Diagnostic? {
        let names = members.map { graph.states[$0].name }.joined(separator: ", ")
        let subject = members.count == 1 ? "the state \(names) repeats" : "the states \(names) repeat"
        if !members.contains(where: { isWait($0) }) {
            let fix = "put a “wait” into the loop, or use “retry” to try an action again"
            return Problem.make("PLAYBOOK-008", "\(subject) without a wait between", at: closing(members), fix: fix)
        }
        let inside = Set(members)
        let hasExit = members.contains { place in
            graph.edges(from: place).contains { !inside.contains($0.target) } || canEnd(place)
        }
        guard !hasExit else { return nil }
        return Problem.make(
            "PLAYBOOK-008",
            "\(subject) for ever",
            at: closing(members),
            fix: "let a choice or a catch lead out of the loop"
        )
    }

    private func isWait(_ place: Int) -> Bool {
        if case .wait = graph.states[place].kind, graph.states[place].condition == nil { true } else { false }
    }

    private func canEnd(_ place: Int) -> Bool {
        switch graph.states[place].kind {
        case .action, .wait, .set: graph.states[place].next == .end
        case .choice(let branches, let otherwise): branches.contains { $0.next == .end } || otherwise == .end
        case .succeed, .fail: true
        }
    }

    /// The place that sends a run back.
    private func closing(_ members: [Int]) -> SourceMark {
        let inside = Set(members)
        for place in members.reversed() {
            for edge in graph.edges(from: place) where inside.contains(edge.target) && edge.target <= place {
                if let mark = edge.mark { return mark }
            }
        }
        return graph.states[members.first ?? 0].mark
    }
}

// MARK: - Order of classes

extension FlowCheck {
    /// Evictions that a run can reach without having finished a capture.
    private var evictions: [Diagnostic] {
        guard playbook.guardrails.overrideReason == nil else { return [] }
        // A capture counts once it succeeded: only the ways out of its errors lead on unproved.
        let unproved = graph.reach(from: [0]) { place in
            let isCapture = graph.actionClass(place) == .capture && graph.states[place].condition == nil
            return isCapture ? graph.caught[place] : graph.edges(from: place)
        }
        var found: [Diagnostic] = []
        for place in unproved.sorted() {
            guard case .action(let call) = graph.states[place].kind, call.actionClass == .evict else { continue }
            found.append(
                Problem.make(
                    "PLAYBOOK-024",
                    "\(call.name) can run before a capture is durable: the evidence would be gone",
                    at: call.mark,
                    fix: "put a capture before it on every way, or give “guardrails.overrideReason”"
                )
            )
        }
        return found
    }

    /// Captures, records and notices that can keep containment waiting, or from happening at all.
    private var delays: [Diagnostic] {
        let early = graph.reach(from: [0], over: graph.edges(from:)) { isContaining($0) }
        var found: [Diagnostic] = []
        for place in early.sorted() {
            guard case .action(let call) = graph.states[place].kind, !isContaining(place),
                let contained = graph.after(place).sorted().first(where: isContaining)
            else { continue }
            let later = graph.states[contained].name
            let state = graph.states[place]
            if state.timeout == nil {
                found.append(
                    Problem.warn(
                        "PLAYBOOK-030",
                        "“\(state.name)” can keep “\(later)” waiting without a bound",
                        at: call.mark,
                        fix: "give it a “timeout”, or move it behind “\(later)”"
                    )
                )
            }
            if !state.catches.contains(where: { $0.errors.contains(CommonErrors.any) }) {
                found.append(
                    Problem.warn(
                        "PLAYBOOK-030",
                        "when “\(state.name)” fails, “\(later)” never runs",
                        at: call.mark,
                        fix: "add “catch: [{ errors: [any], next: \(later) }]”"
                    )
                )
            }
        }
        return found
    }

    private func isContaining(_ place: Int) -> Bool {
        [.hold, .contain, .evict].contains(graph.actionClass(place))
    }
}
