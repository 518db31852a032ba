internal import Vocabulary

/// What a policy would let through in one direction, had it a say, beyond the allow list.
package struct PolicyLeak: Sendable, Hashable, Codable {
    package var direction: TrafficDirection
    /// For people: `anywhere → 9090/TCP`.
    package var openings: [String]
}

extension NetworkPolicyView {
    /// The leaks of this policy for a pod that it selects, whoever the peers are or may come to be.
    ///
    /// A peer selector counts even when no pod matches it today: the next pod may. Only what can never match,
    /// such as an empty port name or a contradictory selector, counts as nothing.
    package func leaks(for pod: PodEndpoint, beyond allow: AllowList) -> [PolicyLeak] {
        TrafficDirection.allCases.compactMap { direction in
            let found = rules(direction).flatMap { openings($0, direction, pod, allow) }
            return found.isEmpty ? nil : PolicyLeak(direction: direction, openings: found)
        }
    }

    private func openings(
        _ rule: PolicyRule,
        _ direction: TrafficDirection,
        _ pod: PodEndpoint,
        _ allow: AllowList
    ) -> [String] {
        guard !rule.peers.isEmpty else {
            let ports = direction == .ingress ? rule.portSet(at: pod) : rule.portSetOutside
            let everyPort = direction == .ingress ? ports : rule.portSet(at: nil)
            let families = Self.families(of: pod)
            let isOpen = families.contains { leaves(everyPort, at: .whole($0), direction, allow) }
            return isOpen ? ["anywhere → \(ports.isEmpty ? everyPort : ports)"] : []
        }
        return rule.peers.compactMap { opening($0, rule, direction, pod, allow) }
    }

    private func opening(
        _ peer: PolicyPeer,
        _ rule: PolicyRule,
        _ direction: TrafficDirection,
        _ pod: PodEndpoint,
        _ allow: AllowList
    ) -> String? {
        // At an egress peer a port's name may mean any number: the peer's own containers decide.
        let ports = rule.portSet(at: direction == .ingress ? pod : nil)
        let ranges: [AddressRange]
        switch peer {
        case .pods(let pods, let namespaces):
            guard pods?.isSatisfiable ?? true, namespaces?.isSatisfiable ?? true else { return nil }
            ranges = Self.families(of: pod).map { .whole($0) }
        case .anyone: ranges = Self.families(of: pod).map { .whole($0) }
        case .block(let block): ranges = block.ranges
        }
        let isOpen = ranges.contains { leaves(ports, at: $0, direction, allow) }
        return isOpen ? "\(peer.text(in: namespace)) → \(ports)" : nil
    }

    /// The allow list names destinations, so it excuses nothing that comes in.
    private func leaves(
        _ ports: PortSet,
        at range: AddressRange,
        _ direction: TrafficDirection,
        _ allow: AllowList
    ) -> Bool {
        direction == .ingress ? !ports.isEmpty : allow.leavesOut(ports, at: range)
    }

    /// A pod can only talk over the families that it has addresses of; without any yet, over both.
    private static func families(of pod: PodEndpoint) -> Set<IPAddress.Family> {
        let own = Set(pod.addresses.map(\.family))
        return own.isEmpty ? [.v4, .v6] : own
    }
}

extension PolicyPeer {
    /// The peer in words: `pods app=ledger in payments`, `0.0.0.0/0 except 169.254.169.254/32`.
    package func text(in namespace: String) -> String {
        switch self {
        case .anyone: return "anyone"
        case .block(let block): return block.range.prefixLength == 0 && block.except.isEmpty ? "anywhere" : "\(block)"
        case .pods(let pods, let namespaces):
            let who = pods.map { $0.isEmpty ? "all pods" : "pods \($0)" } ?? "all pods"
            let place = namespaces.map { $0.isEmpty ? "every namespace" : "namespaces \($0)" } ?? namespace
            return "\(who) in \(place)"
        }
    }
}
