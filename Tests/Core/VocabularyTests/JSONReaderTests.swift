import TestSupport
import Testing
import Vocabulary

@Suite("JSON texts are read exactly or refused with a place")
struct JSONReaderTests {
    @Test(
        "what JSON allows is read exactly",
        arguments: [
            (#"{"a":1,"b":[true,null,"x"]}"#, ["a": 1, "b": [true, .null, "x"]]),
            ("9007199254740993", .integer(9_007_199_254_740_993)),
            ("18446744073670260079", .unsigned(18_446_744_073_670_260_079)),
            ("-9223372036854775808", .integer(.min)),
            ("18446744073709551616", .double(18_446_744_073_709_551_616)),
            ("-0.5e-3", .double(-0.0005)),
            (#""\u00e9\ud83d\ude00\/""#, "é😀/"),
            (#""\ud800x""#, "\u{FFFD}x"),
            (#"{"k":1,"k":2}"#, ["k": 2]),
            (" [ ] ", []),
        ] as [(String, JSONValue)]
    )
    func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONReader.parse(text) == value)
    }

    @Test(
        "what JSON does not allow is refused where it stands",
        arguments: [
            ("", .unexpectedEnd, 0), ("{", .unexpectedEnd, 1), ("[1,]", .unexpectedByte(0x5d), 3),
            ("01", .invalidNumber, 0), ("1.", .unexpectedEnd, 2), ("1e999", .invalidNumber, 0),
            ("nul", .unexpectedEnd, 3), ("[1] x", .trailingText, 4), ("\"a\nb\"", .controlCharacter, 2),
            (#""\x""#, .invalidEscape, 1), (#""\u00g0""#, .invalidEscape, 1), ("'a'", .unexpectedByte(0x27), 0),
            ("NaN", .unexpectedByte(0x4e), 0), ("{1:2}", .unexpectedByte(0x31), 1),
        ] as [(String, JSONFault.Reason, Int)]
    )
    func refuses(_ text: String, _ reason: JSONFault.Reason, _ offset: Int) {
        #expect(throws: JSONFault(reason, at: offset)) { try JSONReader.parse(text) }
    }

    @Test("nesting and size have limits")
    func isBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONFault(.tooDeep(limit: 128), at: 128)) { try JSONReader.parse(deep) }
        #expect(throws: JSONFault(.tooLarge(limit: 4), at: 0)) {
            try JSONReader.parse("[1,2]", limits: JSONReader.Limits(bytes: 4))
        }
    }

    @Test("invalid UTF-8 is refused, or replaced when the caller repairs")
    func treatsInvalidUTF8() throws {
        let bytes: [UInt8] = [0x22, 0x61, 0xe9, 0x62, 0x22]
        #expect(throws: JSONFault(.invalidUTF8, at: 1)) { try JSONReader.parse(bytes) }
        #expect(try JSONReader.parse(bytes, limits: JSONReader.Limits(repairsUTF8: true)) == "a\u{FFFD}b")
    }

    @Test("keys that only normalise to the same are different members")
    func comparesKeysByteByByte() throws {
        let value = try JSONReader.parse(#"{"\u00e9":1,"e\u0301":2}"#)
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("random values survive writing and reading", arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func roundTrips(_ seed: UInt64) throws {
        var random = SeededChance(seed: seed)
        for _ in 0..<200 {
            let value = Self.anyValue(&random, depth: 4)
            for style in [JSONWriter.Style.compact, .canonical, .pretty] {
                #expect(try JSONReader.parse(JSONWriter.write(value, style)) == value, "seed \(seed)")
            }
        }
    }

    private static func anyValue(_ random: inout SeededChance, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .unsigned(UInt64.random(in: (1 << 63)...UInt64.max, using: &random))
        case 4: return .double(Double.random(in: -1e9...1e9, using: &random) + 0.5)
        case 5: return .string(anyText(&random))
        case 6: return .array((0..<3).map { _ in anyValue(&random, depth: depth - 1) })
        default:
            let count = Int.random(in: 0..<40, using: &random)
            return .object(JSONObject((0..<count).map { _ in (anyText(&random), anyValue(&random, depth: 0)) }))
        }
    }

    private static func anyText(_ random: inout SeededChance) -> String {
        let alphabet: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{0}", "é", "\u{301}", "😀", "/", "\u{7f}", "z"]
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
        }
        return text
    }
}
