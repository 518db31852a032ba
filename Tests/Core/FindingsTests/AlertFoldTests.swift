import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

@Suite("Repeats of an incident fold into one finding")
struct AlertFoldTests {
    private let start = Timestamp(nanoseconds: 1_790_000_000_000_000_000)

    private func context() throws -> FalcoContext {
        FalcoContext(
            account: try #require(AccountID("444455556666")),
            region: try #require(RegionName("eu-central-1")),
            cluster: "blue",
            receivedAt: start,
            sha256: SHA256.digest
        )
    }

    private func alert(_ pod: Int, at seconds: Double, port: Int = 40_000) throws -> FalcoAlert {
        let time = start.advanced(by: .seconds(seconds))
        let document: JSONValue = [
            "rule": "Shell", "priority": "Notice", "source": "syscall", "time": .string(time.text(fractionDigits: 9)),
            "output": .string("local port \(port)"),
            "output_fields": [
                "container.id": "4f2e8c11d0aa", "k8s.ns.name": "store", "k8s.pod.name": .string("cart-\(pod)"),
                "fd.name": .string("10.0.0.5:\(port)->203.0.113.7:443"),
            ],
        ]
        return try FalcoAlert.parse(Array(JSONWriter.compact(document).utf8))
    }

    private func after(_ seconds: Double) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    @Test("five thousand alerts of one incident within a minute become one finding in a handful of updates")
    func storm() throws {
        var fold = AlertFold(.init(window: .seconds(10)))
        let context = try context()
        let sample = try alert(0, at: 0)
        var given: [FoldedAlert] = []
        for number in 0..<5_000 {
            let moment = start.advanced(by: .milliseconds(12 * number))
            var one = sample
            one.time = moment
            one.original = Array("\(number)".utf8)
            given += fold.add(one, context, at: moment)
        }
        given += fold.drain()
        #expect(Set(given.map(\.id)).count == 1 && given.count <= 8)
        let last = try #require(given.last)
        #expect(last.repeats.count == 5_000 && last.repeats.first == start)
        let finding = try FalcoMapping.finding(last)
        #expect(finding["ProductFields"]?["falco/count"] == "5000")
        #expect(finding["FirstObservedAt"] == "2026-09-21T14:13:20.000Z")
        #expect(finding["LastObservedAt"] == "2026-09-21T14:14:19.988Z")
        #expect(finding["UpdatedAt"] == "2026-09-21T14:14:19.988Z")
    }

    @Test("the first alert of an incident is given at once, its repeats when the window is over")
    func windows() throws {
        var fold = AlertFold(.init(window: .seconds(30)))
        let context = try context()
        #expect(fold.add(try alert(1, at: 0), context, at: start).map(\.repeats.count) == [1])
        #expect(fold.add(try alert(1, at: 1, port: 40_001), context, at: after(1)).isEmpty)
        #expect(fold.add(try alert(2, at: 2), context, at: after(2)).map(\.repeats.count) == [1])
        #expect(fold.nextDue == after(30) && fold.due(at: after(29)).isEmpty)
        #expect(fold.due(at: after(30)).map(\.repeats.count) == [2])
        // The second pod was quiet: it is forgotten. The first one's next window is open.
        #expect(fold.due(at: after(40)).isEmpty && fold.nextDue == after(60))
        #expect(fold.due(at: after(60)).isEmpty && fold.nextDue == nil)
    }

    @Test("a redelivery changes nothing, and alerts without a time are told apart by their delivery")
    func redeliveries() throws {
        var fold = AlertFold()
        let context = try context()
        let once = try alert(1, at: 0)
        for _ in 0..<3 { _ = fold.add(once, context, at: start) }
        var timeless = try alert(1, at: 1)
        timeless.time = nil
        for delivery in ["a", "a", "b", nil, nil] { _ = fold.add(timeless, context, delivery: delivery, at: start) }
        #expect(fold.redeliveries == 3)
        #expect(fold.drain().map(\.repeats.count) == [5])
    }

    @Test("what comes late counts and moves the finding, but does not show instead of what is newer")
    func lateness() throws {
        var fold = AlertFold(.init(window: .seconds(30)))
        let context = try context()
        let first = fold.add(try alert(1, at: 10), context, at: after(10))
        _ = fold.add(try alert(1, at: 5, port: 40_005), context, at: after(11))
        let second = try #require(fold.due(at: after(40)).first)
        #expect(second.repeats.first == after(5) && second.repeats.last == after(10))
        #expect(second.alert.output == first.first?.alert.output)
        #expect(second.repeats.updatedAt == after(10).advanced(by: .milliseconds(1)))
    }

    @Test("memory is bounded: the oldest incident ends early, and nothing is lost", arguments: 0..<20 as Range<UInt64>)
    func bounds(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let hasWindow = Bool.random(using: &chance)
        var fold = AlertFold(.init(window: hasWindow ? .seconds(5) : nil, incidents: 7, bytes: 3_000))
        let context = try context()
        var (counts, given): ([String: Int], [FoldedAlert]) = ([:], [])
        for number in 0..<400 {
            let pod = Int.random(in: 0..<20, using: &chance)
            let one = try alert(pod, at: Double(number), port: number + 1)
            counts[try #require(try FalcoMapping.finding(one, in: context)["Id"]?.string), default: 0] += 1
            given += fold.add(one, context, at: after(Double(number)))
        }
        given += fold.drain()
        // Of each episode of an incident the last that was given counts all of its alerts.
        var sums: [String: Int] = [:]
        for (place, folded) in given.enumerated() {
            let isLast = !given[(place + 1)...].contains {
                $0.id == folded.id && $0.repeats.count > folded.repeats.count
                    && $0.repeats.first == folded.repeats.first
            }
            if isLast { sums[folded.id, default: 0] += folded.repeats.count }
        }
        #expect(sums == counts, "seed \(seed)")
        #expect(fold.drain().isEmpty && fold.nextDue == nil)
    }
}
