import HTTPExchange
import Orchestration
import Planning
import Runs
import Testing
import Vocabulary

/// A journal that fails from one commit on, counted from 0, and keeps failing.
actor FailingJournal: RunJournal {
    struct Full: Error {}

    private let limit: Int
    private(set) var commits = 0
    private var waiting: [LedgerEntry] = []
    private(set) var entries: [LedgerEntry] = []

    init(after limit: Int) { self.limit = limit }

    func add(_ record: RunRecord, _ standing: RunStanding) {}
    func add(_ entry: LedgerEntry) { waiting.append(entry) }

    func flush() throws {
        guard !waiting.isEmpty else { return }
        guard commits < limit else { throw Full() }
        commits += 1
        entries += waiting
        waiting = []
    }
}

/// A world in which every write takes so long.
struct SlowTransport: HTTPTransport {
    let world: any HTTPTransport
    let clock: RehearsalClock
    let pause: Duration

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        if FaultyTransport.isWrite(request) { await clock.pass(pause) }
        return try await world.send(request)
    }
}

@Suite("An attempt ends in time, and what it did stays on record")
struct AttemptLimitsTests {
    private static let playbook = """
        playbook: p
        states:
          isolate: { action: isolate-pod, timeout: 10s, catch: [{ errors: [Timeout], next: late }], end: true }
          late: { fail: { error: TooLate } }
        """

    @Test("a state's timeout cuts a slow attempt short between its changes")
    func timesOut() async throws {
        let incident = try Incident(playbook: Self.playbook)
        let slow = SlowTransport(world: incident.world, clock: incident.clock, pause: .seconds(8))
        var driver = try incident.driver(try await incident.plan(), through: slow)
        let start = incident.clock.now()
        let before = await incident.objects("NetworkPolicy").count
        await driver.run(seed: 1)
        #expect(driver.status == .failed && driver.plan.errorName == "TooLate")
        // Two changes were sent, then no time was left for the third.
        #expect(incident.clock.now().duration(since: start) < .seconds(60))
        let step = try #require(driver.plan.steps.first { $0.state == "isolate" })
        #expect(step.status == .applied && step.plan.changes.count == 2, "\(step.status) \(step.note)")
        try await driver.undo(by: "the test")
        #expect(await incident.objects("NetworkPolicy").count == before)
    }

    @Test("an attempt that ends well before its timeout is not touched by it")
    func inTime() async throws {
        let incident = try Incident(playbook: Self.playbook)
        let slow = SlowTransport(world: incident.world, clock: incident.clock, pause: .seconds(2))
        var driver = try incident.driver(try await incident.plan(), through: slow)
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
    }

    @Test(
        "a step whose requests get lost every time is cut after four, and fails with the reason",
        arguments: ["isolate-pod", "update-finding, with: { workflow: NOTIFIED }"]
    )
    func stopsAskingForEver(_ action: String) async throws {
        let incident = try Incident(playbook: "playbook: p\nstates: { only: { action: \(action), end: true } }\n")
        let lossy = LossyTransport(incident.world)
        var driver = try incident.driver(try await incident.plan(), through: lossy)
        let start = incident.clock.now()
        await driver.run(seed: 1)
        #expect(await lossy.lost == 4)
        #expect(incident.clock.now().duration(since: start) < .seconds(60))
        #expect(driver.status == .failed && driver.plan.error?.what.contains("the connection was reset") == true)
        #expect(driver.plan.steps[0].status == .failed, "\(driver.plan.steps[0].note)")
        #expect(driver.uncertainChanges.isEmpty && driver.appliedChanges.isEmpty)
    }

    @Test("when the ledger fails, nothing more is sent, and what was sent can be undone", arguments: 0..<8)
    func survivesAFullDisk(_ limit: Int) async throws {
        let incident = try Incident()
        let journal = FailingJournal(after: limit)
        let transport = FaultyTransport(incident.world, .neverSent, at: .max)
        var driver = try incident.driver(try await incident.plan(), through: transport, journal: journal)
        await driver.run(seed: 1)
        let intents = await journal.entries.count { if case .intent = $0 { true } else { false } }
        #expect(await transport.writes == intents)
        // Three writes contain; what the ledger could not take afterwards does not undo that.
        #expect((driver.plan.containment?.verdict == .contained) == (intents >= 3))
        let listed = driver.plan.steps.filter { [.applied, .verified].contains($0.status) }.flatMap(\.plan.changes)
        #expect(listed.count == intents)
    }

    @Test("a lost answer that nobody can look up at once is on record after the look-up, and undone with the rest")
    func keepsWhatALookUpFound() async throws {
        let incident = try Incident(playbook: "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n")
        let reviewed = try await incident.plan()
        for place in 0..<3 {
            let incident = try Incident(
                playbook: "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
            )
            let transport = ShortlyBlindTransport(incident.world, answerLostAt: place)
            var driver = try incident.driver(reviewed, through: transport)
            let before = await incident.objects("NetworkPolicy")
            await driver.run(seed: 1)
            try await driver.undo(by: "the test")
            #expect(await incident.objects("NetworkPolicy").count == before.count, "write \(place)")
        }
    }
}

/// Loses the answer to one write, and cannot read anything for the next few requests.
actor ShortlyBlindTransport: HTTPTransport {
    private let world: any HTTPTransport
    private let place: Int
    private var writes = 0
    private var blind = 0

    init(_ world: any HTTPTransport, answerLostAt place: Int) {
        self.world = world
        self.place = place
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        if blind > 0 {
            blind -= 1
            throw HTTPFault(.unreachable, "connection refused", url: request.origin)
        }
        guard FaultyTransport.isWrite(request) else { return try await world.send(request) }
        writes += 1
        guard writes == place + 1 else { return try await world.send(request) }
        _ = try await world.send(request)
        blind = 1
        throw HTTPFault(.answerLost, "the connection was reset", url: request.origin)
    }
}

/// Loses every write on its way.
actor LossyTransport: HTTPTransport {
    private let world: any HTTPTransport
    private(set) var lost = 0

    init(_ world: any HTTPTransport) { self.world = world }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        guard FaultyTransport.isWrite(request) else { return try await world.send(request) }
        lost += 1
        throw HTTPFault(.answerLost, "the connection was reset", url: request.origin)
    }
}
