internal import NetworkReach
internal import Planning
internal import Vocabulary

extension Quarantine {
    /// The pod's own address with a few of the TCP ports that it declares; nil when there is nothing to ask.
    ///
    /// Nor when nobody knows the node's addresses: then a connection from the node could not be told from others.
    var probeTarget: ProbeTarget? {
        let pod = target.endpoint
        guard !pod.usesHostNetwork, !pod.isFinished, let address = pod.addresses.first, Self.isElsewhere(address),
            let node = facts.node, !node.addresses.isEmpty
        else { return nil }
        let ports = Set(pod.ports.filter { $0.protocol == .tcp }.map(\.number)).sorted().prefix(Self.portLimit)
        guard !ports.isEmpty else { return nil }
        return ProbeTarget(address: address, ports: Array(ports), node: node.name, nodeAddresses: node.addresses)
    }

    private static let portLimit = 3

    /// No pod has an address of this machine alone, of one link, or of many; whoever wrote one there is not helped.
    private static func isElsewhere(_ address: IPAddress) -> Bool { !special.contains { $0.contains(address) } }

    private static let special = [
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "fe80::/10", "ff00::/8",
    ]
    .compactMap { CIDR($0) }
}
