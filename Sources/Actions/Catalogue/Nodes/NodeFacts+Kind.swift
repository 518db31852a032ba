package import Planning
package import Vocabulary

extension NodeFacts {
    /// The EC2 instance behind a node: `aws:///eu-central-1a/i-0123456789abcdef0`.
    package struct Provider: Sendable, Hashable {
        package var zone: String
        package var instance: InstanceID
    }

    /// Nil for nodes that are no EC2 instances, such as those of Fargate and hybrid nodes.
    package var provider: Provider? {
        guard providerID.hasPrefix("aws://") else { return nil }
        let parts = providerID.dropFirst(6).split(separator: "/")
        guard parts.count == 2, let instance = InstanceID(String(parts[1])) else { return nil }
        return Provider(zone: String(parts[0]), instance: instance)
    }

    package var isFargate: Bool {
        labels["eks.amazonaws.com/compute-type"] == "fargate" || name.rawValue.hasPrefix("fargate-")
    }

    package var isVirtual: Bool {
        labels["type"] == "virtual-kubelet" || labels["kubernetes.io/role"] == "virtual-kubelet"
    }

    package var isWindows: Bool { operatingSystem == "windows" || labels["kubernetes.io/os"] == "windows" }

    package var isSpot: Bool {
        labels["eks.amazonaws.com/capacityType"] == "SPOT" || labels["karpenter.sh/capacity-type"] == "spot"
    }

    package var nodeGroup: String? { labels["eks.amazonaws.com/nodegroup"] }

    package var nodePool: String? { labels["karpenter.sh/nodepool"] ?? labels["karpenter.sh/provisioner-name"] }

    package var isAutoMode: Bool { labels["eks.amazonaws.com/compute-type"] == "auto" }

    package var zone: String? {
        labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? provider?.zone
    }

    /// From the topology label, else from the zone without its last letters: `us-west-2` of `us-west-2-lax-1a`.
    package var region: RegionName? {
        if let label = labels["topology.kubernetes.io/region"] { return RegionName(label) }
        guard let zone else { return nil }
        let parts = zone.split(separator: "-")
        guard let digit = parts.firstIndex(where: { $0.utf8.first.map { (0x30...0x39).contains($0) } ?? false }) else {
            return nil
        }
        let number = parts[digit].prefix { $0.isASCII && $0.isNumber }
        return RegionName((parts[..<digit] + [number]).joined(separator: "-"))
    }

    /// Refusals that every action on a whole node shares.
    package func refusals(expecting instance: InstanceID?) -> [Verdict] {
        var verdicts: [Verdict] = []
        if isFargate {
            verdicts.append(
                Verdict(
                    "fargate-node",
                    .refuse,
                    "node \(name) is a Fargate micro-VM: it has one pod and no instance or volume of ours"
                )
            )
        }
        if isVirtual {
            verdicts.append(Verdict("virtual-node", .refuse, "node \(name) is virtual: there is no machine behind it"))
        }
        if let instance, let provider, provider.instance != instance {
            verdicts.append(
                Verdict(
                    "node-identity",
                    .refuse,
                    "the finding names instance \(instance), but node \(name) is \(provider.instance)",
                    override: "start the run with --node \(name)"
                )
            )
        }
        return verdicts
    }
}
