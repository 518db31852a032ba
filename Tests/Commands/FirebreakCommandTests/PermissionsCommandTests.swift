import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("permissions prints what the playbooks need")
struct PermissionsCommandTests {
    @Test("rules name the API group and the resource, each in its place")
    func namesGroups() async throws {
        let result = await CommandLineRun(
            "permissions",
            PackageFolder.path + "/playbooks/contain-pod/playbook.yaml",
            "--output",
            "json"
        )
        #expect(result.status == .done)
        let rules = try #require(result.json["rbac"]?["rules"]?.array)
        let policies = rules.first {
            $0["resources"] == ["networkpolicies"] && $0["apiGroups"] == ["networking.k8s.io"]
        }
        #expect(policies?["verbs"] == ["create", "delete", "get", "list", "patch"])
        let pods = rules.first { $0["resources"] == ["pods"] }
        #expect(pods?["apiGroups"] == [""] && pods?["verbs"] == ["get", "list", "patch"])
        #expect(rules.allSatisfy { !($0["apiGroups"]?[0]?.string ?? "").contains("/") })
        let actions = result.json["iam"]?["Statement"]?[0]?["Action"]?.array ?? []
        #expect(actions.contains("ec2:CreateSnapshots") && actions.contains("securityhub:BatchUpdateFindings"))
    }

    @Test("a playbook that only records needs nothing in the cluster but to find its subject")
    func isLeast() async {
        let result = await CommandLineRun(
            "permissions",
            PackageFolder.path + "/playbooks/triage-only/playbook.yaml",
            "--output",
            "json"
        )
        let verbs = (result.json["rbac"]?["rules"]?.array ?? []).flatMap { $0["verbs"]?.array ?? [] }
        #expect(Set(verbs) == ["get", "list"])
    }
}
