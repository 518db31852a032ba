import HTTPExchange
import Orchestration
import Planning
import Runs
import Testing
import Vocabulary

/// Gives up waiting at one write, counted from 0; the write lands later.
actor LateTransport: HTTPTransport {
    enum Landing: Sendable {
        /// While somebody reads, so many reads later.
        case afterReads(Int)
        /// Just before the next write.
        case beforeNextWrite
    }

    private let world: any HTTPTransport
    private let place: Int
    private let landing: Landing
    private var late: HTTPRequest?
    private var reads = 0
    private var writes = 0

    init(_ world: any HTTPTransport, at place: Int, _ landing: Landing) {
        self.world = world
        self.place = place
        self.landing = landing
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        guard FaultyTransport.isWrite(request) else {
            reads += 1
            if case .afterReads(let count) = landing, reads >= count { try await land() }
            return try await world.send(request)
        }
        try await land()
        writes += 1
        guard writes == place + 1 else { return try await world.send(request) }
        late = request
        reads = 0
        let headers = [HTTPHeader("Content-Type", "text/html")]
        return HTTPResponse(status: 504, headers: headers, body: Array("<html>".utf8))
    }

    private func land() async throws(HTTPFault) {
        guard let request = late else { return }
        late = nil
        _ = try await world.send(request)
    }
}

@Suite("What takes effect late, or while nobody can look, is found, listed and taken back")
struct LateEffectsTests {
    private static let isolation = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"

    @Test(
        "a write that lands after its answer was given up is on record, whenever it lands",
        arguments: 0..<3,
        [LateTransport.Landing.afterReads(3), .afterReads(40), .beforeNextWrite]
    )
    func landsLate(_ place: Int, _ landing: LateTransport.Landing) async throws {
        let incident = try Incident(playbook: Self.isolation)
        let before = await incident.objects("NetworkPolicy")
        let transport = LateTransport(incident.world, at: place, landing)
        var driver = try incident.driver(try await incident.plan(), through: transport)
        await driver.run(seed: 1)
        #expect(driver.plan.containment?.verdict == .contained, "\(driver.plan.steps.map(\.note))")
        #expect(driver.uncertainChanges.isEmpty)
        try await driver.undo(by: "the test")
        #expect(driver.undoStop == nil)
        let after = await incident.objects("NetworkPolicy")
        #expect(after.map { $0["spec"] } == before.map { $0["spec"] })
        let marked = await incident.objects("Pod").filter {
            $0["metadata"]?["labels"]?["firebreak.dev/quarantine"] != nil
        }
        #expect(marked.isEmpty)
    }

    @Test("what took effect while nobody could look is listed, and taken back once somebody can", arguments: 0..<3)
    func isFoundLater(_ place: Int) async throws {
        let incident = try Incident(playbook: Self.isolation)
        let before = await incident.objects("NetworkPolicy")
        let faulty = FaultyTransport(incident.world, .answerLost, at: place)
        let transport = BlindTransport(faulty, afterWrites: place + 1)
        var driver = try incident.driver(try await incident.plan(), through: transport)
        await driver.run(seed: 1)
        #expect(driver.status == .failed && driver.plan.containment?.verdict != .contained)
        #expect(driver.uncertainChanges.count == 1)
        #expect(driver.plan.notes.contains { $0.contains("nobody knows whether this took effect") })
        // Nobody can look yet: the undo says so and claims nothing.
        try await driver.undo(by: "the test")
        #expect(driver.undoStop != nil)
        await transport.open()
        try await driver.undo(by: "the test")
        let after = await incident.objects("NetworkPolicy")
        #expect(after.map { $0["spec"] } == before.map { $0["spec"] })
    }

    @Test("another run's policy of the same name is not taken for one's own")
    func knowsItsOwn() async throws {
        // The first run's process ended after its intent; nothing was sent. Then another run isolated the same pod.
        let incident = try Incident(playbook: Self.isolation)
        let journal = MemoryJournal()
        let transport = FaultyTransport(incident.world, .neverSent, at: 0)
        var first = try incident.driver(try await incident.plan(), through: transport, journal: journal)
        await first.run(seed: 1)
        let intents = await journal.entries.prefix { if case .intent = $0 { false } else { true } }.count + 1
        let records = await journal.records.filter { if case .ended = $0.input.event { false } else { true } }
        let past = RunPast(records: Array(records.prefix(2)), entries: Array(await journal.entries.prefix(intents)))
        let other = try Incident(playbook: Self.isolation, id: "run-2")
        var second = try other.driver(try await other.plan())
        await second.run(seed: 2)
        let policies = await other.objects("NetworkPolicy").count
        var again = try other.driver(try await other.plan(), past: past)
        await again.recover(by: "the test")
        try? await again.undo(by: "the test")
        #expect(await other.objects("NetworkPolicy").count == policies)
    }

    @Test("a change that was tried twice and found once is known once, to the process that found it and to the next")
    func knowsTwoTriesAsOne() async throws {
        let incident = try Incident(playbook: Self.isolation)
        let journal = MemoryJournal()
        let reviewed = try await incident.plan()
        var first = try incident.driver(reviewed, journal: journal)
        await first.run(seed: 1)
        // Nobody found the first try, and the process died in the second.
        let isMarking = { (entry: LedgerEntry) in
            if case .intent(_, _, let change, _) = entry { change.id == "isolate/1/pod" } else { false }
        }
        let entries = await journal.entries
        let place = try #require(entries.firstIndex(where: isMarking))
        let tried = Array(entries[...place]) + [.missing(changeId: "isolate/1/pod"), entries[place]]
        let heard = await journal.records.prefix { if case .ended = $0.input.event { false } else { true } }
        let later = MemoryJournal()
        var second = try incident.driver(
            reviewed,
            journal: later,
            past: RunPast(records: Array(heard), entries: tried)
        )
        await second.recover(by: "the test")
        let third = try incident.driver(
            reviewed,
            past: RunPast(records: heard + (await later.records), entries: tried + (await later.entries))
        )
        for driver in [second, third] {
            #expect(driver.uncertainChanges.isEmpty)
            #expect(driver.appliedChanges.count { $0.id == "isolate/1/pod" } == 1)
            #expect(!driver.plan.notes.contains { $0.contains("nobody knows") })
        }
    }
}
