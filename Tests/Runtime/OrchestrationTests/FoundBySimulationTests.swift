import HTTPExchange
import Orchestration
import Planning
import Rehearsal
import Runs
import Testing
import Vocabulary

/// A transport that shows no snapshot before its time.
actor VeiledTransport: HTTPTransport {
    private let world: any HTTPTransport
    /// The same account before it had any.
    private let empty: RehearsalWorld
    private let clock: RehearsalClock
    private let end: Timestamp

    init(_ incident: Incident, for span: Duration) async {
        let clock = incident.clock
        world = incident.world
        empty = RehearsalWorld(
            cluster: await incident.world.cluster,
            account: await incident.world.account,
            clock: { clock.now() }
        )
        self.clock = clock
        end = clock.now().advanced(by: span)
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        let isLookUp = String(decoding: request.body.prefix(40), as: UTF8.self).contains("Action=DescribeSnapshots")
        return try await isLookUp && clock.now() < end ? empty.send(request) : world.send(request)
    }
}

/// What the simulation found once, told as a person would.
@Suite("Found by the simulation")
struct FoundBySimulationTests {
    private static let isolate = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"

    /// An ended run, and what its journal holds.
    private func ended(_ incident: Incident) async throws -> (reviewed: ReviewedRun, past: RunPast) {
        let journal = MemoryJournal()
        let reviewed = try await incident.plan()
        var driver = try incident.driver(reviewed, journal: journal)
        await driver.run(seed: 1)
        try #require(driver.plan.containment?.verdict == .contained)
        return (reviewed, RunPast(records: await journal.records, entries: await journal.entries))
    }

    private func lastUndone(_ journal: MemoryJournal) async throws -> UndoResult {
        for record in await journal.records.reversed() {
            if case .undone(_, let result) = record.input.event { return result }
        }
        throw Absent()
    }

    private struct Absent: Error {}

    @Test("what the ledger knows as undone is undone, although the process died before the run heard of it")
    func remembersWhatWasUndone() async throws {
        let incident = try Incident(playbook: Self.isolate)
        let (reviewed, past) = try await ended(incident)
        let journal = MemoryJournal()
        var driver = try incident.driver(reviewed, journal: journal, past: past)
        try await driver.undo(by: "the test")
        let inputs = await journal.records.dropLast()
        let cut = RunPast(records: past.records + inputs, entries: past.entries + (await journal.entries))
        var next = try incident.driver(reviewed, past: cut)
        #expect(next.status == .undoing)
        await next.recover(by: "the test")
        #expect(next.status == .succeeded && next.containment == .none, "\(next.status), \(next.containment)")
    }

    @Test("when nobody can look, an undo does not say that somebody else changed something")
    func tellsBlindnessFromStrangers() async throws {
        let incident = try Incident(playbook: Self.isolate)
        let (reviewed, past) = try await ended(incident)
        let journal = MemoryJournal()
        let blind = BlindTransport(incident.world, afterWrites: 0)
        var driver = try incident.driver(reviewed, through: blind, journal: journal, past: past)
        try await driver.undo(by: "the test")
        guard case .failed = try await lastUndone(journal) else {
            Issue.record("an undo that could not look was not told as failed")
            return
        }
        #expect(driver.containment == .contained)
    }

    @Test("an undo whose answer is lost and that nobody can look up leaves the containment unknown")
    func doubtsAfterALostUndo() async throws {
        let incident = try Incident(playbook: Self.isolate)
        let (reviewed, past) = try await ended(incident)
        let shaky = ShortlyBlindTransport(incident.world, answerLostAt: 0)
        var driver = try incident.driver(reviewed, through: shaky, past: past)
        try await driver.undo(by: "the test")
        #expect(driver.containment == .unknown)
        try await driver.undo(by: "the test")
        #expect(driver.containment == .none, "asked again it goes on: \(driver.plan.notes)")
    }

    @Test("snapshots that were made and cannot be seen yet are not made again by a later state")
    func waitsToSeeWhatItMade() async throws {
        let playbook = """
            playbook: p
            states:
              root:
                action: snapshot-volumes
                with: { include: root }
                timeout: 30s
                catch: [{ errors: [any], next: rest }]
              rest: { action: snapshot-volumes, end: true }

            """
        let incident = try Incident(playbook: playbook)
        let reviewed = try await incident.plan()
        let veiled = await VeiledTransport(incident, for: .seconds(100))
        var driver = try incident.driver(reviewed, through: veiled)
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
        #expect(await incident.snapshots().count == 2)
    }

    @Test("a change that took effect is found although a stranger gave the plan more to do under its name")
    func findsWhatAChangedPlanHides() async throws {
        let incident = try Incident(playbook: Self.isolate)
        let (reviewed, past) = try await ended(incident)
        let entries = past.entries.prefix { entry in
            if case .succeeded("isolate/1/pod", _) = entry { false } else { true }
        }
        let late: JSONValue = [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": "late", "namespace": "shop"],
            "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
        ]
        try await incident.create(late, at: "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies")
        let journal = MemoryJournal()
        let cut = RunPast(records: Array(past.records.prefix(2)), entries: Array(entries))
        var driver = try incident.driver(reviewed, journal: journal, past: cut)
        await driver.recover(by: "the test")
        #expect(driver.status == .pendingApproval, "\(driver.plan.steps.map(\.note))")
        let found = await journal.entries.contains { if case .found("isolate/1/pod", _) = $0 { true } else { false } }
        #expect(found)
    }

    @Test("what was missing after one try and found after the next is not looked for again by another process")
    func settlesEveryTryAtOnce() async throws {
        let incident = try Incident(playbook: Self.isolate)
        let (reviewed, past) = try await ended(incident)
        var entries = Array(
            past.entries.prefix { entry in
                if case .succeeded("isolate/1/pod", _) = entry { false } else { true }
            }
        )
        guard case .intent(let state, _, let change, let at)? = entries.last else { throw Absent() }
        let (id, report) = (change.id, FaultReport(code: "X-001", what: "lost", remedy: "look"))
        entries += [
            .missing(changeId: id), .intent(state: state, attempt: 2, change: change, at: at),
            .unknown(changeId: id, report), .found(changeId: id, made: nil),
        ]
        let journal = MemoryJournal()
        let cut = RunPast(records: Array(past.records.prefix(2)), entries: entries)
        var driver = try incident.driver(reviewed, journal: journal, past: cut)
        await driver.recover(by: "the test")
        #expect(driver.containment == .contained)
        let isSettledAgain = await journal.entries.contains { entry in
            switch entry {
            case .found(id, _), .missing(id): true
            default: false
            }
        }
        #expect(!isSettledAgain)
    }
}
