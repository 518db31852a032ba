import Orchestration
import Planning
import Runs
import Testing
import Vocabulary

@Suite("Guardrails judge a run anew whenever it goes on")
struct ContinuedGuardrailsTests {
    private static let playbook = """
        playbook: p
        guardrails: { protect: [{ labels: { tier: critical } }], budget: { pods: 1, per: 24h } }
        states: { isolate: { action: isolate-pod, end: true } }

        """
    private static let pod = "/api/v1/namespaces/shop/pods/cart-7c9d8b6f5-k7f2q"
    private static let late: JSONValue = [
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": ["name": "late", "namespace": "shop"],
        "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
    ]

    /// The budget's one pod, used up by another run.
    private func usedUp(_ incident: Incident) -> RunHistory {
        RunHistory(
            entries: [
                RunHistory.Entry(
                    at: incident.clock.now(),
                    playbook: "other",
                    incidentKey: "other",
                    pods: ["shop/other"],
                    nodes: []
                )
            ]
        )
    }

    /// A run whose process died as soon as it had begun.
    private func cutShort() async throws -> (incident: Incident, reviewed: ReviewedRun, past: RunPast) {
        let incident = try Incident(playbook: Self.playbook)
        let reviewed = try await incident.plan()
        try #require(reviewed.plan.judgement < .needsApproval, "\(reviewed.plan.verdicts)")
        let elsewhere = try Incident(playbook: Self.playbook)
        let journal = MemoryJournal()
        var driver = try elsewhere.driver(reviewed, journal: journal)
        await driver.run(seed: 1)
        return (incident, reviewed, RunPast(records: Array(await journal.records.prefix(1))))
    }

    /// A run that waits for a yes, because somebody opened the namespace after the review.
    private func waiting() async throws -> (incident: Incident, reviewed: ReviewedRun, past: RunPast) {
        let incident = try Incident(playbook: Self.playbook)
        let reviewed = try await incident.plan()
        try await incident.create(Self.late, at: "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies")
        let journal = MemoryJournal()
        var driver = try incident.driver(reviewed, journal: journal)
        await driver.run(seed: 1)
        try #require(driver.status == .pendingApproval, "\(driver.plan.steps.map(\.note))")
        return (incident, reviewed, RunPast(records: await journal.records, entries: await journal.entries))
    }

    private func expectUntouched(_ incident: Incident) async {
        #expect(
            await incident.objects("NetworkPolicy").allSatisfy {
                $0[["metadata", "name"]]?.string?.hasPrefix("firebreak") == false
            }
        )
    }

    @Test(
        "a budget that others used up meanwhile refuses a run that is recovered or approved, and says so",
        arguments: [true, false]
    )
    func refusesOverBudget(isApproved: Bool) async throws {
        let (incident, reviewed, past) = try await isApproved ? waiting() : cutShort()
        var driver = try incident.driver(reviewed, past: past, history: usedUp(incident))
        if isApproved { await driver.approve(by: "the test") } else { await driver.recover(by: "the test") }
        #expect(driver.status == .refused, "\(driver.plan.steps.map(\.note))")
        #expect(driver.plan.steps[0].note.contains("2 pods within 1d are over the budget of 1"))
        await expectUntouched(incident)
    }

    @Test("a label that protects the pod since makes the run ask, and its question says why", arguments: [true, false])
    func asksForWhatIsProtectedSince(isApproved: Bool) async throws {
        let (incident, reviewed, past) = try await isApproved ? waiting() : cutShort()
        try await incident.patch(["metadata": ["labels": ["tier": "critical"]]], at: Self.pod)
        var driver = try incident.driver(reviewed, past: past)
        if isApproved { await driver.approve(by: "the test") } else { await driver.recover(by: "the test") }
        #expect(driver.status == .pendingApproval, "\(driver.plan.steps.map(\.note))")
        let question = try #require(driver.questions.first)
        #expect(
            question.approval.verdicts.contains { $0.verdict == .needsApproval && $0.reason.contains("is protected") }
        )
        #expect(driver.plan.steps[0].note.contains("is protected (label tier=critical)"))
        await expectUntouched(incident)
        // A yes to that is what it takes.
        await driver.approve(by: "the test")
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
    }

    @Test("a run whose guardrails say the same goes on by itself")
    func goesOn() async throws {
        let (incident, reviewed, past) = try await cutShort()
        var driver = try incident.driver(reviewed, past: past)
        await driver.recover(by: "the test")
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
    }
}
