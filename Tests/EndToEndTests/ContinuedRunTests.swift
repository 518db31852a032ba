import TestSupport
import Testing
import Vocabulary

@Suite(
    "A run that goes on is held to what happened meanwhile",
    .serialized,
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(5))
)
struct ContinuedRunTests {
    private static let budget = "guardrails: { budget: { pods: 1, per: 24h } }"
    private static let isolate = "isolate: { action: isolate-pod, end: true }"

    private func write(_ playbook: String, _ name: String, _ server: RehearsalServer) throws -> String {
        let path = server.path(name)
        try Files.write(Array(playbook.utf8), to: path)
        return path
    }

    /// Another playbook isolates another pod: the one of the budget.
    private func useUpBudget(_ server: RehearsalServer) async throws {
        let playbook = try write("playbook: other\nstates: { \(Self.isolate) }\n", "other.yaml", server)
        let (json, status) = try await server.firebreak(
            "run \(playbook) --pod shop/catalog-58bb4c7d9-p2d8w --apply --yes"
        )
        #expect([0, 5].contains(status), "\(json)")
    }

    private func isolations(_ server: RehearsalServer) async -> Int {
        await server.objects().keys.count { $0.contains("NetworkPolicy shop/firebreak") }
    }

    private func expectOverBudget(_ result: (json: JSONValue, status: Int32), _ server: RehearsalServer) async {
        #expect(result.status == 3 && result.json["runs"]?[0]?["status"] == "refused", "\(result.json)")
        #expect("\(result.json)".contains("2 pods within 1d are over the budget of 1"), "\(result.json)")
        #expect(await isolations(server) == 1)
    }

    @Test("a budget that another run of the store used up refuses a run that is recovered, and the reason is shown")
    func recovers() async throws {
        let server = try await RehearsalServer("contain-pod")
        let playbook = try write("playbook: p\n\(Self.budget)\nstates: { \(Self.isolate) }\n", "playbook.yaml", server)
        let start = "run \(playbook) --finding \(server.findingFile) --apply --yes"
        _ = try await server.firebreak(start, wrapper: "FIREBREAK_CRASH=written:1")
        let (list, _) = try await server.firebreak("runs list")
        let id = try #require(list["runs"]?[0]?["id"]?.string, "\(list)")
        try await useUpBudget(server)
        await expectOverBudget(try await server.firebreak("runs recover \(id)"), server)
        // It did nothing: the other pod's isolation alone counts against the budget, and only once.
        let (again, status) = try await server.firebreak(start)
        #expect(status == 3 && "\(again)".contains("2 pods within 1d"), "\(again)")
    }

    @Test("a budget that another run of the store used up refuses a run that is approved, and the reason is shown")
    func approves() async throws {
        let server = try await RehearsalServer("contain-pod")
        let states = "{ snapshot: { action: snapshot-volumes }, \(Self.isolate) }"
        let playbook = try write("playbook: p\n\(Self.budget)\nstates: \(states)\n", "playbook.yaml", server)
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
        #expect(status == 4, "\(json)")
        let id = try #require(json["runs"]?[0]?["id"]?.string)
        try await useUpBudget(server)
        await expectOverBudget(try await server.firebreak("runs approve \(id) --yes"), server)
    }

    @Test("the list counts what is in place: all of it after the run, and after its undo what stays")
    func listsWhatIsInPlace() async throws {
        let server = try await RehearsalServer("contain-pod")
        let start = "run \(server.folder)/playbook.yaml --finding \(server.findingFile) --apply --yes"
        let (json, _) = try await server.firebreak(start)
        let id = try #require(json["runs"]?[0]?["id"]?.string)
        let (list, _) = try await server.firebreak("runs list")
        let (undone, status) = try await server.firebreak("runs undo \(id) --yes")
        #expect(status == 0, "\(undone)")
        let (after, _) = try await server.firebreak("runs list")
        let changes = undone["runs"]?[0]?["changes"]?.array ?? []
        let kept = changes.count { $0["standing"] == "kept" }
        #expect(list["runs"]?[0]?["standingChanges"] == .integer(Int64(changes.count)), "\(list)")
        #expect(after["runs"]?[0]?["standingChanges"] == .integer(Int64(kept)), "\(after)")
    }
}
