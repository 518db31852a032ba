import Rehearsal
import TestSupport
import Testing
import Vocabulary

@Suite(
    "The doctor names what a live run would lack, and writes nothing",
    .serialized,
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(5))
)
struct DoctorTests {
    private static func check(_ name: String, _ json: JSONValue) -> JSONValue? {
        json["checks"]?.array?.first { $0["name"]?.string == name }
    }

    @Test("where all is granted nothing fails")
    func healthy() async throws {
        let server = try await RehearsalServer("contain-pod")
        let before = await server.content()
        let (json, status) = try await server.firebreak("doctor")
        #expect(status == 0, "\(json)")
        #expect(Self.check("account", json)?["what"] == "444455556666 in eu-central-1")
        #expect(Self.check("cluster-permissions", json)?["status"] == "ok")
        #expect(await server.content() == before)
    }

    @Test("a right that the playbook needs and does not have is named")
    func missingRight() async throws {
        let all = RehearsalAuthorizer.Rule(verbs: ["get", "list", "create"], groups: ["*"], resources: ["*"])
        let server = try await RehearsalServer("contain-pod", rights: [all])
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        let what = Self.check("cluster-permissions", json)?["what"]?.string ?? ""
        #expect(status == 6 && what.contains("patch pods") && what.contains("patch networking.k8s.io/networkpolicies"))
        #expect(!what.contains("get pods"))
    }

    @Test("a token that nobody knows and an address where nobody is end with their own exit codes")
    func unreachable() async throws {
        let server = try await RehearsalServer("contain-pod")
        #expect(try await server.firebreak("doctor", token: "wrong").status == 6)
        server.proxy.stop()
        let (json, status) = try await server.firebreak("doctor")
        #expect(status == 7 && Self.check("cluster", json)?["status"] == "failed")
        #expect(
            try await server.firebreak("run \(server.folder)/playbook.yaml --pod shop/cart-7c9d8b6f5-k7f2q").status == 7
        )
    }
}
