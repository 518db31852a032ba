import Envelopes
import Findings
import TestSupport
import Testing
import Vocabulary

@Suite("Hostile input is classified")
struct HostileInputTests {
    @Test("ten thousand levels of JSON are one reject, and what follows is taken")
    func deep() {
        for open in ["[", #"{"a":"#] {
            let text = String(repeating: open, count: 10_000) + "\n" + Sample.alert("R")
            #expect(Taken(text).words == ["reject FALCO-001", "alert R"])
        }
    }

    @Test("a record that is too large is one reject that keeps its beginning")
    func large() throws {
        let taken = Taken(
            Array(repeating: UInt8(ascii: "x"), count: 17 << 20) + Array("\n\(Sample.alert("R"))".utf8),
            pieces: 1 << 20
        )
        #expect(taken.words == ["reject ENVELOPE-006", "alert R"])
        let reject = try #require(taken.rejects.first)
        #expect(
            reject.place == InputPlace(offset: 0, length: 17 << 20) && reject.isCut && reject.original.count == 1_024
        )
    }

    @Test("gzip inside of gzip inside of an envelope is refused")
    func nested() throws {
        let inner = Base64.encode(try Sample.gzip(Sample.alert("R")))
        let outer = Base64.encode(try Sample.gzip(#"{"Records":[{"kinesis":{"data":"\#(inner)"}}]}"#))
        #expect(Taken(#"{"Records":[{"kinesis":{"data":"\#(outer)"}}]}"#).words == ["reject ENVELOPE-007"])
    }

    @Test("an alert in ever more layers is refused in the end")
    func layers() {
        var text = Sample.alert("R")
        for _ in 0..<20 { text = #"{"log":\#(Sample.quoted(text))}"#.count > 1 << 20 ? text : #"{"log":\#(text)}"# }
        #expect(Taken(text).words.first?.hasPrefix("alert") == false)
    }

    @Test("damaged input is classified, whatever the damage, and sound neighbours come out")
    func damage() throws {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? 7)
        let alert = Sample.alert("R")
        let samples = [
            Array(alert.utf8), Array(Sample.subscription([alert, alert]).utf8),
            Array(try Sample.lambda(Sample.subscription([alert])).utf8), try Sample.gzip(alert),
            Array("2026-05-01T10:00:00Z stdout P \(alert)".utf8),
        ]
        for round in 0..<1_000 {
            var bytes = samples.randomElement(using: &chance) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &chance) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &chance)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                default: bytes = Array(bytes[..<place])
                }
            }
            let whole = Taken(bytes)
            #expect(whole.words == Taken(bytes, pieces: 5).words, "round \(round)")
            // Bytes that begin as gzip make the whole input one; everything else ends with its line.
            guard bytes.first != 0x1f else { continue }
            #expect(Taken(bytes + Array("\n\(Sample.alert("Next"))\n".utf8)).words.last != "blank", "round \(round)")
        }
    }

    @Test("random bytes are classified")
    func random() {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? 3)
        for count in [1, 10, 1_000, 100_000] {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
            for item in Taken(bytes).items { #expect(item.surroundings == nil) }
        }
    }

    @Test("inputs that fuzzing kept are still classified, in pieces as in one")
    func kept() throws {
        let folder = PackageFolder.path + "/Tests/Fuzz/Envelopes/corpus/"
        var alerts = 0
        for name in try Files.names(in: folder) {
            let bytes = try Files.bytes(folder + name)
            let taken = Taken(bytes)
            #expect(taken.words == Taken(bytes, pieces: 3).words, "\(name)")
            alerts += taken.alerts.count
        }
        #expect(alerts > 5)
    }
}
