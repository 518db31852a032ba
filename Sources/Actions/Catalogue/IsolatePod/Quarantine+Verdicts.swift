internal import NetworkReach
internal import Planning
internal import Vocabulary

extension Quarantine {
    /// What the action itself finds against isolating this pod.
    var verdicts: [Verdict] {
        var found: [Verdict] = []
        if target.endpoint.usesHostNetwork {
            found.append(
                Verdict(
                    "host-network",
                    .refuse,
                    "hostNetwork: NetworkPolicy does not apply to pod \(target.endpoint.qualifiedName), which uses its node's "
                        + "network; contain the node instead (cordon-node, snapshot-volumes, then the instance's security groups)"
                )
            )
        }
        if let role = clusterRole {
            found.append(
                Verdict(
                    "self-protection",
                    .refuse,
                    "pod \(target.endpoint.qualifiedName) is part of the \(role): without it the whole cluster loses its network"
                )
            )
        }
        if let node = facts.node, node.isFargate || node.isVirtual || node.operatingSystem == "windows" {
            found.append(
                Verdict(
                    "unsupported-node",
                    .refuse,
                    "node \(node.name) is \(node.kindInWords), where NetworkPolicy is not enforced; "
                        + "use security groups, or scale the workload away"
                )
            )
        }
        return found + approvals
    }

    private var approvals: [Verdict] {
        var found: [Verdict] = []
        let title = target.endpoint.qualifiedName
        if target.phase == "Succeeded" || target.phase == "Failed" {
            found.append(
                Verdict(
                    "not-running",
                    .needsApproval,
                    "pod \(title) has ended (\(target.phase)): there is nothing to cut off",
                    override: "approve the run"
                )
            )
        } else if !target.hasContainers {
            found.append(
                Verdict(
                    "not-running",
                    .needsApproval,
                    "pod \(title) is \(target.phase) and has no running container to identify",
                    override: "approve the run"
                )
            )
        }
        if target.isMirror {
            found.append(
                Verdict(
                    "static-pod",
                    .needsApproval,
                    "pod \(title) mirrors a file on its node: the kubelet may put its labels back",
                    override: "approve the run, and remove the manifest from the node"
                )
            )
        }
        for entry in parameters.allow.entries where Self.isWide(entry.destination) {
            found.append(
                Verdict(
                    "allow-list",
                    .needsApproval,
                    "the allow list leaves \(entry.destination) reachable: an attacker in the pod can use all of it",
                    override: "name single addresses in isolate-pod's allow, or approve the plan"
                )
            )
        }
        if let impostor = impostors.first {
            found.append(
                Verdict(
                    "shared-mark",
                    .needsApproval,
                    "pod \(impostor.qualifiedName) bears the same quarantine label and would be cut off as well",
                    override: "approve the run, or take the label off that pod"
                )
            )
        }
        return found
    }

    /// More than a subnet, or the address where the node's credentials are.
    private static func isWide(_ block: CIDR) -> Bool {
        if let metadata = IPAddress("169.254.169.254"), block.contains(metadata) { return true }
        return block.prefixLength < (block.network.family == .v4 ? 16 : 48)
    }

    /// The part of the cluster that the pod is; only in namespaces where the cluster's owners put pods.
    private var clusterRole: String? {
        guard PolicyEnforcer.systemNamespaces.contains(target.namespace) else { return nil }
        let labels = target.endpoint.labels
        let app = labels["k8s-app"] ?? labels["app.kubernetes.io/name"] ?? ""
        let servesDNS = servicesBefore.contains { $0.name == "kube-dns" || $0.name == "coredns" }
        if servesDNS || ["kube-dns", "coredns", "node-local-dns"].contains(app) { return "cluster DNS" }
        let plugins = [
            "aws-node", "cilium", "cilium-operator", "io.cilium/operator", "calico-node", "calico-typha",
            "calico-kube-controllers", "kube-proxy",
        ]
        let isPlugin = plugins.contains(app) || plugins.contains(labels["app.kubernetes.io/name"] ?? "")
        return isPlugin || target.ownerKind == "DaemonSet" && plugins.contains(target.ownerName ?? "") ? "CNI" : nil
    }
}
