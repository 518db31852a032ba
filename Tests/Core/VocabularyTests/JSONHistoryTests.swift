import TestSupport
import Testing
import Vocabulary

@Suite("What JSON was read as, refused for and written as in the first version is so still")
struct JSONHistoryTests {
    /// Recorded with the first version, which walked over single bytes and characters.
    private static let recorded: UInt64 = 6_270_677_994_007_870_597

    @Test("thousands of damaged documents leave the recorded digest")
    func isAsRecorded() { #expect(JSONHistory.digest(documents: 3_000) == Self.recorded) }
}

/// Documents from a seed, most of them damaged, and one number for all that comes of them.
enum JSONHistory {
    static func digest(documents: Int) -> UInt64 {
        var random = SeededGenerator(seed: 20_260_501)
        var digest = Digest()
        for _ in 0..<documents {
            var bytes = Array(document(&random, depth: 4).utf8)
            for _ in 0..<Int.random(in: 0..<3, using: &random) { damage(&bytes, &random) }
            read(bytes, into: &digest)
        }
        return digest.state
    }

    private static func read(_ bytes: [UInt8], into digest: inout Digest) {
        for limits in [JSONReader.Limits(), JSONReader.Limits(bytes: 900, depth: 4, repairsUTF8: true)] {
            do throws(JSONFault) {
                let value = try JSONReader.parse(bytes, limits: limits)
                for style in [JSONWriter.Style.compact, .canonical, .pretty] {
                    digest.add(JSONWriter.write(value, style))
                }
            } catch {
                digest.add("\(error)")
            }
        }
        do throws(JSONFault) {
            let (value, end) = try JSONReader.parsePrefix(bytes, from: bytes.count / 3)
            digest.add("\(end) " + JSONWriter.compact(value))
        } catch {
            digest.add("\(error)")
        }
    }

    private static func document(_ random: inout SeededGenerator, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return ["null", "true", "false"][Int.random(in: 0..<3, using: &random)]
        case 1: return numbers[Int.random(in: 0..<numbers.count, using: &random)]
        case 2: return String(Int64.random(in: .min ... .max, using: &random))
        case 3, 4: return string(&random)
        case 5:
            let parts = (0..<Int.random(in: 0..<5, using: &random)).map { _ in document(&random, depth: depth - 1) }
            return "[" + parts.joined(separator: " ,\n") + "]"
        default:
            var members: [String] = []
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                members.append(string(&random) + "\t: " + document(&random, depth: min(1, depth - 1)))
            }
            return "{ " + members.joined(separator: ",") + "}"
        }
    }

    private static let numbers = [
        "0", "-0", "7", "1.5", "-1e-7", "1E+5", "123456789012345678", "1234567890123456789", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775808", "1e999", "01",
        "1772438659008642592", "0.1e1", "-", "1.",
    ]

    private static func string(_ random: inout SeededGenerator) -> String {
        let count = Int.random(in: 0..<9, using: &random)
        return "\"" + (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined() + "\""
    }

    private static let pieces = [
        "a", "key", "container.id", "a longer stretch without anything", "é", "e\u{301}", "日本", "😀", "\u{7f}", "\u{85}",
        "/",
        #"\""#, #"\\"#, #"\/"#, #"\b\f\n\r\t"#, #"\u0041"#, #"\u00e9"#, #"\ud83d\ude00"#, #"\ud83d"#, #"\ude00\u0041"#,
        #"\u000"#, #"\x"#, "\u{1}", "\n",
    ]

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 5))
        case 2: bytes.insert(contentsOf: [0x5c, 0xef, 0xbb, 0xbf, 0x22].shuffled(using: &random), at: place)
        default: bytes.removeSubrange(place...)
        }
    }
}

/// FNV-1a over texts and their ends.
private struct Digest {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = (state ^ 0xff) &* 0x100_0000_01b3
    }
}
