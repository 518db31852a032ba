import Envelopes
import TestSupport
import Testing

@Suite("Parts of lines")
struct PartTests {
    private static let long = Sample.alert("Long", filler: 40_000)
    private static let short = Sample.alert("Short")

    /// The long alert cut as runtimes do.
    private static let parts: [String] = {
        let bytes = Array(long.utf8)
        return stride(from: 0, to: bytes.count, by: 16_384).map {
            String(decoding: bytes[$0..<min(bytes.count, $0 + 16_384)], as: UTF8.self)
        }
    }()

    private static func cri(_ tag: String, _ text: String, _ stream: String = "stdout") -> String {
        "2026-05-01T10:00:00Z \(stream) \(tag) \(text)\n"
    }

    private static func record(_ text: String, _ members: String) -> String {
        #"{"log":\#(Sample.quoted(text)),\#(members)}"#
    }

    @Test("containerd's parts are joined, with other streams in between")
    func containerd() {
        let text =
            Self.cri("P", Self.parts[0]) + Self.cri("F", "words", "stderr") + Self.cri("P", Self.parts[1])
            + Self.cri("F", Self.parts[2]) + Self.cri("F", Self.short)
        let taken = Taken(text)
        #expect(taken.words == ["text", "alert Long", "alert Short"])
        #expect(taken.items[1].place.parts == 3 && taken.items[1].place.offset == 0)
    }

    @Test("a part cut inside of a character is joined by its bytes")
    func characters() {
        let bytes = Array(Sample.alert("é").utf8)
        let cut = (bytes.firstIndex(of: 0xc3) ?? 0) + 1
        let text =
            Array("2026-05-01T10:00:00Z stdout P ".utf8) + bytes[..<cut]
            + Array("\n2026-05-01T10:00:00Z stdout F ".utf8) + bytes[cut...]
        #expect(Taken(text).words == ["alert é"])
    }

    @Test("Docker's records without a newline go on in the next")
    func docker() {
        let texts = Self.parts.dropLast() + [Self.parts[2] + "\n"]
        let text = texts.map { Self.record($0, #""stream":"stdout","time":"2026-05-01T10:00:00Z""#) }
        #expect(Taken(text.joined(separator: "\n")).words == ["alert Long"])
    }

    @Test("Fluent Bit's tagged records are joined by instance, container and stream, across messages")
    func tagged() {
        func record(_ tag: String, _ text: String, _ instance: String) -> String {
            Self.record(
                text,
                #""logtag":"\#(tag)","stream":"stdout","ec2_instance_id":"i-0123456789abcdef\#(instance)""#
            )
        }
        let first = [record("P", Self.parts[0], "0"), record("P", Self.parts[0], "1"), record("F", "words", "2")]
        let second = [record("P", Self.parts[1], "1"), record("F", Self.parts[2], "1")]
        let third = [record("P", Self.parts[1], "0"), record("F", Self.parts[2], "0")]
        let text = [first, second, third].map { Sample.subscription($0) }.joined()
        #expect(Taken(text).words == ["text", "alert Long", "alert Long"])
    }

    @Test("records without a tag are joined when they are as long as runtimes cut")
    func untagged() {
        #expect(Taken(Sample.subscription(Self.parts + [Self.short])).words == ["alert Long", "alert Short"])
        let records = Self.parts.map { Self.record($0, #""stream":"stdout","kubernetes":{}"#) }
        #expect(Taken(Sample.subscription(records)).words == ["alert Long"])
    }

    @Test("numbered parts are joined in every order, and one that comes twice counts once")
    func numbered() {
        func record(_ index: Int) -> String {
            let last = index == 2 ? "true" : "false"
            return Self.record(
                Self.parts[index],
                #""partial_message":"true","partial_id":"p","partial_ordinal":"\#(index + 1)","partial_last":"\#(last)""#
            )
        }
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 0, 2, 1], [2, 0, 2, 1]] {
            let records = order.map(record) + [Self.short]
            #expect(Taken(records.joined(separator: "\n")).words == ["alert Long", "alert Short"], "\(order)")
        }
        #expect(
            Taken([record(0), Self.short, record(2)].joined(separator: "\n")).words == [
                "alert Short", "reject ENVELOPE-008",
            ]
        )
    }

    @Test("a line whose rest never comes is a reject that holds what came")
    func lostEnd() throws {
        let taken = Taken(Self.cri("P", Self.parts[0]) + Self.cri("F", Self.short) + Self.cri("P", Self.parts[0]))
        #expect(taken.words == ["reject ENVELOPE-008", "alert Short", "reject ENVELOPE-008"])
        let rest = Self.cri("P", Self.parts[1]) + Self.cri("F", Self.parts[2])
        #expect(Taken(taken.rejects[0].original + [0x0a] + Array(rest.utf8)).words == ["alert Long"])
    }

    @Test("open lines are bounded in number and size")
    func bounds() {
        let many = (0..<100).map {
            Self.record("{", #""logtag":"P","stream":"stdout","hostname":"n\#($0)""#)
        }
        let taken = Taken(many.joined(separator: "\n"))
        #expect(taken.words == Array(repeating: "reject ENVELOPE-008", count: 100))
        let huge = String(repeating: Self.cri("P", String(repeating: "x", count: 16_384)), count: 70)
        #expect(Taken(huge).words.first == "reject ENVELOPE-006")
    }
}
