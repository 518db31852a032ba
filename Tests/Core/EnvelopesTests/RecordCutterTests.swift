import Envelopes
import TestSupport
import Testing

@Suite("Where records begin and end")
struct RecordCutterTests {
    /// Cuts as the feed does: a piece at a time, dropping what is done.
    static func records(_ text: [UInt8], pieces: Int) -> [String] {
        var cutter = RecordCutter()
        var buffer: [UInt8] = []
        var records: [String] = []
        var given = 0
        while true {
            while let cut = cutter.next(in: buffer, isEnd: given == text.count) {
                records.append(String(decoding: buffer[cut.range], as: UTF8.self))
            }
            buffer.removeFirst(cutter.finished)
            cutter.drop(cutter.finished)
            if given == text.count { return records }
            let end = min(text.count, given + pieces)
            buffer += text[given..<end]
            given = end
        }
    }

    @Test(
        "lines, documents over lines and documents without newlines are told apart, in pieces of any size",
        arguments: [
            ("a\nb\n", ["a", "b"]),
            ("a\n\nb", ["a", "", "b"]),
            ("{\"a\":1}\n{\"b\":2}\n", ["{\"a\":1}", "{\"b\":2}"]),
            ("{\n \"a\": [\n1,\n{}]}\nword\n", ["{\n \"a\": [\n1,\n{}]}", "word"]),
            ("{\"a\":\"}{\\\"\"\n}\n", ["{\"a\":\"}{\\\"\"\n}"]),
            ("", []),
        ]
    )
    func kinds(_ text: String, _ expected: [String]) {
        for pieces in [1, 2, 3, 1_000] {
            #expect(Self.records(Array(text.utf8), pieces: pieces) == expected, "\(pieces)")
        }
    }

    @Test("documents back to back without a newline are cut apart or left to the reader together, and none is lost")
    func backToBack() {
        let text = Array(#"{"a":{}}{"b":[1]} {"c":""}"#.utf8)
        for pieces in [1, 5, 1_000] {
            #expect(Self.records(text, pieces: pieces).joined().filter { $0 != " " } == #"{"a":{}}{"b":[1]}{"c":""}"#)
        }
    }

    @Test(
        "a broken document ends with its first line and takes no neighbour with it",
        arguments: [
            #"{"a":"#, #"{"a":1,"#, #"{"a":"b"#, #"{"a":{"b":1}"#, "{", #"{"a" 1"#, "[1,", #"{"a":[1"#, #"{"a":1,"b"#,
        ]
    )
    func broken(_ line: String) {
        for pieces in [1, 4, 1_000] {
            let records = Self.records(Array("\(line)\n{\"rule\":1}\nword\n".utf8), pieces: pieces)
            #expect(records.contains("{\"rule\":1}") && records.contains("word"), "\(line): \(records)")
        }
    }

    @Test("all bytes but line ends and blanks are in exactly one record, for random texts in random pieces")
    func nothingIsLost() {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? 11)
        let words = ["{", "}", "[", "]", "\"", ":", ",", "a", "1", "\n", " ", "\\", "{\"a\":1}", "\n{", "\r\n"]
        for round in 0..<2_000 {
            let text = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in words.randomElement(using: &chance) ?? ""
            }
            .joined()
            let whole = text.filter { !" \n\r\r\n".contains($0) }
            let pieces = Int.random(in: 1...8, using: &chance)
            let found = Self.records(Array(text.utf8), pieces: pieces).joined().filter { !" \n\r\r\n".contains($0) }
            #expect(found == whole, "round \(round): \(text.debugDescription) in pieces of \(pieces)")
        }
    }

    @Test("hostile nesting is looked at a bounded number of times")
    func nesting() {
        let line = Array("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n".utf8)
        let text = Array(repeatElement(line, count: 3_000).joined())
        #expect(Self.records(text, pieces: 65_536).count == 3_000)
    }
}
