import Vocabulary

/// The filters of GetFindings: positive conditions of one attribute are joined by OR, negative ones by AND.
struct FindingFilter {
    private let attributes: [(name: String, conditions: [JSONValue])]
    private let now: Timestamp

    init(_ filters: JSONValue, now: Timestamp) throws(RehearsalRefusal) {
        guard let object = filters.object else { throw Self.wrong("must be an object") }
        guard object.count <= 10 else { throw Self.wrong("at most 10 filter attributes") }
        var attributes: [(name: String, conditions: [JSONValue])] = []
        for member in object {
            guard let conditions = member.value.array else { throw Self.wrong("\(member.key) must be a list") }
            guard conditions.count <= 20 else { throw Self.wrong("at most 20 values of a filter attribute") }
            guard Self.isKnown(member.key) else { throw Self.wrong("unknown attribute \(member.key.prefix(100))") }
            attributes.append((member.key, conditions))
        }
        self.attributes = attributes
        self.now = now
    }

    func selects(_ finding: JSONValue) throws(RehearsalRefusal) -> Bool {
        for attribute in attributes {
            guard try selects(finding, attribute.name, attribute.conditions) else { return false }
        }
        return true
    }

    private func selects(
        _ finding: JSONValue,
        _ name: String,
        _ conditions: [JSONValue]
    ) throws(RehearsalRefusal) -> Bool {
        var isWanted = false
        var anyPositive = false
        for condition in conditions {
            let (isHit, isNegated) = try test(condition, Self.values(finding, name, condition))
            if isNegated {
                if isHit { return false }
            } else {
                anyPositive = true
                isWanted = isWanted || isHit
            }
        }
        return isWanted || !anyPositive
    }

    private func test(_ condition: JSONValue, _ values: [JSONValue]) throws(RehearsalRefusal) -> (Bool, Bool) {
        guard let members = condition.object else { throw Self.wrong("a condition must be an object") }
        if members.contains("Start") || members.contains("End") || members.contains("DateRange") {
            return (try testDates(condition, values), false)
        }
        if members.keys.contains(where: Self.numberTests.contains) {
            return (values.contains { Self.numberHolds(condition, $0) }, false)
        }
        let comparison = condition["Comparison"]?.string ?? "EQUALS"
        guard let (test, isNegated) = Self.stringTests[comparison] else {
            throw Self.wrong("unknown comparison \(comparison.prefix(50))")
        }
        let wanted = condition["Value"]?.string ?? ""
        return (values.contains { test($0.string ?? JSONWriter.compact($0), wanted) }, isNegated)
    }

    private func testDates(_ condition: JSONValue, _ values: [JSONValue]) throws(RehearsalRefusal) -> Bool {
        var lower = try Self.moment(condition["Start"])
        let upper = try Self.moment(condition["End"])
        if let range = condition["DateRange"] {
            guard range["Unit"]?.string == "DAYS", let days = range["Value"]?.integer, (1...36_500).contains(days)
            else {
                throw Self.wrong("DateRange needs Unit DAYS and a Value")
            }
            lower = now.advanced(by: .seconds(-86_400 * days))
        }
        return values.contains { value in
            guard let moment = value.string.flatMap(Timestamp.init(_:)) else { return false }
            return (lower.map { moment >= $0 } ?? true) && (upper.map { moment <= $0 } ?? true)
        }
    }

    private static func moment(_ value: JSONValue?) throws(RehearsalRefusal) -> Timestamp? {
        guard let value else { return nil }
        guard let moment = value.string.flatMap(Timestamp.init(_:)) else { throw wrong("not a date-time") }
        return moment
    }

    private static let numberTests: Set<String> = ["Gte", "Lte", "Eq", "Gt", "Lt"]

    private static func numberHolds(_ condition: JSONValue, _ value: JSONValue) -> Bool {
        guard let number = value.number else { return false }
        let holds: [(String, (Double, Double) -> Bool)] = [("Gte", >=), ("Lte", <=), ("Eq", ==), ("Gt", >), ("Lt", <)]
        return holds.allSatisfy { name, test in condition[name]?.number.map { test(number, $0) } ?? true }
    }

    private static let stringTests: [String: (@Sendable (String, String) -> Bool, Bool)] = [
        "EQUALS": ({ $0.isIdentical(to: $1) }, false), "NOT_EQUALS": ({ $0.isIdentical(to: $1) }, true),
        "PREFIX": ({ $0.utf8.starts(with: $1.utf8) }, false),
        "PREFIX_NOT_EQUALS": ({ $0.utf8.starts(with: $1.utf8) }, true),
        "CONTAINS": ({ $1.isEmpty || $0.contains($1) }, false),
        "NOT_CONTAINS": ({ $1.isEmpty || $0.contains($1) }, true),
        "CONTAINS_WORD": ({ holdsWord($0, $1) }, false),
    ]

    private static func holdsWord(_ text: String, _ word: String) -> Bool {
        var rest = text[...]
        while !word.isEmpty, let range = rest.firstRange(of: word) {
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
            if !isWordCharacter(before) && !isWordCharacter(after) { return true }
            rest = text[text.index(after: range.lowerBound)...]
        }
        return false
    }

    private static func isWordCharacter(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }

    static func sort(_ findings: inout [JSONValue], by criteria: JSONValue?) throws(RehearsalRefusal) {
        for criterion in (criteria?.array ?? []).reversed() {
            guard let field = criterion["Field"]?.string else { throw wrong("SortCriteria needs Field") }
            let path = paths[field] ?? [field]
            let isDescending = criterion["SortOrder"]?.string == "desc"
            let keyed = findings.enumerated().map { (JSONValues.texts($1, path).first ?? "", $0, $1) }
            let sorted = keyed.sorted { left, right in
                if left.0 == right.0 { return left.1 < right.1 }
                return isDescending ? left.0 > right.0 : left.0 < right.0
            }
            findings = sorted.map(\.2)
        }
    }

    static func wrong(_ message: String) -> RehearsalRefusal {
        RehearsalSecurityHub.invalid("Invalid parameter Filters: \(message)")
    }
}
