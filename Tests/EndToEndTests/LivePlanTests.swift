import Rehearsal
import TestSupport
import Testing
import Vocabulary

@Suite(
    "A plan on a live cluster and account observes and changes nothing",
    .serialized,
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(5))
)
struct LivePlanTests {
    static let playbooks = ["contain-pod", "capture-then-contain", "cordon-and-snapshot-node", "triage-only"]

    private func arguments(_ server: RehearsalServer, _ more: String = "") -> String {
        "run \(server.folder)/playbook.yaml --finding \(server.folder)/finding.json \(more)"
    }

    @Test("each stock playbook is planned as it is in the rehearsal of the same world", arguments: playbooks)
    func plans(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook)
        let before = await server.content()
        let (json, status) = try await server.firebreak(arguments(server))
        #expect(status == 0, "\(json)")
        let golden = try JSONReader.parse(Files.bytes(server.folder + "/plan.golden.json"))
        let (live, rehearsed) = (json["runs"]?[0], golden["runs"]?[0])
        #expect(live?["subject"] == rehearsed?["subject"])
        #expect(live?["verdicts"] == rehearsed?["verdicts"])
        #expect(live?["digest"] == rehearsed?["digest"])
        #expect(live?["containment"]?["rehearsed"] != true)
        #expect(await server.content() == before)
    }

    @Test(
        "asked for a dry run, the servers prove every step but what has none, and store nothing",
        arguments: playbooks
    )
    func proves(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook)
        let before = await server.content()
        let (json, status) = try await server.firebreak(arguments(server, "--dry-run server"))
        #expect(status == 0, "\(json)")
        let steps = json["runs"]?[0]?["steps"]?.array ?? []
        #expect(json["runs"]?[0]?["mode"] == "server" && !steps.isEmpty)
        for step in steps {
            let isFinding = step["action"] == "update-finding"
            #expect(step["status"] == (isFinding ? "unproved" : "proved"), "\(step)")
            if isFinding { #expect(step["note"]?.string?.contains("has no dry run") == true) }
        }
        #expect(await server.content() == before)
    }

    @Test("a finding that Security Hub has is fetched and planned as from its file")
    func fetches() async throws {
        let server = try await RehearsalServer("contain-pod")
        let before = await server.content()
        let id = "falco/eu-central-1/444455556666/544948becbaed6d26876c69d2a1151ff6525c089"
        let (json, status) = try await server.firebreak("run \(server.folder)/playbook.yaml --finding-id \(id)")
        #expect(status == 0, "\(json)")
        let golden = try JSONReader.parse(Files.bytes(server.folder + "/plan.golden.json"))
        #expect(json["runs"]?[0]?["subject"] == golden["runs"]?[0]?["subject"])
        #expect(json["runs"]?[0]?["findingId"] == .string(id))
        let (missing, code) = try await server.firebreak("run \(server.folder)/playbook.yaml --finding-id \(id)0")
        #expect(code == 2 && missing["error"]?["code"] == "INPUT-012", "\(missing)")
        #expect(await server.content() == before)
    }

    @Test("a right that is missing is named by the dry run of the server, which ends with its own exit code")
    func namesMissingRights() async throws {
        let all = RehearsalAuthorizer.Rule(verbs: ["get", "list", "create"], groups: ["*"], resources: ["*"])
        let server = try await RehearsalServer("contain-pod", rights: [all])
        let (json, status) = try await server.firebreak(arguments(server, "--dry-run server"))
        let notes = (json["runs"]?[0]?["steps"]?.array ?? []).compactMap { $0["note"]?.string }
        #expect(status == 6 && notes.contains { $0.contains("NotPermitted") && $0.contains("patch") }, "\(notes)")
    }

    @Test("a token that the cluster does not take, and a kubeconfig that is none, have exit codes of their own")
    func failures() async throws {
        let server = try await RehearsalServer("contain-pod")
        #expect(try await server.firebreak(arguments(server), token: "wrong").status == 6)
        let (json, status) = try await server.firebreak(arguments(server, "--kubeconfig /dev/null"))
        #expect(status == 2, "\(json)")
    }

    @Test("a cluster that is not the finding's is refused")
    func wrongWorld() async throws {
        let server = try await RehearsalServer("contain-pod")
        let other = "arn:aws:eks:eu-central-1:444455556666:cluster/other"
        let (json, status) = try await server.firebreak(arguments(server), cluster: other)
        #expect(status == 3 && "\(json)".contains("wrong-world"))
        // A name that is no ARN says nothing: EKS is asked whose address it is, and it is not the finding's.
        let (named, code) = try await server.firebreak(arguments(server), cluster: "kubernetes")
        #expect(code == 3 && "\(named)".contains("wrong-world"))
    }
}
