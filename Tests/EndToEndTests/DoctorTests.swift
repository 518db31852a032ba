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
        for name in ["cluster-permissions", "aws-permissions", "network-policy"] {
            #expect(Self.check(name, json)?["status"] == "ok", "\(Self.check(name, json) ?? .null)")
        }
        #expect(Self.check("network-policy", json)?["what"]?.string?.contains("enforced on 2 of 2 nodes") == true)
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

    @Test("an action of AWS that is denied is named, Security Hub's among them, and is refused when it is called")
    func deniedActions() async throws {
        let denied = ["securityhub:BatchUpdateFindings", "ec2:CreateSnapshots"]
        let server = try await RehearsalServer("contain-pod", denied: denied)
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        let check = Self.check("aws-permissions", json)
        #expect(status == 6 && check?["status"] == "failed", "\(json)")
        #expect(check?["what"] == "denied: ec2:CreateSnapshots, securityhub:BatchUpdateFindings")
        let triage = PackageFolder.path + "/playbooks/triage-only/playbook.yaml"
        let (needless, code) = try await server.firebreak("doctor \(triage)")
        #expect(code == 6 && Self.check("network-policy", needless) == nil)
        #expect(Self.check("aws-permissions", needless)?["what"] == "denied: securityhub:BatchUpdateFindings")
        let dryRun = "run \(server.folder)/playbook.yaml --finding \(server.folder)/finding.json --dry-run server"
        let (plan, refusal) = try await server.firebreak(dryRun)
        #expect(refusal == 6 && "\(plan)".contains("UnauthorizedOperation"))
    }

    @Test("where IAM may not be asked the actions are named and not checked, which fails nothing")
    func mayNotAsk() async throws {
        let server = try await RehearsalServer("contain-pod", denied: ["iam:SimulatePrincipalPolicy"])
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        let check = Self.check("aws-permissions", json)
        #expect(status == 0 && check?["status"] == "warning")
        #expect(check?["what"]?.string?.contains("may not ask (iam:SimulatePrincipalPolicy)") == true, "\(json)")
        #expect(check?["what"]?.string?.contains("securityhub:BatchUpdateFindings") == true)
    }

    @Test("a network plugin that enforces nothing fails, and what would help is said")
    func enforcesNothing() async throws {
        let server = try await RehearsalServer("contain-pod") {
            $0.replacing("--enable-network-policy=true", with: "--enable-network-policy=false")
        }
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        let check = Self.check("network-policy", json)
        #expect(status == 1 && check?["status"] == "failed", "\(json)")
        #expect(check?["what"]?.string?.contains("enable-network-policy=false") == true)
        #expect(check?["remedy"]?.string?.contains("enableNetworkPolicy") == true)
    }

    @Test("the right to record Events alone is missed with a warning")
    func missesEvents() async throws {
        let all = ["get", "list", "patch", "delete", "update"].map {
            RehearsalAuthorizer.Rule(verbs: [$0], groups: ["*"], resources: ["*"])
        }
        let create = RehearsalAuthorizer.Rule(
            verbs: ["create"],
            groups: ["*"],
            resources: ["networkpolicies", "selfsubjectaccessreviews"]
        )
        let server = try await RehearsalServer("contain-pod", rights: all + [create])
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        let check = Self.check("cluster-permissions", json)
        #expect(status == 0 && check?["status"] == "warning", "\(json)")
        #expect(check?["what"]?.string?.hasSuffix("create events") == true)
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
