import Expressions
import Testing
import Vocabulary

@Suite("Operators")
struct OperatorTests {
    @Test(
        "an expression gives the value that its operators mean",
        arguments: [
            ("2 + 3 * 4 - 1", .int(13)), ("(2 + 3) * 4", .int(20)), ("7 / -2", .int(-3)), ("-7 % 3", .int(-1)),
            ("10 - 4 - 3", .int(3)), ("0xfFu", .uint(255)), ("-9223372036854775808", .int(.min)),
            ("1.0 / 0.0", .double(.infinity)), ("0.0 / 0.0", .double(.nan)), ("'a' + 'b'", .string("ab")),
            ("b'a' + b'b'", .bytes([97, 98])), ("[1] + [2]", .list([.int(1), .int(2)])), ("- 5", .int(-5)),
            ("--5", .int(5)), ("!!true", .bool(true)), ("false ? 1 : true ? 2 : 3", .int(2)),
            ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", .bool(true)), ("2 in [1, 2.0]", .bool(true)),
            ("'k' in {'k': null}", .bool(true)), ("type(1u) == uint", .bool(true)),
        ] as [(String, CELValue)]
    )
    func gives(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source) == expected)
    }

    @Test(
        "numbers compare by value whatever their type, other types never mix",
        arguments: [
            ("1 == 1.0", true), ("1u == 1", true), ("1 == 2u", false), ("-1 < 1u", true), ("2u < 2.5", true),
            ("18446744073709551615u > -1", true), ("1 == '1'", false), ("null == false", false),
            ("[1, 2u] == [1.0, 2]", true),
            ("{1: 'a'} == {1u: 'a'}", true), ("{'a': 1} == {'a': 1, 'b': 2}", false), ("0.0 == -0.0", true),
            ("double('NaN') == double('NaN')", false), ("double('NaN') < 1.0", false),
            (#"'\u00e9' == 'e\u0301'"#, false), (#"'\uffff' < '\U00010000'"#, true),
        ]
    )
    func compares(_ source: String, _ expected: Bool) throws {
        #expect(try evaluate(source) == .bool(expected))
    }

    @Test(
        "a deciding side makes the fault on the other side unimportant",
        arguments: [
            ("1 / 0 > 0 || true", true), ("true || nobody.knows", true), ("nobody() && false", false),
            ("'text' && false", false), ("[0, 1].exists(i, 1 / i == 1)", true), ("[0, 1].all(i, 1 / i == 0)", false),
        ]
    )
    func absorbs(_ source: String, _ expected: Bool) throws {
        #expect(try evaluate(source) == .bool(expected))
    }

    @Test(
        "a fault is told in a sentence with its place",
        arguments: [
            ("1 / 0", "division by zero in “/”", 2),
            ("9223372036854775807 + 1", "the result of “+” does not fit into int", 20),
            ("1 + 1.0", "“+” cannot join int and double; convert with int(…)", 2),
            ("'a' < 1", "“<” cannot compare string with int; convert with int(…) or string(…)", 4),
            ("alrt.rule", "no variable is called “alrt”; did you mean “alert”?", 0),
            ("alert.pod.nam", "no member is called “nam”; there are: name, labels", 10),
            ("alert.tags[2]", "the index is outside the list of 2 elements", 10),
            ("true && 1", "“&&” joins bools, but this is a value of type int", 0),
            ("{'a': 1, 'a': 2}", "the key “a” stands twice in the map", 0),
            ("{0: 1, 0u: 2}", "the key “0” stands twice in the map", 0),
            ("shout('a')", "no function is called “shout”", 0),
            ("'a'.size(1)", "string has no function size(int)", 4),
            ("[1].map(i, i / 0)", "division by zero in “/”", 13),
            ("optional.none().value()", "the optional is empty; guard it with hasValue() or orValue(…)", 16),
        ]
    )
    func explains(_ source: String, _ message: String, _ offset: Int) {
        let found = fault(of: source, incident)
        #expect(found?.message == message)
        #expect(found?.offset == offset)
        #expect(found?.phase == .evaluate)
    }

    @Test("the report of a fault names code, place and remedy")
    func reports() {
        let report = fault(of: "1 / 0")?.report
        #expect(
            report?.description
                == "EXPRESSION-003 division by zero in “/” (at expression, character 3). Fix: guard what may be absent "
                + "with has(…) or orValue(…), and convert types explicitly"
        )
    }

    @Test("equal maps of many keys find each other whatever their order")
    func largeMaps() throws {
        var one = CELMap()
        var other = CELMap()
        for number in 0..<100 { _ = one.insert(.string("k\(number)"), .int(Int64(number))) }
        for number in (0..<100).reversed() { _ = other.insert(.string("k\(number)"), .int(Int64(number))) }
        #expect(one.count == 100)
        #expect(one == other)
        let isInserted = one.insert(.string("k7"), .null)
        #expect(!isInserted)
        #expect(
            try evaluate("a == b && a.k42 == 42 && !('k100' in a)", ["a": .map(one), "b": .map(other)]) == .bool(true)
        )
    }

    @Test("documents pass through an expression unchanged")
    func documents() throws {
        let document: JSONValue = ["a": [1, .double(1.5), .null, true, "x"], "b": ["c": .integer(.max)]]
        #expect(try evaluate("d", ["d": CELValue(document)]).json() == document)
        #expect(CELValue(document).text == #"{"a":[1,1.5,null,true,"x"],"b":{"c":9223372036854775807}}"#)
        #expect(CELValue.null.text == nil)
        #expect(throws: ExpressionFault.self) { try evaluate("{1: 2}").json() }
        #expect(throws: ExpressionFault.self) { try evaluate("[0.0 / 0.0]").json() }
    }
}
