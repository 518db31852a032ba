package import Vocabulary

/// One condition of a label selector, with the API's own semantics.
package struct LabelRequirement: Sendable, Hashable, Codable {
    package enum Operator: String, Sendable, Hashable, Codable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
        /// Nothing that the API server takes: holds for every label, because what may select must be reckoned with.
        case unknown
    }

    package var key: String
    package var `operator`: Operator
    package var values: [String]

    package init(_ key: String, _ operator: Operator, _ values: [String] = []) {
        self.key = key
        self.operator = `operator`
        self.values = values
    }

    /// Whether a label of this value, or nil for an absent one, satisfies the requirement.
    package func holds(for value: String?) -> Bool {
        switch `operator` {
        case .isIn: value.map(values.contains) ?? false
        case .isNotIn: !(value.map(values.contains) ?? false)
        case .exists: value != nil
        case .doesNotExist: value == nil
        case .unknown: true
        }
    }
}

/// A conjunction of requirements; without any it selects everything.
package struct LabelSelector: Sendable, Hashable, Codable {
    package var requirements: [LabelRequirement]

    package init(_ requirements: [LabelRequirement] = []) { self.requirements = requirements }

    /// Equality of each pair, as in the selector of a Service.
    package init(matching labels: [String: String]) {
        requirements = labels.sorted { $0.key < $1.key }.map { LabelRequirement($0.key, .isIn, [$0.value]) }
    }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.holds(for: labels[$0.key]) }
    }

    package var isEmpty: Bool { requirements.isEmpty }

    /// Whether any set of labels at all could match.
    ///
    /// Keys are independent, and of each only the absent label, the values named and one other value can differ.
    package var isSatisfiable: Bool {
        let byKey = Dictionary(grouping: requirements, by: \.key)
        return byKey.values.allSatisfy { conditions in
            let named = Set(conditions.flatMap(\.values))
            let candidates: [String?] = [nil, Self.valueBeside(named)] + named.map(Optional.some)
            return candidates.contains { value in conditions.allSatisfy { $0.holds(for: value) } }
        }
    }

    /// A label value that none of these is.
    package static func valueBeside(_ named: Set<String>, startingFrom stem: String = "other") -> String {
        var value = stem
        var turn = 1
        while named.contains(value) {
            turn += 1
            value = "\(stem)-\(turn)"
        }
        return value
    }
}

extension LabelSelector {
    /// Reads a selector of the API; nil when it is absent or null, which often means something else than empty.
    package init?(json: JSONValue?) {
        guard let json, let object = json.object else { return nil }
        var found: [LabelRequirement] = []
        for member in object["matchLabels"]?.object ?? [:] {
            found.append(member.value.string.map { .init(member.key, .isIn, [$0]) } ?? .init(member.key, .unknown))
        }
        for expression in object["matchExpressions"]?.array ?? [] {
            let name = expression["operator"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            found.append(.init(expression["key"]?.string ?? "", .init(rawValue: name) ?? .unknown, values))
        }
        self.init(found)
    }
}

extension LabelSelector: CustomStringConvertible {
    /// As kubectl writes selectors: `app=checkout,tier notin (web)`.
    package var description: String {
        requirements.map { requirement in
            let values = requirement.values.joined(separator: ", ")
            switch requirement.operator {
            case .isIn:
                return requirement.values.count == 1
                    ? "\(requirement.key)=\(values)" : "\(requirement.key) in (\(values))"
            case .isNotIn: return "\(requirement.key) notin (\(values))"
            case .exists: return requirement.key
            case .doesNotExist: return "!\(requirement.key)"
            case .unknown: return "\(requirement.key) ?"
            }
        }
        .joined(separator: ",")
    }
}
