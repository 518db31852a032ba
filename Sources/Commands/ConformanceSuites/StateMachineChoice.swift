internal import Runs
package import Vocabulary

/// The comparison operators of Choice rules.
package struct StateMachineChoice {
    private let flow: StateMachineDataFlow
    private let input: JSONValue

    init(_ flow: StateMachineDataFlow, over input: JSONValue) {
        self.flow = flow
        self.input = input
    }

    /// Whether one rule holds over a document.
    ///
    /// - Returns: nil when the rule cannot be evaluated, as when its variable is not there.
    package static func holds(_ rule: JSONValue, over input: JSONValue) -> Bool? {
        let flow = StateMachineDataFlow(state: [:], context: [:])
        // The caller only asks whether it can be evaluated.
        return try? StateMachineChoice(flow, over: input).holds(rule)
    }

    /// The first rule that holds.
    func firstRule(_ rules: [JSONValue]) throws(StepFailure) -> Int? {
        for (place, rule) in rules.enumerated() where try holds(rule) { return place }
        return nil
    }

    private func holds(_ rule: JSONValue) throws(StepFailure) -> Bool {
        if let parts = rule["And"]?.array {
            for part in parts where try !holds(part) { return false }
            return true
        }
        if let parts = rule["Or"]?.array {
            for part in parts where try holds(part) { return true }
            return false
        }
        if let part = rule["Not"] { return try !holds(part) }
        return try compares(rule)
    }

    private func compares(_ rule: JSONValue) throws(StepFailure) -> Bool {
        guard let path = rule["Variable"], let members = rule.object else {
            throw Self.failure("a rule without Variable")
        }
        let names = ["Variable", "Next", "Comment", "Assign", "Output"]
        guard let test = members.members.first(where: { !names.contains($0.key) }) else {
            throw Self.failure("a rule without an operator")
        }
        if test.key == "IsPresent" { return isPresent(path) == (test.value.bool ?? true) }
        let variable = try flow.value(at: path, in: input)
        guard test.key.hasSuffix("Path") else { return try Self.holds(test.key, variable, test.value) }
        return try Self.holds(String(test.key.dropLast(4)), variable, flow.value(at: test.value, in: input))
    }

    private func isPresent(_ path: JSONValue) -> Bool {
        guard let text = path.string, let parsed = StateMachinePath(text) else { return false }
        return parsed.value(in: parsed.readsContext ? flow.context : input) != nil
    }

    private static func failure(_ cause: String) -> StepFailure {
        StepFailure(StateMachineDataFlow.runtimeError(cause))
    }

    private static func holds(
        _ name: String,
        _ variable: JSONValue,
        _ value: JSONValue
    ) throws(StepFailure) -> Bool {
        switch name {
        case "IsNull": return variable.isNull == (value.bool ?? true)
        case "IsString": return (variable.string != nil) == (value.bool ?? true)
        case "IsNumeric": return (variable.number != nil) == (value.bool ?? true)
        case "IsBoolean": return (variable.bool != nil) == (value.bool ?? true)
        case "IsTimestamp": return (moment(variable) != nil) == (value.bool ?? true)
        case "BooleanEquals":
            guard let left = variable.bool, let right = value.bool else { return false }
            return left == right
        case "StringMatches":
            guard let text = variable.string, let pattern = value.string else { return false }
            return StateMachineGlob(pattern).matches(text)
        default: return try orders(name, variable, value)
        }
    }

    private static func orders(_ name: String, _ left: JSONValue, _ right: JSONValue) throws(StepFailure) -> Bool {
        for (family, order) in [("String", texts), ("Numeric", numbers), ("Timestamp", moments)]
        where name.hasPrefix(family) {
            guard let comparison = comparisons[String(name.dropFirst(family.count))] else { break }
            return order(left, right).map(comparison) ?? false
        }
        throw failure("no operator is called \(name)")
    }

    /// By the sign of left minus right.
    private static let comparisons: [String: @Sendable (Int) -> Bool] = [
        "Equals": { $0 == 0 }, "LessThan": { $0 < 0 }, "LessThanEquals": { $0 <= 0 },
        "GreaterThan": { $0 > 0 }, "GreaterThanEquals": { $0 >= 0 },
    ]

    /// By UTF-16 code units, as the language says.
    private static func texts(_ left: JSONValue, _ right: JSONValue) -> Int? {
        guard let left = left.string, let right = right.string else { return nil }
        if left.utf16.elementsEqual(right.utf16) { return 0 }
        return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
    }

    private static func numbers(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let left = left.integer, let right = right.integer { return left == right ? 0 : left < right ? -1 : 1 }
        guard let left = left.number, let right = right.number else { return nil }
        return left == right ? 0 : left < right ? -1 : 1
    }

    private static func moments(_ left: JSONValue, _ right: JSONValue) -> Int? {
        guard let left = moment(left), let right = moment(right) else { return nil }
        return left == right ? 0 : left < right ? -1 : 1
    }

    /// A timestamp with an upper-case `T` and a `Z` or an offset; others are only strings.
    static func moment(_ value: JSONValue) -> Timestamp? {
        guard let text = value.string, text.utf8.dropFirst(10).first == UInt8(ascii: "T"), !text.utf8.contains(0x7a)
        else { return nil }
        return Timestamp(text)
    }
}

/// A pattern in which `*` stands for any text and `\*` for a star.
struct StateMachineGlob {
    /// Nil is the wildcard.
    private let tokens: [Unicode.Scalar?]

    init(_ pattern: String) {
        var tokens: [Unicode.Scalar?] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            if !isEscaped && scalar == "\\" {
                isEscaped = true
            } else {
                tokens.append(!isEscaped && scalar == "*" ? nil : scalar)
                isEscaped = false
            }
        }
        self.tokens = tokens
    }

    /// Goes back only to the last wildcard, so the time is at most length times length.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var (at, token) = (0, 0)
        var retry: (at: Int, token: Int)?
        while at < scalars.count {
            if token < tokens.count, tokens[token] == nil {
                retry = (at, token + 1)
                token += 1
            } else if token < tokens.count, tokens[token] == scalars[at] {
                (at, token) = (at + 1, token + 1)
            } else if let last = retry {
                retry = (last.at + 1, last.token)
                (at, token) = (last.at + 1, last.token)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == nil }
    }
}
