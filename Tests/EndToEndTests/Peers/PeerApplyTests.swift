import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// Playbooks that are carried out against live servers, whoever wrote them.
enum ApplyStories {
    static func appliesAndUndoes(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook, aws: .peers)
        let peers = try AWSPeers.running()
        let before = await server.world.cluster.snapshot()
        let (json, status) = try await server.firebreak(PlanStories.arguments(server, "--apply --yes"))
        let run = json["runs"]?[0]
        let steps = run?["steps"]?.array ?? []
        // Of a pod that was under policies before, nobody can say that its open flows were cut.
        let isolates = steps.contains { $0["action"] == "isolate-pod" }
        #expect(status == (isolates ? 5 : 0) && run?["status"] == "succeeded", "\(json)")
        let id = try #require(run?["id"]?.string)
        let state = try await peers.state()
        expectEvidence(state, steps, run: id)
        try await expectFinding(state, steps, run: id)

        let (undone, code) = try await server.firebreak("runs undo \(id) --yes --readopt")
        #expect(code == 0, "\(undone)")
        let after = try await peers.state()
        // Evidence is never deleted, a note never taken away, and NEW never written by an undo.
        #expect(after.snapshots.count == state.snapshots.count)
        #expect(after.workflow == state.workflow && after.note == state.note)
        #expect(after.effects == state.effects)
        for change in undone["runs"]?[0]?["changes"]?.array ?? [] where change["standing"] == "kept" {
            #expect(change["undo"]?["reason"]?.string?.isEmpty == false, "\(change)")
        }
        let (old, new) = (RehearsalServer.comparable(before), await server.objects())
        for (name, object) in old { #expect(new[name] == object, "\(name)") }
    }

    /// One set: a snapshot of each volume, all of one call, each with the run's tags.
    private static func expectEvidence(_ state: PeerState, _ steps: [JSONValue], run: String) {
        let made = state.snapshots.filter { $0.tags["firebreak:incident"] != nil }
        guard steps.contains(where: { $0["action"] == "snapshot-volumes" && $0["status"] == "verified" }) else {
            return #expect(made.isEmpty)
        }
        #expect(!made.isEmpty && Set(made.map(\.volume)).count == made.count, "\(made)")
        #expect(made.allSatisfy { $0.tags.values.contains { $0.contains(run) } }, "\(made)")
    }

    private static func expectFinding(_ state: PeerState, _ steps: [JSONValue], run: String) async throws {
        guard steps.contains(where: { $0["action"] == "update-finding" && $0["status"] == "verified" }) else { return }
        #expect(state.effects.count == 1 && state.effects.first?.operation == "BatchUpdateFindings")
        // Whoever only looks leaves the finding for somebody to take up.
        let isTriage = !steps.contains { $0["action"] != "update-finding" }
        #expect(state.workflow == (isTriage ? "NEW" : "NOTIFIED"))
        #expect(isTriage || state.note?.isEmpty == false)
        #expect(state.userDefinedFields["firebreak.run"] == .string(run))
    }
}

extension PeerTests {
    @Suite("Applied")
    struct ApplyingTests {
        @Test(
            "each stock playbook is applied, verified by the servers' own state, and undone",
            arguments: LivePlanTests.playbooks
        )
        func applies(_ playbook: String) async throws { try await ApplyStories.appliesAndUndoes(playbook) }

        @Test("a batch that leaves the finding out for a while is sent again for it, and changes it once")
        func unprocessed() async throws {
            let server = try await RehearsalServer("contain-pod", aws: .peers)
            let peers = try AWSPeers.running()
            try await peers.setFaults([
                "BatchUpdateFindings": ["unprocessed": ["times": 2, "code": "ConcurrentUpdateError"]]
            ])
            let (json, status) = try await server.firebreak(PlanStories.arguments(server, "--apply --yes"))
            #expect(status == 5 && json["runs"]?[0]?["status"] == "succeeded", "\(json)")
            let state = try await peers.state()
            #expect(state.effects.count == 1 && state.workflow == "NOTIFIED")
        }
    }
}

extension SecondJudgeTests {
    @Suite("Applied")
    struct ApplyingTests {
        @Test("a stock playbook is applied, verified by the servers' own state, and undone")
        func applies() async throws { try await ApplyStories.appliesAndUndoes("contain-pod") }
    }
}
