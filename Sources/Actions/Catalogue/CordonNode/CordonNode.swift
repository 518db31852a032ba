import KubernetesAPI
package import Planning
package import Playbooks
import Vocabulary

/// Keeps new pods off a node; nothing that runs there is touched.
package struct CordonNode: Action {
    package struct Facts: Sendable, Hashable, Codable {
        package var node: NodeFacts
        package var others: [NodeFacts]
        package var pods: [NodePod]

        package init(node: NodeFacts, others: [NodeFacts], pods: [NodePod]) {
            self.node = node
            self.others = others
            self.pods = pods
        }
    }

    package init() {}

    package static let manifest = ActionManifest(
        name: "cordon-node",
        summary: "Keep new pods off a node, and leave alone what runs there.",
        actionClass: .contain,
        parameters: [
            .init("node", .objectName, "The node; by default the one that the subject runs on."),
            .init("taint", .boolean, "Also set a taint of our own, so that an uncordon by others keeps pods off."),
        ],
        errors: ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict", "Invalid"],
        permissions: ["get nodes", "list nodes", "list pods", "patch nodes"],
        optionalPermissions: [HoldEvent.permission],
        undo: "uncordons and removes the taint, unless the node was cordoned before",
        outputs: ["node", "instanceId", "alreadyCordoned", "cordonedBy", "pods"],
        example: """
            cordon:
              action: cordon-node
              with: { node: "${{ subject.node.name }}", taint: true }
            """
    )

    package func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> Facts {
        let kubernetes = try world.requiredKubernetes()
        let name = try request.nodeName()
        let object = try await kubernetes.object(.object(.nodes, name))
        guard let node = NodeFacts(object) else { throw .unreadable("node \(name)", "a uid") }
        let nodes = try await kubernetes.objects(.collection(.nodes))
        let pods = try await kubernetes.objects(.collection(.pods), fieldSelector: "spec.nodeName=\(name)")
        return Facts(
            node: node,
            others: nodes.compactMap { NodeFacts($0) }.filter { $0.name != name },
            pods: pods.map { NodePod($0) }
        )
    }

    package func plan(_ request: ActionRequest, _ facts: Facts) throws(ActionFault) -> ActionPlan {
        let patch = CordonPatch(request, facts.node)
        var plan = ActionPlan(
            warnings: CordonWarnings.all(facts, patch),
            verdicts: verdicts(request, facts.node),
            blastRadius: blastRadius(request, facts),
            release: patch.release,
            output: output(facts)
        )
        guard let change = patch.change else {
            plan.alreadyDone = true
            return plan
        }
        plan.changes = [change, patch.event(request)].compactMap(\.self)
        plan.expectations = patch.expectations
        return plan
    }

    private func verdicts(_ request: ActionRequest, _ node: NodeFacts) -> [Verdict] {
        var verdicts = node.refusals(expecting: request.expectedInstance(of: node.name))
        if node.isWindows {
            verdicts.append(
                Verdict("windows-node", .refuse, "node \(node.name) runs Windows, which this version does not handle")
            )
        }
        return verdicts
    }

    private func blastRadius(_ request: ActionRequest, _ facts: Facts) -> BlastRadius {
        let own = request.subject.pod.map { "\(request.subject.namespace?.rawValue ?? "")/\($0.name)" }
        let neighbours = facts.pods.filter { !$0.isOfDaemonSet && !$0.isMirror && !$0.isFinished }
        return BlastRadius(
            nodes: [facts.node.name.rawValue],
            coTenants: neighbours.map(\.fullName).filter { $0 != own }.sorted()
        )
    }

    private func output(_ facts: Facts) -> JSONValue {
        var output: JSONObject = [
            "node": .string(facts.node.name.rawValue), "alreadyCordoned": .bool(facts.node.isUnschedulable),
            "pods": .integer(Int64(facts.pods.count)),
        ]
        output["instanceId"] = (facts.node.provider?.instance.rawValue).map(JSONValue.string)
        output["cordonedBy"] = facts.node.annotations?[CordonPatch.cordonedBy].map(JSONValue.string)
        return .object(output)
    }
}
