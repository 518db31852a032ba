import Catalogue
import Planning
import Testing
import Vocabulary

@Suite("A node is known for what it is")
struct NodeFactsTests {
    @Test(
        "the instance and its zone come from the providerID",
        arguments: [
            ("aws:///eu-central-1a/i-00000000000000001", "i-00000000000000001"),
            ("aws:///us-west-2-lax-1a/i-0123456789abcdef0", "i-0123456789abcdef0"),
            ("aws:///eu-central-1a/0123-ab/fargate-ip-10-0-0-1", nil), ("eks-hybrid:///eu-central-1/c/mi-1", nil),
            ("gce://p/z/i-00000000000000001", nil), ("aws:///eu-central-1a/i-1", nil), ("", nil),
        ] as [(String, String?)]
    )
    func provider(_ text: String, _ instance: String?) throws {
        let name = try #require(ObjectName("n"))
        #expect(NodeFacts(name: name, uid: "u", providerID: text).provider?.instance.rawValue == instance)
    }

    @Test(
        "the Region is the label's, else the zone's without its letters",
        arguments: [
            (["topology.kubernetes.io/region": "eu-west-1"], "", "eu-west-1"),
            (["topology.kubernetes.io/zone": "eu-central-1b"], "", "eu-central-1"),
            ([:], "aws:///us-west-2-lax-1a/i-0123456789abcdef0", "us-west-2"),
            ([:], "aws:///us-gov-west-1a/i-0123456789abcdef0", "us-gov-west-1"), ([:], "", nil),
        ] as [([String: String], String, String?)]
    )
    func region(_ labels: [String: String], _ provider: String, _ region: String?) throws {
        let name = try #require(ObjectName("n"))
        #expect(NodeFacts(name: name, uid: "u", labels: labels, providerID: provider).region?.rawValue == region)
    }

    @Test(
        "tolerations are matched as the scheduler matches them",
        arguments: [
            (["operator": "Exists"], true), (["key": "k", "operator": "Exists"], true),
            (["key": "k", "value": "v"], true), (["key": "k", "value": "v", "effect": "NoSchedule"], true),
            (["key": "k", "value": "v", "effect": "NoExecute"], false), (["key": "k", "value": "w"], false),
            (["key": "j", "operator": "Exists"], false), (["key": "k"], false),
        ] as [(JSONValue, Bool)]
    )
    func tolerations(_ toleration: JSONValue, _ tolerates: Bool) {
        let pod = NodePod(["spec": ["tolerations": [toleration]]])
        #expect(pod.tolerates(NodeFacts.Taint(key: "k", value: "v", effect: "NoSchedule")) == tolerates)
    }

    @Test(
        "nodes without a machine of ours, and the wrong machine, are refused by name",
        arguments: [
            (["eks.amazonaws.com/compute-type": "fargate"], nil, "fargate-node"),
            (["type": "virtual-kubelet"], nil, "virtual-node"), ([:], "i-00000000000000009", "node-identity"),
            ([:], "i-00000000000000001", nil), ([:], nil, nil),
        ] as [([String: String], String?, String?)]
    )
    func refusals(_ labels: [String: String], _ expected: String?, _ guardrail: String?) throws {
        let node = NodeFacts(
            name: try #require(ObjectName("n")),
            uid: "u",
            labels: labels,
            providerID: "aws:///eu-central-1a/i-00000000000000001"
        )
        let verdicts = node.refusals(expecting: expected.flatMap { InstanceID($0) })
        #expect(verdicts.map(\.guardrail) == [guardrail].compactMap(\.self))
        #expect(verdicts.allSatisfy { $0.verdict == .refuse })
    }
}
