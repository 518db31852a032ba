import NetworkReach
import Testing
import Vocabulary

/// Selectors as the API defines them.
@Suite("label selectors")
struct LabelSelectorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var requirement: LabelRequirement
        var value: String?
        var holds: Bool
        var testDescription: String { "\(requirement.operator) \(requirement.values) for \(value ?? "absent")" }
    }

    static let rows = [
        Row(requirement: .init("k", .isIn, ["a", "b"]), value: "a", holds: true),
        Row(requirement: .init("k", .isIn, ["a", "b"]), value: "c", holds: false),
        Row(requirement: .init("k", .isIn, ["a"]), value: nil, holds: false),
        Row(requirement: .init("k", .isNotIn, ["a"]), value: "a", holds: false),
        Row(requirement: .init("k", .isNotIn, ["a"]), value: "b", holds: true),
        Row(requirement: .init("k", .isNotIn, ["a"]), value: nil, holds: true),
        Row(requirement: .init("k", .exists), value: "", holds: true),
        Row(requirement: .init("k", .exists), value: nil, holds: false),
        Row(requirement: .init("k", .doesNotExist), value: nil, holds: true),
        Row(requirement: .init("k", .doesNotExist), value: "", holds: false),
        Row(requirement: .init("k", .unknown), value: nil, holds: true),
    ]

    @Test("a requirement holds exactly as the API server says", arguments: rows)
    func requirement(_ row: Row) {
        #expect(row.requirement.holds(for: row.value) == row.holds)
    }

    @Test("an absent or null selector is no selector, an empty one selects everything")
    func emptiness() {
        #expect(LabelSelector(json: nil) == nil)
        #expect(LabelSelector(json: .null) == nil)
        #expect(LabelSelector(json: [:])?.matches([:]) == true)
        #expect(LabelSelector(json: ["matchLabels": .null, "matchExpressions": .null])?.isEmpty == true)
    }

    @Test("an operator that the API does not know may select anything")
    func unknownOperator() {
        let selector = LabelSelector(json: ["matchExpressions": [["key": "a", "operator": "Near", "values": ["b"]]]])
        #expect(selector?.matches([:]) == true)
    }

    @Test("a contradictory selector is known to match nothing")
    func contradiction() {
        let never: JSONValue = [
            "matchLabels": ["app": "a"], "matchExpressions": [["key": "app", "operator": "NotIn", "values": ["a"]]],
        ]
        #expect(LabelSelector(json: never)?.isSatisfiable == false)
        let both = LabelSelector([.init("app", .exists), .init("app", .doesNotExist)])
        #expect(!both.isSatisfiable)
        #expect(LabelSelector([.init("app", .exists), .init("app", .isNotIn, ["a", "other"])]).isSatisfiable)
    }
}
