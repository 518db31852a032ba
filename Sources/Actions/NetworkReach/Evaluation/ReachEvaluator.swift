package import Vocabulary

/// The other end of a pod's traffic.
package enum TrafficPeer: Sendable, Hashable {
    case pod(PodEndpoint)
    /// A machine that is no pod, or a pod on its node's own network: known by its address only.
    case address(IPAddress)
}

/// Answers who may talk to whom, as Kubernetes defines it: policies only add, and both ends must allow.
package struct ReachEvaluator: Sendable {
    /// Labels by namespace.
    private let namespaces: [String: [String: String]]
    private let policies: [String: [NetworkPolicyView]]

    package init(namespaces: [String: [String: String]], policies: [NetworkPolicyView]) {
        self.namespaces = namespaces
        self.policies = Dictionary(grouping: policies, by: \.namespace)
    }

    /// The policies that isolate a pod in a direction; none means that everything passes.
    package func isolating(_ pod: PodEndpoint, _ direction: TrafficDirection) -> [NetworkPolicyView] {
        guard !pod.usesHostNetwork else { return [] }
        return (policies[pod.namespace] ?? []).filter { $0.isolates.contains(direction) && $0.selects(pod.labels) }
    }

    /// What the pod's own side lets through in a direction, to or from a peer.
    package func allowed(_ direction: TrafficDirection, of pod: PodEndpoint, with peer: TrafficPeer) -> PortSet {
        allowed(direction, of: pod, with: peer, under: isolating(pod, direction))
    }

    func allowed(
        _ direction: TrafficDirection,
        of pod: PodEndpoint,
        with peer: TrafficPeer,
        under isolating: [NetworkPolicyView]
    ) -> PortSet {
        guard !isolating.isEmpty else { return .all }
        var ports = PortSet()
        for policy in isolating {
            for rule in policy.rules(direction) where matches(rule, peer, of: policy) {
                ports.formUnion(portSet(of: rule, direction, pod: pod, peer: peer))
            }
        }
        return ports
    }

    /// The ports on which `source` may open connections to `destination`.
    package func ports(from source: PodEndpoint, to destination: PodEndpoint) -> PortSet {
        let out = allowed(.egress, of: source, with: Self.peer(destination))
        return out.isEmpty ? out : out.intersection(allowed(.ingress, of: destination, with: Self.peer(source)))
    }

    static func peer(_ pod: PodEndpoint) -> TrafficPeer {
        guard pod.usesHostNetwork, let address = pod.addresses.first else { return .pod(pod) }
        return .address(address)
    }

    private func portSet(
        of rule: PolicyRule,
        _ direction: TrafficDirection,
        pod: PodEndpoint,
        peer: TrafficPeer
    ) -> PortSet {
        switch (direction, peer) {
        case (.ingress, _): rule.portSet(at: pod)
        case (.egress, .pod(let destination)): rule.portSet(at: destination)
        case (.egress, .address): rule.portSetOutside
        }
    }

    private func matches(_ rule: PolicyRule, _ peer: TrafficPeer, of policy: NetworkPolicyView) -> Bool {
        rule.peers.isEmpty || rule.peers.contains { matches($0, peer, of: policy) }
    }

    private func matches(_ entry: PolicyPeer, _ peer: TrafficPeer, of policy: NetworkPolicyView) -> Bool {
        switch (entry, peer) {
        case (.anyone, _): true
        case (.block(let block), .address(let address)): block.contains(address)
        case (.block(let block), .pod(let pod)): pod.addresses.contains(where: block.contains)
        case (.pods, .address): false
        case (.pods(let pods, let selected), .pod(let pod)):
            isIn(pod, selected, policy.namespace) && pods?.matches(pod.labels) ?? true
        }
    }

    private func isIn(_ pod: PodEndpoint, _ selected: LabelSelector?, _ own: String) -> Bool {
        guard let selected else { return pod.namespace == own }
        return selected.matches(labels(of: pod.namespace))
    }

    /// The API server keeps the name among a namespace's labels; dumps of old clusters may lack it.
    private func labels(of namespace: String) -> [String: String] {
        var labels = namespaces[namespace] ?? [:]
        labels["kubernetes.io/metadata.name"] = labels["kubernetes.io/metadata.name"] ?? namespace
        return labels
    }
}
