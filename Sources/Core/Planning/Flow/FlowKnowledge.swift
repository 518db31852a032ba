internal import Expressions
internal import Vocabulary

/// What is known of a run's data at one place of its playbook, whichever way led there.
struct FlowKnowledge: Hashable {
    /// Known values only.
    private(set) var vars = JSONObject()
    /// Known outputs only; those of actions never are.
    private(set) var states = JSONObject()
    private(set) var late: Set<ExpressionScope.Late> = []
    /// By variable: the states that may have set it last.
    private var setters: [String: Set<String>] = [:]

    /// The start's scope with all that is known and not known here.
    ///
    /// `order`: of the playbook's states, in which late values name them.
    func scope(from start: ExpressionScope, order: [String: Int]) -> ExpressionScope {
        var scope = start
        scope["vars"] = .object(vars)
        scope["states"] = .object(states)
        scope.late += late.sorted {
            (order[$0.state] ?? .max, $0.path.joined(separator: ".")) < (
                order[$1.state] ?? .max, $1.path.joined(separator: ".")
            )
        }
        return scope
    }

    /// A `set` gave this variable a value, or one that waits for other states.
    mutating func set(_ name: String, to value: JSONValue, waitingFor waited: [String], in state: String) {
        setters[name] = [state]
        forget(["vars", name])
        vars[name] = waited.isEmpty ? value : nil
        for other in waited { late.insert(ExpressionScope.Late(["vars", name], after: other)) }
    }

    /// A state that computes its output from what is known leaves it.
    mutating func leave(_ output: JSONValue, of state: String) {
        forget(["states", state])
        states[state] = output
    }

    /// The member comes with the state only.
    mutating func wait(for path: [String], after state: String) {
        if path.first == "states", path.count == 2 { states[path[1]] = nil }
        late.insert(ExpressionScope.Late(path, after: state))
    }

    private mutating func forget(_ path: [String]) { late = late.filter { $0.path != path } }
}

// MARK: - Joining

extension FlowKnowledge {
    /// What is known when either way may have led here; a value that one of them lacks is not.
    func joined(with other: FlowKnowledge) -> FlowKnowledge {
        var both = self
        both.late.formUnion(other.late)
        both.setters.merge(other.setters) { $0.union($1) }
        both.vars = Self.agreed(vars, other.vars)
        both.states = Self.agreed(states, other.states)
        for name in Self.keys(vars, other.vars) where both.vars[name] == nil {
            for setter in both.setters[name] ?? [] { both.late.insert(.init(["vars", name], after: setter)) }
        }
        for name in Self.keys(states, other.states) where both.states[name] == nil {
            both.late.insert(.init(["states", name], after: name))
        }
        both.dropLateValues()
        return both
    }

    /// What is late on one way is late here, even where the other way knows a value.
    private mutating func dropLateValues() {
        for item in late where item.path.count == 2 {
            if item.path[0] == "vars" { vars[item.path[1]] = nil }
            if item.path[0] == "states" { states[item.path[1]] = nil }
        }
        for item in late where item.path.count == 2 && item.path[0] == "vars" {
            for setter in setters[item.path[1]] ?? [] { late.insert(.init(item.path, after: setter)) }
        }
    }

    private static func agreed(_ left: JSONObject, _ right: JSONObject) -> JSONObject {
        JSONObject(left.filter { $0.value == right[$0.key] }.map { ($0.key, $0.value) })
    }

    private static func keys(_ left: JSONObject, _ right: JSONObject) -> [String] {
        left.keys + right.keys.filter { left[$0] == nil }
    }
}
