import Vocabulary

/// What an expert would say about cordoning this node.
enum CordonWarnings {
    static func all(_ facts: CordonNode.Facts, _ patch: CordonPatch) -> [String] {
        alreadyCordoned(patch) + pods(facts, patch) + capacity(facts) + deletion(facts.node)
    }

    private static func alreadyCordoned(_ patch: CordonPatch) -> [String] {
        guard let who = patch.previousCordon else { return [] }
        return ["node \(patch.node.name) was cordoned before (by \(who)): undo of this run leaves it cordoned"]
    }

    private static func pods(_ facts: CordonNode.Facts, _ patch: CordonPatch) -> [String] {
        let running = facts.pods.filter { !$0.isFinished }
        var warnings = ["cordoning evicts nothing: \(running.count) pods keep running on node \(facts.node.name)"]
        warnings.append("DaemonSet pods, and pods with spec.nodeName, still start on a cordoned node")
        let cordon = NodeFacts.Taint(key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule")
        let others = running.filter { !$0.isOfDaemonSet && !$0.isMirror }
        let immune = others.filter { $0.tolerates(cordon) }.map(\.fullName).sorted()
        if !immune.isEmpty {
            warnings.append("pods like these tolerate the cordon and may be scheduled here again: \(shown(immune))")
        }
        return warnings
    }

    private static func capacity(_ facts: CordonNode.Facts) -> [String] {
        let left = facts.others.filter { !$0.isUnschedulable && $0.isReady && !$0.isFargate && !$0.isVirtual }
        guard !left.isEmpty else {
            return ["this is the last schedulable node: new pods will stay Pending until another one joins"]
        }
        guard let zone = facts.node.zone, !left.contains(where: { $0.zone == zone }) else { return [] }
        return [
            "this is the last schedulable node in zone \(zone): pods whose EBS volumes are there will stay Pending"
        ]
    }

    /// Who may delete a cordoned node, and the evidence with it.
    private static func deletion(_ node: NodeFacts) -> [String] {
        var warnings: [String] = []
        if node.isBeingDeleted { warnings.append("node \(node.name) is being deleted: capture evidence now") }
        if !node.isReady { warnings.append("node \(node.name) is not Ready: its pods may be evicted by taint soon") }
        if node.isSpot {
            warnings.append("spot instance: it can be gone two minutes after a notice; take snapshots first")
        }
        if let pool = node.nodePool, node.annotations?["karpenter.sh/do-not-disrupt"] != "true" {
            warnings.append(
                "Karpenter (node pool \(pool)) may consolidate, expire or replace a cordoned node: "
                    + "annotate it karpenter.sh/do-not-disrupt=true"
            )
        }
        if node.isAutoMode {
            warnings.append("EKS Auto Mode replaces its nodes by itself, at the latest when they are 21 days old")
        }
        if let group = node.nodeGroup {
            warnings.append("managed node group \(group): an upgrade or a health repair may terminate the node")
        }
        if node.nodePool == nil, node.annotations?["cluster-autoscaler.kubernetes.io/scale-down-disabled"] != "true" {
            warnings.append(
                "an autoscaler may remove the node as underused: "
                    + "annotate it cluster-autoscaler.kubernetes.io/scale-down-disabled=true"
            )
        }
        if (node.taints ?? []).contains(where: { $0.key == "ToBeDeletedByClusterAutoscaler" }) {
            warnings.append("the cluster autoscaler is already removing node \(node.name)")
        }
        return warnings
    }

    /// At most five names, and how many more.
    static func shown(_ names: [String]) -> String {
        let head = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(head) and \(names.count - 5) more" : head
    }
}
