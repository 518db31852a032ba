internal import NetworkReach
internal import Vocabulary

/// The pod by which a network plugin enforces policies on the node of the pod to isolate.
package struct PolicyEnforcer: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case vpcCNI = "VPC CNI"
        case cilium = "Cilium"
        case calico = "Calico"
    }

    package var kind: Kind
    package var pod: String
    package var isReady: Bool
    /// The node agent's `--enable-network-policy`; nil when the pod has no node agent.
    package var networkPolicyFlag: Bool?
    /// Such as `1.20.1`, from the image's tag.
    package var version: String
    package var enforcesStrictly: Bool
    package var handlesIPv6: Bool

    /// VPC CNI enforces from 1.14 on; an image named by digest says nothing.
    var isTooOld: Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        guard kind == .vpcCNI, parts.count >= 2 else { return false }
        return (parts[0], parts[1]) < (1, 14)
    }
}

extension PolicyEnforcer {
    /// The DaemonSets' pods by their usual label, in the namespaces where only the cluster's owners put pods.
    static let marks: [(label: String, value: String, kind: Kind)] = [
        ("k8s-app", "aws-node", .vpcCNI), ("k8s-app", "cilium", .cilium), ("k8s-app", "calico-node", .calico),
    ]
    static let systemNamespaces: Set<String> = [
        "kube-system", "calico-system", "calico-apiserver", "tigera-operator", "cilium",
    ]

    /// Reads a Pod; nil when it is none of a known network plugin.
    init?(json: JSONValue) {
        guard let metadata = json["metadata"], let name = metadata["name"]?.string,
            let namespace = metadata["namespace"]?.string, Self.systemNamespaces.contains(namespace)
        else { return nil }
        let labels = metadata["labels"].stringMap
        guard let mark = Self.marks.first(where: { labels[$0.label] == $0.value }) else { return nil }
        guard Self.isOwned(json, by: mark.kind) else { return nil }
        let containers = json[["spec", "containers"]]?.array ?? []
        let arguments = containers.flatMap { ($0["args"]?.array ?? []).compactMap(\.string) }
        let main = containers.first { ["aws-node", "cilium-agent", "calico-node"].contains($0["name"]?.string ?? "") }
        let hasAgent = containers.contains { $0["name"]?.string == "aws-eks-nodeagent" }
        let conditions = json[["status", "conditions"]]?.array ?? []
        self.init(
            kind: mark.kind,
            pod: "\(namespace)/\(name)",
            isReady: conditions.contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" },
            networkPolicyFlag: hasAgent ? Self.flag("enable-network-policy", arguments) : nil,
            version: Self.version(main?["image"]?.string ?? ""),
            enforcesStrictly: Self.isStrict(containers),
            handlesIPv6: Self.flag("enable-ipv6", arguments)
        )
    }

    /// A label alone is easily borrowed: the pod must be its DaemonSet's, and run the plugin's container.
    private static func isOwned(_ json: JSONValue, by kind: Kind) -> Bool {
        let (daemonSet, container) =
            switch kind {
            case .vpcCNI: ("aws-node", "aws-node")
            case .cilium: ("cilium", "cilium-agent")
            case .calico: ("calico-node", "calico-node")
            }
        let owners = json[["metadata", "ownerReferences"]]?.array ?? []
        let names = (json[["spec", "containers"]]?.array ?? []).compactMap { $0["name"]?.string }
        return names.contains(container)
            && owners.contains { $0["kind"]?.string == "DaemonSet" && $0["name"]?.string == daemonSet }
    }

    /// A Go flag: present without a value means true, absent means false; the last one counts.
    private static func flag(_ name: String, _ arguments: [String]) -> Bool {
        for argument in arguments.reversed() {
            let bare = argument.drop { $0 == "-" }
            if bare == name { return true }
            if bare.hasPrefix(name + "=") {
                return ["true", "1", "t", "T", "TRUE", "True"].contains(bare.dropFirst(name.count + 1))
            }
        }
        return false
    }

    private static func version(_ image: String) -> String {
        let untagged = image.split(separator: "@").first ?? ""
        guard let tag = untagged.split(separator: "/").last?.split(separator: ":").dropFirst().first else { return "" }
        return String(tag.drop { $0 == "v" }.prefix { $0.isNumber || $0 == "." })
    }

    private static func isStrict(_ containers: [JSONValue]) -> Bool {
        containers.flatMap { $0["env"]?.array ?? [] }.contains {
            $0["name"]?.string == "NETWORK_POLICY_ENFORCING_MODE" && $0["value"]?.string == "strict"
        }
    }
}
