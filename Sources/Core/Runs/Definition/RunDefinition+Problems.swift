internal import Vocabulary

extension RunDefinition {
    /// Variables of this name are the machine's own.
    package static let reservedNames = ["states", "vars", "run"]

    /// Everything that keeps the machine from running this definition, one sentence each.
    package var problems: [String] {
        var found: [String] = []
        if states.isEmpty { found.append("it has no states") }
        var seen: Set<[UInt8]> = []
        for state in states {
            if !seen.insert(Array(state.name.utf8)).inserted { found.append("two states are called “\(state.name)”") }
            for target in state.targets where self.state(target) == nil {
                found.append("“\(state.name)” leads to “\(target)”, which is no state")
            }
            found += state.problems
        }
        for state in finally { found += state.problems + state.finallyProblems }
        if let timeout, timeout <= .zero { found.append("the run's timeout is not longer than nothing") }
        return found
    }
}

extension StateDefinition {
    /// The names of all states that may come next.
    var targets: [String] {
        var successors = [next]
        if case .choice(let branches, let otherwise) = kind {
            successors = branches
            if let otherwise { successors.append(otherwise) }
        }
        var names = catches.map(\.next)
        for case .state(let name) in successors { names.append(name) }
        return names
    }

    fileprivate var problems: [String] {
        var found: [String] = []
        if !isTask && !(retry.isEmpty && catches.isEmpty) {
            found.append("“\(name)” has retry or catch, which only tasks have")
        }
        for policy in retry where !policy.isSound { found.append("“\(name)” has a retry outside its bounds") }
        for duration in [timeout, heartbeat, approvalWithin, reconcileWithin] {
            if let duration, duration <= .zero { found.append("“\(name)” has a time limit that is not above zero") }
        }
        for policy in catches {
            guard let binding = policy.binding else { continue }
            if RunDefinition.reservedNames.contains(where: { $0.isIdentical(to: binding) }) {
                found.append("“\(name)” binds an error as “\(binding)”, which is taken")
            }
        }
        return found
    }

    fileprivate var finallyProblems: [String] {
        guard catches.isEmpty, isTask || kind == .set else {
            return ["“\(name)” stands in finally, where only tasks and values without catch may be"]
        }
        return []
    }

    var isTask: Bool { if case .task = kind { true } else { false } }
}

extension RetryPolicy {
    fileprivate var isSound: Bool {
        interval >= .zero && attempts >= 0 && attempts <= 99_999_999 && backoff.isFinite && backoff >= 1
            && maxDelay.map { $0 > .zero } ?? true
    }
}
