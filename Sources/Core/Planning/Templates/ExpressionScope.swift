package import Expressions
package import Vocabulary

/// What the expressions of a run can see, and which of it nobody knows yet.
package struct ExpressionScope: Sendable {
    /// A value that a state brings only when it has run.
    package struct Late: Sendable, Hashable, Codable {
        /// From the variable down: `["run", "containment"]`.
        package var path: [String]
        package var state: String

        package init(_ path: [String], after state: String) {
            self.path = path
            self.state = state
        }
    }

    package var variables: [String: CELValue]
    package var late: [Late]
    /// Where the rules of named time zones come from.
    package var zones: ZoneProvider

    package init(
        variables: [String: CELValue] = [:],
        late: [Late] = [],
        zones: @escaping ZoneProvider = { _ in nil }
    ) {
        self.variables = variables
        self.late = late
        self.zones = zones
    }

    package subscript(variable: String) -> JSONValue? {
        // A variable that has no JSON form cannot be set through this door, so none is read through it either.
        get { variables[variable].flatMap { try? $0.json() } }
        set { variables[variable] = newValue.map { CELValue($0) } }
    }

    /// States whose results the expression needs; empty when all is known.
    package func statesNeeded(by expression: CompiledExpression) -> [String] {
        var states: [String] = []
        for reference in expression.references {
            for value in late where Self.overlap(reference.path, value.path) && !states.contains(value.state) {
                states.append(value.state)
            }
        }
        return states
    }

    /// One is the beginning of the other: `run` needs `run.containment`, and so does `run.containment.x`.
    private static func overlap(_ left: [String], _ right: [String]) -> Bool {
        zip(left, right).allSatisfy { $0 == $1 }
    }
}

extension ExpressionScope {
    /// Sets one member of `run`, and leaves the others as they are.
    package mutating func setRun(_ member: String, _ value: JSONValue) {
        var run = self["run"]?.object ?? JSONObject()
        run[member] = value
        self["run"] = .object(run)
    }

    /// What the run is about, as the start of the run found it.
    package var incidentKey: String { self["run"]?["incident"]?.string ?? "" }
}
