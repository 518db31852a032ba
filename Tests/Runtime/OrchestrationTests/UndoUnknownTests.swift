import Orchestration
import Planning
import Runs
import Testing
import Vocabulary

@Suite("An undo settles what nobody knew, keeps what it is told to keep, and writes all of it down")
struct UndoUnknownTests {
    private static let isolation = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"

    /// A run that ended without knowing what became of its write number `place`, and the way by which somebody can look.
    private struct Doubt {
        var driver: RunDriver
        var sight: BlindTransport
        var change: PlannedChange

        init(
            _ incident: Incident,
            _ fault: FaultyTransport.Fault,
            at place: Int,
            journal: any RunJournal = MemoryJournal()
        ) async throws {
            let faulty = FaultyTransport(incident.world, fault, at: place)
            sight = BlindTransport(faulty, afterWrites: place + 1)
            driver = try incident.driver(try await incident.plan(), through: sight, journal: journal)
            await driver.run(seed: 1)
            change = try #require(driver.uncertainChanges.first)
            try #require(driver.status == .failed && driver.uncertainChanges.count == 1)
        }
    }

    private func specs(_ incident: Incident) async -> [JSONValue?] {
        await incident.objects("NetworkPolicy").map { $0["spec"] }
    }

    @Test(
        "a change of which nobody knows whether it was made can be kept by its id, and taken back later",
        arguments: 0..<3
    )
    func keepsWhatNobodyKnows(_ place: Int) async throws {
        let incident = try Incident(playbook: Self.isolation)
        let before = (await specs(incident), await incident.objects("Pod"))
        var doubt = try await Doubt(incident, .answerLost, at: place)
        let kept = doubt.change
        #expect(doubt.driver.changeIds.contains(kept.id))
        // Without sight it stops.
        try await doubt.driver.undo(by: "the test")
        #expect(doubt.driver.undoStop != nil)
        await doubt.sight.open()
        let made = (await specs(incident), await incident.objects("Pod"))
        try await doubt.driver.undo(by: "the test", keeping: [kept.id])
        #expect(doubt.driver.undoStop == nil)
        #expect(doubt.driver.uncertainChanges.map(\.id) == [kept.id], "nobody looked for what is kept")
        if place == 0 { #expect(await specs(incident) == made.0) }
        if place == 1 { #expect(await incident.objects("Pod") == made.1) }
        try await doubt.driver.undo(by: "the test")
        #expect(await specs(incident) == before.0)
        let marked = await incident.objects("Pod").filter {
            $0[["metadata", "labels", "firebreak.dev/quarantine"]] != nil
        }
        #expect(doubt.driver.undoStop == nil && marked.isEmpty)
    }

    @Test(
        "what an undo does not find is not there: nothing of it is left to take back or to wonder about",
        arguments: 0..<3
    )
    func settlesWhatNeverCame(_ place: Int) async throws {
        let incident = try Incident(playbook: Self.isolation)
        let journal = FailingJournal(after: .max)
        let before = await specs(incident)
        var doubt = try await Doubt(incident, .lostOnTheWay, at: place, journal: journal)
        await doubt.sight.open()
        try await doubt.driver.undo(by: "the test")
        #expect(doubt.driver.undoStop == nil && doubt.driver.uncertainChanges.isEmpty)
        #expect(await specs(incident) == before)
        // What it found out is durable before anybody hears of it.
        let id = doubt.change.id
        let isWritten = await journal.entries.contains { if case .missing(id) = $0 { true } else { false } }
        #expect(isWritten)
    }

    @Test("when what an undo found out cannot be written down, it says so")
    func saysWhatIsNotWritten() async throws {
        let good = FailingJournal(after: .max)
        let incident = try Incident(playbook: Self.isolation)
        var doubt = try await Doubt(incident, .lostOnTheWay, at: 0, journal: good)
        await doubt.sight.open()
        try await doubt.driver.undo(by: "the test")
        #expect(doubt.driver.unwritten == nil)
        let commits = await good.commits
        let again = try Incident(playbook: Self.isolation)
        var full = try await Doubt(again, .lostOnTheWay, at: 0, journal: FailingJournal(after: commits - 1))
        await full.sight.open()
        #expect(full.driver.unwritten == nil)
        try await full.driver.undo(by: "the test")
        #expect(full.driver.unwritten?.code == "STEP-005")
    }
}
