import Orchestration
import Planning
import Rehearsal
import Runs
import Testing
import Vocabulary

@Suite("A run takes effect once, whatever happens to its requests")
struct RunDriverTests {
    /// The stock playbook makes eight writes: policy, pod, policy patch, Event, snapshots, node, Event, finding.
    static let writes = 0..<8

    @Test(
        "a lost answer at any write is looked up, never repeated blindly",
        arguments: writes,
        [FaultyTransport.Fault.answerLost, .gatewayTimeout]
    )
    func survivesLostAnswers(_ place: Int, _ fault: FaultyTransport.Fault) async throws {
        let incident = try Incident()
        let transport = FaultyTransport(incident.world, fault, at: place)
        var driver = try incident.driver(try await incident.plan(), through: transport)
        await driver.run(seed: 1)
        try await expectContained(driver, incident)
        #expect(await transport.writes > place)
        // One write more at most: the finding's update is idempotent and says so.
        #expect(await transport.writes <= 9)
        try await driver.undo(by: "the test")
        try await expectReleased(incident)
    }

    @Test("a request that never arrived, or met a busy server, is tried again", arguments: writes)
    func retries(_ place: Int) async throws {
        for fault in [FaultyTransport.Fault.neverSent, .throttled] {
            let incident = try Incident()
            let transport = FaultyTransport(incident.world, fault, at: place)
            var driver = try incident.driver(try await incident.plan(), through: transport)
            await driver.run(seed: 1)
            try await expectContained(driver, incident)
        }
    }

    @Test("replaying a run's records gives the machine that ran")
    func replays() async throws {
        let incident = try Incident()
        let journal = MemoryJournal()
        var driver = try incident.driver(try await incident.plan(), journal: journal)
        await driver.run(seed: 1)
        let replayed = try RunMachine.replay(driver.definition, await journal.records)
        #expect(replayed.status == driver.status && replayed.standingChanges.count == 8)
    }

    @Test("an Event that says the same and is there already counts as written")
    func repeatsItself() async throws {
        let incident = try Incident()
        var first = try incident.driver(try await incident.plan())
        await first.run(seed: 1)
        try await first.undo(by: "the test")
        let events = await incident.objects("Event").count
        var second = try incident.driver(try await incident.plan())
        await second.run(seed: 2)
        try await expectContained(second, incident)
        #expect(events == 2)
        #expect(await incident.objects("Event").count == events)
        #expect(second.plan.steps.allSatisfy { !$0.note.contains("Event") }, "\(second.plan.steps.map(\.note))")
    }

    @Test("a world that moved on since the review is not written to without a new approval")
    func noticesANewPlan() async throws {
        let incident = try Incident()
        let reviewed = try await incident.plan()
        let policy: JSONValue = [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": "late", "namespace": "shop"],
            "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
        ]
        try await incident.create(policy, at: "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies")
        var driver = try incident.driver(reviewed)
        await driver.run(seed: 1)
        #expect(driver.status == .pendingApproval, "\(driver.plan.steps.map(\.note))")
        #expect(await incident.objects("NetworkPolicy").allSatisfy { !($0.name.hasPrefix("firebreak")) })
    }

    @Test("undo refuses what somebody else changed since, and says what it found")
    func refusesToUndoForeignChanges() async throws {
        let incident = try Incident()
        let journal = MemoryJournal()
        var driver = try incident.driver(try await incident.plan(), journal: journal)
        await driver.run(seed: 1)
        try await incident.patch(
            ["spec": ["unschedulable": .null]],
            at: "/api/v1/nodes/ip-10-20-1-11.eu-central-1.compute.internal"
        )
        try await driver.undo(by: "the test")
        #expect(await incident.objects("NetworkPolicy").contains { $0.name.hasPrefix("firebreak") })
        let last = try #require(await journal.records.last { if case .undone = $0.input.event { true } else { false } })
        guard case .undone(_, .refused(let reason)) = last.input.event else {
            Issue.record("the node's undo was not refused")
            return
        }
        #expect(reason.contains("somebody changed it since"))
    }

    @Test("the responder's own node may bear a pod that is isolated, and may not be cordoned")
    func protectsItsOwnNode() async throws {
        let own = ResponderPlace(node: "ip-10-20-1-11.eu-central-1.compute.internal")
        let isolate = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
        let harmless = try await Incident(playbook: isolate, responder: own).plan().plan
        #expect(harmless.judgement < .refuse, "\(harmless.verdicts)")
        let cordon = "playbook: p\nstates: { cordon: { action: cordon-node, end: true } }\n"
        let harmful = try await Incident(playbook: cordon, responder: own).plan().plan
        #expect(harmful.verdicts.contains { $0.guardrail == "self-protection" && $0.verdict == .refuse })
    }

    @Test("changes of a step that nobody could look at afterwards stay on record and can be undone")
    func keepsChangesWithoutSight() async throws {
        let incident = try Incident()
        let transport = BlindTransport(incident.world, afterWrites: 3)
        var driver = try incident.driver(try await incident.plan(), through: transport)
        await driver.run(seed: 1)
        #expect(driver.plan.containment?.verdict != .contained)
        await transport.open()
        try await driver.undo(by: "the test")
        #expect(await incident.objects("NetworkPolicy").allSatisfy { !$0.name.hasPrefix("firebreak") })
    }

    private func expectContained(_ driver: RunDriver, _ incident: Incident) async throws {
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map { "\($0.state): \($0.status) \($0.note)" })")
        #expect(driver.plan.containment?.verdict == .contained)
        #expect(await incident.objects("NetworkPolicy").count { $0.name.hasPrefix("firebreak") } == 1)
        #expect(await incident.snapshots().count == 2)
        let node = await incident.objects("Node").first { $0["spec"]?["unschedulable"] == true }
        #expect(node != nil)
    }

    private func expectReleased(_ incident: Incident) async throws {
        #expect(await incident.objects("NetworkPolicy").allSatisfy { !$0.name.hasPrefix("firebreak") })
        #expect(await incident.objects("Node").allSatisfy { $0["spec"]?["unschedulable"] != true })
        #expect(await incident.snapshots().count == 2)
        let scrape = await incident.objects("NetworkPolicy").first { $0.name == "scrape-metrics" }
        let expressions = scrape?["spec"]?["podSelector"]?["matchExpressions"]?.array ?? []
        #expect(expressions.isEmpty)
    }
}

extension JSONValue {
    fileprivate var name: String { self["metadata"]?["name"]?.string ?? "" }
}
