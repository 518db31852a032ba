internal import Vocabulary

/// Who can reach a pod and whom it can reach, grouped for people.
package struct Reach: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package var direction: TrafficDirection
        /// `payments/api`, `anywhere`, `10.0.0.0/8`, `169.254.169.254 (instance metadata)`.
        package var peer: String
        package var ports: PortSet

        package init(_ direction: TrafficDirection, _ peer: String, _ ports: PortSet) {
            self.direction = direction
            self.peer = peer
            self.ports = ports
        }

        package var line: String {
            switch direction {
            case .ingress: "from \(peer) → \(ports)"
            case .egress: "to \(peer) → \(ports)"
            }
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// What was possible before and is no longer, line by line.
    package func closed(comparedWith after: Reach) -> [String] { entries.filter { !after.covers($0) }.map(\.line) }

    private func covers(_ entry: Entry) -> Bool {
        entries.contains {
            $0.direction == entry.direction && $0.peer == entry.peer && entry.ports.subtracting($0.ports).isEmpty
        }
    }

    /// The lines, cut to `limit` with a count of the rest.
    package func lines(_ direction: TrafficDirection, limit: Int = 20) -> [String] {
        let lines = entries.filter { $0.direction == direction }.map(\.line)
        guard lines.count > limit else { return lines }
        return lines.prefix(limit) + ["… and \(lines.count - limit) more"]
    }
}

extension ReachEvaluator {
    /// The address at which EC2 gives credentials to whoever asks.
    private static let metadataAddress = IPAddress(family: .v4, bits: 0xa9fe_a9fe)

    /// The reach of a pod among these pods and with the world outside.
    package func reach(of pod: PodEndpoint, among pods: [PodEndpoint]) -> Reach {
        var entries: [Reach.Entry] = []
        for direction in TrafficDirection.allCases {
            entries += outside(pod, direction)
            entries += workloads(pod, direction, pods)
        }
        return Reach(entries)
    }

    private func outside(_ pod: PodEndpoint, _ direction: TrafficDirection) -> [Reach.Entry] {
        let policies = isolating(pod, direction)
        var blocks: [String: PortSet] = policies.isEmpty ? ["anywhere": .all] : [:]
        for policy in policies {
            for rule in policy.rules(direction) {
                let ports = direction == .ingress ? rule.portSet(at: pod) : rule.portSetOutside
                for name in Self.outsideNames(rule) where !ports.isEmpty {
                    blocks[name, default: PortSet()].formUnion(ports)
                }
            }
        }
        var entries = blocks.sorted { $0.key < $1.key }.map { Reach.Entry(direction, $0.key, $0.value) }
        let metadata = allowed(.egress, of: pod, with: .address(Self.metadataAddress))
        if direction == .egress, !metadata.isEmpty {
            entries.append(Reach.Entry(.egress, "\(Self.metadataAddress) (instance metadata)", metadata))
        }
        return entries
    }

    private static func outsideNames(_ rule: PolicyRule) -> [String] {
        guard !rule.peers.isEmpty else { return ["anywhere"] }
        return rule.peers.compactMap { peer in
            switch peer {
            case .pods: nil
            case .anyone, .block: peer.text(in: "")
            }
        }
    }

    private func workloads(_ pod: PodEndpoint, _ direction: TrafficDirection, _ pods: [PodEndpoint]) -> [Reach.Entry] {
        let own = isolating(pod, direction)
        var found: [String: PortSet] = [:]
        for other in pods where !other.isFinished && !(other.uid == pod.uid && other.qualifiedName == pod.qualifiedName)
        {
            let mine = allowed(direction, of: pod, with: Self.peer(other), under: own)
            guard !mine.isEmpty else { continue }
            let opposite: TrafficDirection = direction == .ingress ? .egress : .ingress
            let both = mine.intersection(allowed(opposite, of: other, with: Self.peer(pod)))
            if !both.isEmpty { found[other.workloadName, default: PortSet()].formUnion(both) }
        }
        return found.sorted { $0.key < $1.key }.map { Reach.Entry(direction, $0.key, $0.value) }
    }
}

extension PodEndpoint {
    /// The name that people know the pod's workload by: `payments/checkout`, or the pod's own.
    package var workloadName: String {
        guard let owner, let name = owner.split(separator: " ").last else { return qualifiedName }
        let hash = labels["pod-template-hash"].map { "-" + $0 } ?? ""
        let stem = !hash.isEmpty && name.hasSuffix(hash) ? name.dropLast(hash.count) : name
        return "\(namespace)/\(stem)"
    }
}
