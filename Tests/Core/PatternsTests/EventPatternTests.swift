import Patterns
import TestSupport
import Testing
import Vocabulary

@Suite("Event patterns")
struct EventPatternTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var pattern: String
        var event: String
        var isMatch: Bool

        init(_ pattern: String, _ event: String, _ isMatch: Bool) {
            self.pattern = pattern
            self.event = event
            self.isMatch = isMatch
        }

        var testDescription: String { "\(pattern) on \(event)" }
    }

    static let rows: [Row] = [
        Row(#"{"a":["x"]}"#, #"{"a":"x"}"#, true),
        Row(#"{"a":["x"]}"#, #"{"a":{"x":1}}"#, false),
        Row(#"{"a.b":["x"]}"#, #"{"a":{"b":"x"}}"#, true),
        Row(#"{"a":{"b":["x"],"c":["y"]}}"#, #"{"a.b":"x","a":{"c":"y"}}"#, true),
        Row(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a.b":"x"}"#, false),
        Row(#"{"a":{"b":["x"],"c":["y"]}}"#, #"{"a":[{"b":"x","c":"z"},{"b":"q","c":"y"}]}"#, false),
        Row(#"{"a":{"b":["x"],"c":["y"]}}"#, #"{"a":[[{"b":"q"}],[{"b":"x","c":"y"}]]}"#, true),
        Row(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":[{"c":1},{"b":2}]}"#, false),
        Row(#"{"a":{"b":["x"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"x"},{"c":2}]}"#, true),
        Row(#"{"a":{"b":["x"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"x","c":1},{"d":2}]}"#, false),
        Row(#"{"a":{"b":["x",{"exists":false}],"c":["y"]}}"#, #"{"a":[{"c":"y"}]}"#, true),
        Row(#"{"n":[9007199254740993]}"#, #"{"n":9007199254740992}"#, false),
        Row(#"{"n":[9007199254740993]}"#, #"{"n":9007199254740993}"#, true),
        Row(#"{"n":[300]}"#, #"{"n":3.0e2}"#, true),
        Row(#"{"ip":["10.0.0.1"]}"#, #"{"ip":"010.0.0.1"}"#, true),
        Row(#"{"ip":[{"cidr":"10.0.0.0/8"}]}"#, #"{"ip":"::ffff:0a01:0203"}"#, true),
        Row(#"{"ip":[{"anything-but":"10.0.0.1"}]}"#, #"{"ip":"10.0.0.1"}"#, false),
        Row(#"{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}"#, #"{"a":"y"}"#, true),
        Row(#"{"a":[{"wildcard":"*a*b\\*"}]}"#, #"{"a":"xxaxxb*"}"#, true),
        Row(#"{"a":[{"wildcard":"ab*ba"}]}"#, #"{"a":"aba"}"#, false),
        Row(#"{"a":[{"equals-ignore-case":"straße"}]}"#, #"{"a":"STRASSE"}"#, true),
        Row(#"{"caf\u00e9":["x"]}"#, "{\"cafe\u{301}\":\"x\"}", false),
        Row(#"{"caf\u00e9":["x"],"cafe\u0301":["y"]}"#, "{\"caf\u{e9}\":\"x\",\"cafe\u{301}\":\"y\"}", true),
    ]

    @Test("a pattern matches what the rule engine matches", arguments: rows)
    func matches(_ row: Row) throws {
        let pattern = try EventPattern(JSONReader.parse(row.pattern))
        #expect(try pattern.matches(JSONReader.parse(row.event)) == row.isMatch)
    }

    @Test(
        "a pattern that the service refuses is refused with its place",
        arguments: [
            (#"{}"#, "top level"), (#"{"a":{"b":[]}}"#, "a.b"), (#"{"a":[{"prefix":""},{"foo":1}]}"#, "a.1.foo"),
            (#"{"a":[{"numeric":["<",3,">",1]}]}"#, "a.0.numeric"), (#"{"$or":[{"a":["x"]}]}"#, "$or"),
            (#"{"$or":{"a":["x"]}}"#, "$or"), (#"{"a":[{"anything-but":{"prefix":[]}}]}"#, "a.0.anything-but.prefix"),
            (#"{"a":[{"cidr":"::ffff:0a00:0/104"}]}"#, "a.0.cidr"),
            (#"{"$or":[{"x":{"prefix":["a"]}},{"b":["c"]}]}"#, "x"),
        ]
    )
    func refuses(_ pattern: String, _ place: String) throws {
        let document = try JSONReader.parse(pattern)
        let fault = #expect(throws: PatternFault.self) { try EventPattern(document) }
        #expect(fault?.report.code == "PATTERN-001")
        #expect(fault?.report.location == "pattern, \(place)" || fault?.report.location == "pattern, top level")
    }

    @Test("a refused pattern says what, where and how to put it right")
    func sentence() throws {
        let fault = #expect(throws: PatternFault.self) { try EventPattern(["a": "x"]) }
        #expect(
            fault?.description
                == "PATTERN-001 a field holds an object or an array of alternatives (at pattern, a). "
                + "Fix: write it as an EventBridge event pattern: fields hold arrays of alternatives"
        )
    }

    @Test("more combinations than the service takes are refused before they are built")
    func combinations() throws {
        var members = JSONObject()
        for index in 0..<12 { members["f\(index)"] = ["$or": [["a": ["x"]], ["b": ["y"]]]] }
        let fault = #expect(throws: PatternFault.self) { try EventPattern(.object(members)) }
        #expect(fault?.report.code == "PATTERN-002")
    }

    @Test("a wildcard of many stars and a match over many elements stay quick")
    func linearWork() throws {
        let stars = String(repeating: "a*", count: 2_000) + "b"
        let wildcard = try EventPattern(["a": [["wildcard": .string(stars)]]])
        #expect(!wildcard.matches(["a": .string(String(repeating: "a", count: 200_000))]))
        let absent = try EventPattern(["a": ["b": [["exists": false]], "c": ["x"]]])
        var elements = [JSONValue](repeating: ["c": "y"], count: 50_000)
        elements.append(["b": 1])
        #expect(!absent.matches(["a": .array(elements)]))
    }

    @Test("an explanation names the first field that did not match and what was found")
    func explains() throws {
        let pattern = try EventPattern(["a": ["x"], "b": ["c": [["numeric": [">", 5]]]]])
        let explanation = pattern.explain(["a": "x", "b": [["c": 1], ["c": 2]]])
        #expect(explanation.path == "b.c")
        #expect(explanation.found == [1, 2])
        #expect(explanation.sentence == "b.c is 1, 2")
        #expect(pattern.explain(["b": ["c": 9]]).sentence == "a is not in the event")
        let split = try EventPattern(["a": ["b": ["x"], "c": ["y"]]])
        #expect(split.explain(["a": [["b": "x"], ["c": "y"]]]).path == nil)
    }

    @Test("no pattern and no event crashes the matcher", arguments: 0..<20)
    func survivesNonsense(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let document = Nonsense.value(&random, depth: 4)
            guard let pattern = try? EventPattern(document) else { continue }
            let event = Nonsense.value(&random, depth: 4)
            #expect(pattern.explain(event).isMatch == pattern.matches(event), "seed \(seed)")
        }
    }
}
