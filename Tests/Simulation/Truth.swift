import Rehearsal
import Vocabulary

/// What is so in the world, found out without any code of the product's decisions.
struct Truth: Sendable, Hashable {
    /// Nobody but the allow list reaches the pod, or is reached; a pod that is gone reaches nobody.
    var isCutOff: Bool
    /// The subject's node takes no new pods.
    var isCordoned: Bool
    /// How many good snapshots each volume has.
    var snapshots: [String: Int]

    init(_ cluster: RehearsalCluster, _ account: RehearsalAWS, _ target: Stage.Target) {
        let objects = cluster.snapshot()
        isCutOff = Self.isCutOff(objects, target)
        let node = objects.first { $0["kind"] == "Node" && $0[["metadata", "name"]]?.string == target.node }
        isCordoned = node?[["spec", "unschedulable"]] == true
        snapshots = [:]
        for snapshot in account.snapshots where snapshot["State"] != "error" {
            snapshots[snapshot["VolumeId"]?.string ?? "", default: 0] += 1
        }
    }

    /// Every policy that selects the pod must let nothing through but what is on the allow list; one of them must be
    /// ours, and close both ways.
    private static func isCutOff(_ objects: [JSONValue], _ target: Stage.Target) -> Bool {
        let pod = objects.first { $0["kind"] == "Pod" && $0[["metadata", "uid"]]?.string == target.podUID }
        guard let pod else { return true }
        let selecting = objects.filter { object in
            object["kind"] == "NetworkPolicy" && object[["metadata", "namespace"]] == pod[["metadata", "namespace"]]
                && selects(object[["spec", "podSelector"]], pod[["metadata", "labels"]])
        }
        let ours = selecting.contains { policy in
            policy[["metadata", "name"]]?.string?.hasPrefix("firebreak-quarantine-") == true
                && policy[["spec", "policyTypes"]] == ["Ingress", "Egress"]
        }
        return ours && selecting.allSatisfy { isClosed($0["spec"], target.allowed) }
    }

    private static func isClosed(_ spec: JSONValue?, _ allowed: Set<String>) -> Bool {
        let egress = spec?["egress"]?.array ?? []
        let types = spec?["policyTypes"]?.array ?? (egress.isEmpty ? ["Ingress"] : ["Ingress", "Egress"])
        if types.contains("Ingress"), spec?["ingress"]?.array?.isEmpty == false { return false }
        guard types.contains("Egress") else { return true }
        return egress.allSatisfy { rule in
            let peers = rule["to"]?.array ?? []
            return !peers.isEmpty && peers.allSatisfy { allowed.contains($0[["ipBlock", "cidr"]]?.string ?? "") }
        }
    }

    private static func selects(_ selector: JSONValue?, _ labels: JSONValue?) -> Bool {
        let wanted = selector?["matchLabels"]?.object ?? JSONObject()
        guard wanted.allSatisfy({ labels?[$0.key] == $0.value }) else { return false }
        return (selector?["matchExpressions"]?.array ?? []).allSatisfy { condition in
            let value = labels?[condition["key"]?.string ?? ""]
            let isListed = value.map { (condition["values"]?.array ?? []).contains($0) } ?? false
            return switch condition["operator"]?.string {
            case "In": isListed
            case "NotIn": !isListed
            case "Exists": value != nil
            case "DoesNotExist": value == nil
            default: false
            }
        }
    }
}
