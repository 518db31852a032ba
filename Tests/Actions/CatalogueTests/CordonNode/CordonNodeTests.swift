import Catalogue
import KubernetesAPI
import Planning
import TestSupport
import Testing
import Vocabulary

@Suite("Cordoning keeps pods off a node and can be taken back exactly")
struct CordonNodeTests {
    private static let one = "ip-10-1-0-1.eu-central-1.compute.internal"
    private static let two = "ip-10-1-0-2.eu-central-1.compute.internal"
    private static let fargate = "fargate-ip-10-1-9-9.eu-central-1.compute.internal"

    private static func nodes(_ objects: [JSONValue]) -> [JSONValue] {
        objects.filter { $0["kind"] == "Node" }.map { node in
            var node = node.object ?? JSONObject()
            var metadata = node["metadata"]?.object ?? JSONObject()
            for name in ["resourceVersion", "managedFields", "generation"] { metadata[name] = nil }
            node["metadata"] = .object(metadata)
            return .object(node)
        }
    }

    @Test(
        "undo gives back the node as it was, taints and annotations included",
        arguments: [(one, false), (one, true), (two, false), (two, true)]
    )
    func undoRestores(_ node: String, _ taint: Bool) async throws {
        let rehearsal = try ActionRehearsal()
        let before = Self.nodes(await rehearsal.snapshot())
        let request = ActionRequest.sample(["node": .string(node), "taint": .bool(taint)])
        let plan = try await rehearsal.plan(CordonNode.self, request)
        let change = try #require(plan.changes.first)
        #expect(plan.changes.map(\.id) == ["cordon-\(node)", "event-\(node)"])
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation) == false) }
        try await rehearsal.apply(change.change)
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
        guard case .inverse(_, let inverse, let guarding) = change.undo else {
            Issue.record("no inverse")
            return
        }
        for expectation in guarding { #expect(try await rehearsal.holds(expectation)) }
        try await rehearsal.apply(inverse)
        let after = Self.nodes(await rehearsal.snapshot())
        #expect(Self.withoutEmptyMaps(after) == Self.withoutEmptyMaps(before))
    }

    /// An empty map or list of annotations or taints means the same as none.
    private static func withoutEmptyMaps(_ nodes: [JSONValue]) -> [JSONValue] {
        nodes.map { node in
            var node = node.object ?? JSONObject()
            for (part, member) in [("metadata", "annotations"), ("spec", "taints")] {
                var members = node[part]?.object ?? JSONObject()
                if members[member] == .object([:]) || members[member] == .array([]) { members[member] = nil }
                node[part] = .object(members)
            }
            return .object(node)
        }
    }

    @Test("a second run finds it done, and has nothing of its own to undo")
    func alreadyDone() async throws {
        let rehearsal = try ActionRehearsal()
        let request = ActionRequest.sample(["node": .string(Self.one)])
        try await rehearsal.apply(try #require(try await rehearsal.plan(CordonNode.self, request).changes.first).change)
        let again = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.one)], run: "run-2"))
        #expect(again.alreadyDone)
        #expect(again.changes.isEmpty && again.expectations.isEmpty)
        #expect(again.warnings.say("was cordoned before (by firebreak run run-1)"))
        #expect(again.output["alreadyCordoned"] == true)
        let tainting = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.one), "taint": true]))
        #expect(tainting.changes.first?.summary == "taint node \(Self.one)")
        #expect(!tainting.alreadyDone)
    }

    @Test("a node that changed since it was observed is left alone")
    func preconditions() async throws {
        let rehearsal = try ActionRehearsal()
        let request = ActionRequest.sample(["node": .string(Self.one)])
        let stale = try await rehearsal.plan(CordonNode.self, request)
        try await rehearsal.apply(try #require(stale.changes.first).change)
        await #expect(throws: KubernetesFault.self) {
            try await rehearsal.apply(try #require(stale.changes.first).change)
        }
    }

    @Test("the patch tests the uid and version, and names who cordons and how to release")
    func patch() async throws {
        let rehearsal = try ActionRehearsal()
        let plan = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.one), "taint": true]))
        guard case .kubernetes(let change) = try #require(plan.changes.first).change else {
            Issue.record("no write to Kubernetes")
            return
        }
        #expect(change.path == "/api/v1/nodes/\(Self.one)")
        #expect(change.preconditions["uid"] == "00000000-0000-0000-0000-000000000001")
        let operations = (change.body.array ?? []).map { "\($0["op"]?.string ?? "") \($0["path"]?.string ?? "")" }
        #expect(
            operations == [
                "test /metadata/uid", "test /metadata/resourceVersion", "add /spec/unschedulable", "add /spec/taints",
                "add /metadata/annotations/firebreak.dev~1incident",
                "add /metadata/annotations/firebreak.dev~1playbook",
                "add /metadata/annotations/firebreak.dev~1cordoned-by",
                "add /metadata/annotations/firebreak.dev~1release",
            ]
        )
        #expect(
            plan.release == [
                "kubectl uncordon \(Self.one)", "kubectl taint nodes \(Self.one) firebreak.dev/quarantine:NoSchedule-",
            ]
        )
        #expect(change.body.array?.last?["value"]?.string == plan.release.joined(separator: "\n"))
        #expect(plan.changes.first?.permission == .rbac(group: "", resource: "nodes", verb: "patch"))
    }

    @Test("an Event about the node says how to release it, in the namespace where Events of the cluster are")
    func event() async throws {
        let rehearsal = try ActionRehearsal()
        let plan = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.one)]))
        let event = try #require(plan.changes.last)
        #expect(event.semantics == .bestEffort)
        guard case .kubernetes(let write) = event.change, case .none = event.undo else {
            Issue.record("no record in the cluster")
            return
        }
        #expect(write.path == "/api/v1/namespaces/default/events")
        #expect(
            write.body[["involvedObject", "kind"]] == "Node" && write.body[["involvedObject", "namespace"]] == nil
        )
        #expect(write.body["message"]?.string?.hasSuffix("To release: kubectl uncordon \(Self.one)") == true)
        try await rehearsal.apply(event.change)
    }

    @Test("an expert's warnings are given: who stays, who may come, who may delete the node")
    func warnings() async throws {
        let rehearsal = try ActionRehearsal()
        let first = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.one)]))
        for part in [
            "evicts nothing: 3 pods", "DaemonSet", "tolerate the cordon and may be scheduled here again: shop/web-1",
            "managed node group blue", "last schedulable node in zone eu-central-1a", "scale-down-disabled",
        ] { #expect(first.warnings.say(part), "\(part)") }
        #expect(first.blastRadius.coTenants == ["shop/cart-0", "shop/web-1"])
        let second = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.two)]))
        for part in ["spot instance", "Karpenter (node pool burst)"] { #expect(second.warnings.say(part), "\(part)") }
        try await rehearsal.apply(try #require(first.changes.first).change)
        let last = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(Self.two)]))
        #expect(last.warnings.say("this is the last schedulable node:"))
    }

    @Test("a Fargate node and a node that the finding does not mean are refused")
    func refusals() async throws {
        let rehearsal = try ActionRehearsal()
        let fargate = try await rehearsal.plan(CordonNode.self, .sample(node: Self.fargate))
        #expect(fargate.verdicts.map(\.guardrail) == ["fargate-node"])
        let other = try await rehearsal.plan(CordonNode.self, .sample(node: Self.one, instance: "i-00000000000000002"))
        #expect(other.verdicts.map(\.guardrail) == ["node-identity"])
        let windows = CordonNode.Facts(
            node: NodeFacts(name: try #require(ObjectName("w")), uid: "u", operatingSystem: "windows"),
            others: [],
            pods: []
        )
        #expect(try CordonNode().plan(.sample(), windows).verdicts.map(\.guardrail) == ["windows-node"])
    }

    @Test("what cannot be found or named ends with the fault's own name")
    func faults() async throws {
        let rehearsal = try ActionRehearsal()
        let rows: [(ActionRequest, String)] = [
            (.sample(), "NotFound"), (.sample(["node": "../pods"]), "Invalid"), (.sample(["node": "gone"]), "NotFound"),
        ]
        for (request, name) in rows {
            let fault = await #expect(throws: ActionFault.self) {
                _ = try await CordonNode().observe(request, in: rehearsal.world)
            }
            #expect(fault?.name == name)
        }
        let fault = await #expect(throws: ActionFault.self) {
            _ = try await CordonNode().observe(
                .sample(node: Self.one),
                in: World(kubernetes: nil, aws: nil, isRehearsed: true)
            )
        }
        #expect(fault?.report.code == "ACTION-001")
    }

    @Test(
        "each node of the shared worlds can be cordoned and released",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        arguments: ["eks-vpc-cni", "eks-not-enforcing"]
    )
    func sharedWorlds(_ name: String) async throws {
        let rehearsal = try ActionRehearsal(corpus: name)
        let nodes = await rehearsal.snapshot().filter { $0["kind"] == "Node" }.compactMap {
            $0["metadata"]?["name"]?.string
        }
        try #require(!nodes.isEmpty)
        for node in nodes {
            let plan = try await rehearsal.plan(CordonNode.self, .sample(["node": .string(node), "taint": true]))
            #expect(plan.verdicts.isEmpty)
            try await rehearsal.apply(try #require(plan.changes.first).change)
            for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
        }
    }
}
