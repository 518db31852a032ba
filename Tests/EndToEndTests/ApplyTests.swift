import AWSAPI
import Rehearsal
import TestSupport
import Testing
import Vocabulary

@Suite(
    "A playbook applied to a live cluster and account is written down, proved and taken back",
    .serialized,
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(10))
)
struct ApplyTests {
    private static func run(_ server: RehearsalServer, _ more: String) -> String {
        "run \(server.folder)/playbook.yaml --finding \(server.folder)/finding.json \(more)"
    }

    @Test("each stock playbook is applied, verified, listed, shown and undone", arguments: LivePlanTests.playbooks)
    func appliesAndUndoes(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook)
        let before = await server.content()
        let (json, status) = try await server.firebreak(Self.run(server, "--apply --yes"))
        let run = json["runs"]?[0]
        // The pod was under policies before: its plugin lets established flows go on, so nobody can say that it is cut off.
        let isolates = run?["steps"]?.array?.contains { $0["action"] == "isolate-pod" } ?? false
        #expect(status == (isolates ? 5 : 0), "\(json)")
        if isolates { #expect(run?["containment"]?["verdict"] == "unknown") }
        #expect(run?["status"] == "succeeded")
        let id = try #require(run?["id"]?.string)
        for step in run?["steps"]?.array ?? [] {
            let isolation = step["action"] == "isolate-pod"
            let good = isolation ? ["applied"] : ["verified", "skipped", "alreadyDone"]
            #expect(good.contains(step["status"]?.string ?? ""), "\(step)")
        }
        #expect(await server.content() != before)

        let (list, _) = try await server.firebreak("runs list")
        #expect(list["runs"]?.array?.count == 1 && list["runs"]?[0]?["status"] == "succeeded")
        let (shown, shownStatus) = try await server.firebreak("runs show \(id)")
        #expect(shownStatus == 0 && shown["runs"]?[0]?["steps"] == run?["steps"], "\(shown)")

        let (undone, undoStatus) = try await server.firebreak("runs undo \(id) --yes")
        #expect(undoStatus == 0, "\(undone)")
        for change in undone["runs"]?[0]?["changes"]?.array ?? [] {
            let isInverse = change["undo"]?["kind"] == "inverse"
            #expect(change["standing"] == (isInverse ? "undone" : "kept"), "\(change)")
            if !isInverse { #expect(change["undo"]?["reason"]?.string?.isEmpty == false) }
        }
        let (held, _) = try await server.firebreak("quarantine list")
        #expect(held["held"] == [])
        let (old, new) = (RehearsalServer.comparable(before), await server.objects())
        for (name, object) in old {
            let found = new[name].map { object["kind"] == "Pod" ? RehearsalServer.asDetached($0, like: object) : $0 }
            #expect(found == object, "\(name)")
        }
        #expect(Set(new.keys) == Set(old.keys))
    }

    @Test("a plan file is applied by its digest; after the world moved on nothing of it is sent")
    func appliesPlanFiles() async throws {
        let server = try await RehearsalServer("contain-pod")
        let plan = server.path("plan.json")
        #expect(try await server.firebreak(Self.run(server, "--out \(plan)")).status == 0)
        let (json, status) = try await server.firebreak("apply \(plan)")
        #expect(status == 5 && json["runs"]?[0]?["status"] == "succeeded", "\(json)")

        let moved = try await RehearsalServer("contain-pod")
        try await moved.create(
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": ["name": "late", "namespace": "shop"],
                "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
            ],
            at: "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"
        )
        let before = await moved.content()
        let (stale, staleStatus) = try await moved.firebreak("apply \(plan)")
        #expect(staleStatus == 4 && stale["runs"]?[0]?["status"] == "pendingApproval", "\(stale)")
        #expect(await moved.content() == before)
    }

    @Test("nothing is applied without a yes")
    func asksFirst() async throws {
        let server = try await RehearsalServer("contain-pod")
        let before = await server.content()
        #expect(try await server.firebreak(Self.run(server, "--apply")).status == 4)
        #expect(await server.content() == before)
    }
}
