import Expressions
import Testing
import Vocabulary

@Suite("Reading expressions")
struct ParserTests {
    @Test(
        "a literal means the scalars or bytes that its escapes say",
        arguments: [
            (#"'\x41\101\u0042\U0001F525\n\?\`'"#, .string("AAB\u{1F525}\n?`")), (#"r'\n'"#, .string("\\n")),
            (#"'''it's'''"#, .string("it's")), ("\"\"\"a\nb\"\"\"", .string("a\nb")),
            (#"b'\xff\377é'"#, .bytes([255, 255, 0xc3, 0xa9])),
            (#"bR'\x'"#, .bytes([92, 120])), ("'a\0b'", .string("a\0b")), (".5e1", .double(5)), ("1e-2", .double(0.01)),
            ("0x10", .int(16)), ("1 // one\n + 1", .int(2)), ("{'as': 1}.as", .int(1)),
            ("[,] == [] && {,} == {} && [1,] == [1]", .bool(true)),
        ] as [(String, CELValue)]
    )
    func literals(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source) == expected)
    }

    @Test(
        "what is no expression is refused with the place and a hint",
        arguments: [
            ("", "the expression is empty", 0), ("1 +", "a value is missing before the end of the expression", 3),
            ("a = 1", "“=” is no operator; to compare write “==”", 2),
            ("a & b", "“&” is no operator; for “and” write “&&”", 2),
            ("'open", "the quote that opens here is never closed", 0),
            (#"'\q'"#, "“\\q” is no escape; for a backslash write “\\\\” or put r before the quote", 1),
            (#"'\ud800'"#, "the escape names no character: surrogates and numbers above 10FFFF are none", 7),
            ("(1", "the open parenthesis needs “)” here, not the end of the expression", 2),
            ("1 2", "“2” cannot stand here; the expression was complete before it", 2),
            ("if", "“if” is a reserved word and cannot name a variable", 0),
            (
                "9223372036854775808",
                "“9223372036854775808” does not fit into an int; for an unsigned number write 9223372036854775808u", 0
            ),
            ("99999999999999999999", "“99999999999999999999” does not fit into 64 bits", 0),
            ("1x", "this is no number", 0),
            ("has(a)", "has(…) takes one field selection, such as has(finding.Note)", 0),
            ("[1].map(a.b, 1)", "the first argument of map names the variable: a plain name", 10),
            ("Pod{}", "messages such as Name{…} are not supported; write a map: {'field': value}", 3),
            ("a.in", "a field name must follow the point, not “in”", 2),
            ("“a”", "typographic quotes; strings need \" or '", 0),
        ]
    )
    func refuses(_ source: String, _ message: String, _ offset: Int) {
        let found = fault(of: source)
        #expect(found == ExpressionFault(.parse, message, at: offset))
    }

    @Test(
        "nesting is refused long before the stack ends",
        arguments: [
            String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000),
            String(repeating: "[", count: 10_000), String(repeating: "{1:", count: 10_000),
            String(repeating: "!", count: 10_000) + "true", String(repeating: "-", count: 10_000) + "a",
            "1" + String(repeating: " + 1", count: 10_000), String(repeating: "true ? 1 : ", count: 5_000) + "1",
            "a" + String(repeating: ".b", count: 10_000), "a" + String(repeating: "[0]", count: 10_000),
            String(repeating: "size(", count: 10_000), String(repeating: "[1].map(a, ", count: 5_000),
            String(repeating: "x", count: 70_000),
        ]
    )
    func refusesDepth(_ source: String) {
        #expect(fault(of: source)?.phase == .parse)
    }

    @Test(
        "the nesting that other parsers bear is borne",
        arguments: [
            String(repeating: "(", count: 63) + "1" + String(repeating: ")", count: 63),
            "size(" + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + ")",
            "1" + String(repeating: " + 0", count: 255), String(repeating: "false ? 0 : ", count: 255) + "1",
            "(" + String(repeating: "true && ", count: 2_000) + "true) ? 1 : 0",
            String(repeating: "[1].map(a, ", count: 60) + "1" + String(repeating: ")[0]", count: 60),
            String(repeating: "{1: [optional.of(", count: 20) + "1" + String(repeating: ")][0].value()}[1]", count: 20),
        ]
    )
    func bearsDepth(_ source: String) throws {
        #expect(try CompiledExpression(source).check(CheckTests.schema).faults == [])
        #expect(try evaluate(source) == .int(1))
    }
}
