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

    @Test("an undo stops at what somebody else changed since, says what differs, and goes on without it when told")
    func stopsAtForeignChanges() async throws {
        let server = try await RehearsalServer("contain-pod")
        let (json, _) = try await server.firebreak(Self.run(server, "--apply --yes"))
        let id = try #require(json["runs"]?[0]?["id"]?.string)
        let node = "/api/v1/nodes/ip-10-20-1-11.eu-central-1.compute.internal"
        try await server.patch(["spec": ["unschedulable": .null]], at: node)
        let (stopped, status) = try await server.firebreak("runs undo \(id) --yes")
        let error = stopped["error"]
        #expect(status == 1 && error?["code"] == "RUN-011", "\(stopped)")
        #expect(error?["what"]?.string?.contains("takes no new pods: found") == true, "\(stopped)")
        #expect(await server.objects().keys.contains { $0.contains("NetworkPolicy shop/firebreak") })
        let change = try #require(error?["location"]?.string)
        let (rest, code) = try await server.firebreak("runs undo \(id) --yes --keep \(change)")
        #expect(code == 0, "\(rest)")
        #expect(await !server.objects().keys.contains { $0.contains("NetworkPolicy shop/firebreak") })
    }

    @Test("a run with a yes of its own to wait for is kept, approved by its digest, and goes on")
    func waitsForApproval() async throws {
        let server = try await RehearsalServer("contain-pod")
        let playbook = server.path("playbook.yaml")
        let states = "{ snapshot: { action: snapshot-volumes }, isolate: { action: isolate-pod, end: true } }"
        try Files.write(Array("playbook: two-steps\nstates: \(states)\n".utf8), to: playbook)
        // Once the snapshots are made, somebody lets all pods of the namespace out: the isolation has more to do.
        server.journal.begin(afterEffect: 1) {
            try? await server.create(
                [
                    "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                    "metadata": ["name": "late", "namespace": "shop"],
                    "spec": ["podSelector": [:], "policyTypes": ["Egress"], "egress": [[:]]],
                ],
                at: "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"
            )
        }
        let start = "run \(playbook) --finding \(server.findingFile) --apply --yes"
        let (json, status) = try await server.firebreak(start)
        #expect(status == 4 && json["runs"]?[0]?["status"] == "pendingApproval", "\(json)")
        let id = try #require(json["runs"]?[0]?["id"]?.string)

        // A second run of the incident has to wait for the first.
        let (second, refused) = try await server.firebreak(start)
        #expect(refused == 3 && "\(second)".contains("runs recover \(id)"), "\(second)")
        // Going on with it changes nothing: it still waits.
        #expect(try await server.firebreak("runs recover").status == 4)

        let (shown, _) = try await server.firebreak("runs show \(id)")
        let digest = try #require(shown["runs"]?[0]?["asks"]?["digest"]?.string)
        #expect(try await server.firebreak("runs approve \(id) --digest sha256:0").status == 4)
        #expect(await !server.objects().keys.contains { $0.contains("NetworkPolicy shop/firebreak") })
        let (approved, code) = try await server.firebreak("runs approve \(id) --digest \(digest)")
        #expect(code == 5, "\(approved)")
        #expect(await server.objects().keys.contains { $0.contains("NetworkPolicy shop/firebreak") })
        #expect(await server.account().snapshots.count == 2)
    }

    @Test("a run that waits for approval can be rejected, and a cancelled one leaves in place what it contained")
    func rejects() async throws {
        let server = try await RehearsalServer("contain-pod")
        let playbook = server.path("playbook.yaml")
        let states =
            "{ isolate: { action: isolate-pod, catch: [{ errors: [any], next: hold }] }, hold: { wait: 300h, end: true } }"
        try Files.write(Array("playbook: waits\nstates: \(states)\n".utf8), to: playbook)
        let start = "run \(playbook) --finding \(server.findingFile) --apply --yes"
        _ = try await server.firebreak(start, wrapper: "timeout -s KILL 20")
        let (list, _) = try await server.firebreak("runs list")
        let id = try #require(list["runs"]?[0]?["id"]?.string)
        #expect(list["runs"]?[0]?["status"] == "waiting", "\(list)")
        #expect(try await server.firebreak("runs undo \(id) --yes").status == 2)
        #expect(try await server.firebreak("runs cancel \(id)").status == 5)
        #expect(await server.objects().keys.contains { $0.contains("NetworkPolicy shop/firebreak") })
        let (held, _) = try await server.firebreak("quarantine list")
        #expect(held["held"]?[0]?["run"] == .string(id) && held["held"]?[0]?["release"]?.array?.isEmpty == false)
        #expect(try await server.firebreak("runs undo \(id) --yes").status == 0)
        #expect(try await server.firebreak("quarantine list").json["held"] == [])
    }

    @Test("nothing is applied without a yes")
    func asksFirst() async throws {
        let server = try await RehearsalServer("contain-pod")
        let before = await server.content()
        #expect(try await server.firebreak(Self.run(server, "--apply")).status == 4)
        #expect(await server.content() == before)
    }
}
