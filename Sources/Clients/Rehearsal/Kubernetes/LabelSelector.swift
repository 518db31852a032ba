internal import Vocabulary

/// A label selector: as text in a query, or as an object in a policy.
struct LabelSelector: Sendable, Hashable {
    enum Operator: Sendable, Hashable {
        case isIn, notIn, exists, doesNotExist
    }

    struct Requirement: Sendable, Hashable {
        var key: String
        var operation: Operator
        var values: [String]

        /// A missing key satisfies `notIn` and `doesNotExist`.
        func matches(_ labels: [String: String]) -> Bool {
            switch operation {
            case .isIn: labels[key].map(values.contains) ?? false
            case .notIn: labels[key].map { !values.contains($0) } ?? true
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            }
        }
    }

    var requirements: [Requirement] = []

    func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.matches(labels) } }

    /// A selector in an object; an empty one selects everything.
    init(_ selector: JSONValue) {
        for (key, value) in (selector["matchLabels"]?.texts ?? [:]).sorted(by: { $0.key < $1.key }) {
            requirements.append(Requirement(key: key, operation: .isIn, values: [value]))
        }
        let operators: [String: Operator] = [
            "In": .isIn, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist,
        ]
        for expression in selector["matchExpressions"]?.array ?? [] {
            guard let key = expression["key"]?.string, let operation = operators[expression["operator"]?.string ?? ""]
            else { continue }
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            requirements.append(Requirement(key: key, operation: operation, values: values))
        }
    }

    /// A selector in a query, set-based or by equality.
    init(text: String) throws(StatusAnswer) {
        var parser = LabelSelectorParser(text)
        requirements = try parser.requirements()
    }
}
