import TestSupport
import Testing
import Vocabulary

@Suite("JSON is written piece by piece as it is written whole")
struct JSONTextTests {
    @Test("members, arrays, lines and values are the compact text of the same value")
    func writes() {
        var text = JSONText()
        text.beginObject()
        text.add("a", "quote \" and \u{1} and é")
        text.add("missing", nil)
        text.add("n", Int64.min)
        text.add("yes", true)
        text.beginObject("o")
        text.endObject()
        text.beginArray("list")
        text.add("x")
        text.add("")
        text.beginObject()
        text.add("y", -7)
        text.endObject()
        text.add(["z": .double(1.5)])
        text.endArray()
        text.endObject()
        text.endLine()
        text.add("next")
        let value: JSONValue = [
            "a": "quote \" and \u{1} and é", "n": .integer(.min), "yes": true, "o": [:],
            "list": ["x", "", ["y": -7], ["z": .double(1.5)]],
        ]
        #expect(String(decoding: text.finish(), as: UTF8.self) == JSONWriter.compact(value) + "\n\"next\"")
        #expect(text.finish().isEmpty)
    }

    @Test("an object without members is taken back with its comma, another one stays")
    func rewinds() {
        var text = JSONText()
        text.beginObject()
        text.add("a", 1)
        let start = text.mark
        text.beginObject("empty")
        text.endObject(orRewindTo: start)
        #expect(text.count(since: start) == 0)
        let other = text.mark
        text.beginObject("full")
        text.add("b", 2)
        text.endObject(orRewindTo: other)
        #expect(String(decoding: text.bytes(since: other), as: UTF8.self) == #","full":{"b":2}"#)
        text.endObject()
        #expect(String(decoding: text.finish(), as: UTF8.self) == #"{"a":1,"full":{"b":2}}"#)
    }

    @Test("strings of every length around a word are escaped where they must be, and nowhere else")
    func escapes() throws {
        for count in 0..<40 {
            let plain = String(repeating: "a", count: count)
            #expect(JSONWriter.compact(.string(plain)) == "\"\(plain)\"")
            for place in 0..<count {
                for special in ["\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "\u{80}", " ", "!", "~"] {
                    let text = plain.prefix(place) + special + plain.dropFirst(place + 1)
                    let written = JSONWriter.compact(.string(String(text)))
                    #expect(try JSONReader.parse(written) == .string(String(text)))
                    let isEscaped = written.utf8.contains(UInt8(ascii: "\\"))
                    #expect(
                        isEscaped == (special.utf8.allSatisfy { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c || $0 == 0x7f })
                    )
                }
            }
        }
    }

    @Test("what is appended to bytes leaves them as they were, however long either is")
    func appends() {
        var bytes = Array("before ".utf8)
        var expected = "before "
        for count in [1, 200, 3_000, 20_000] {
            let value = JSONValue.array((0..<count).map { .integer(Int64($0)) })
            JSONWriter.append(value, to: &bytes)
            expected += "[" + (0..<count).map { String($0) }.joined(separator: ",") + "]"
            #expect(String(decoding: bytes, as: UTF8.self) == expected)
        }
    }
}
