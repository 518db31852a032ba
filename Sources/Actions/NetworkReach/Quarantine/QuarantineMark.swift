/// The label that makes one pod, and no other, subject to its quarantine policy.
package struct QuarantineMark: Sendable, Hashable, Codable {
    package static let key = "firebreak.dev/quarantine"

    /// Sixteen hexadecimal digits that stand for the pod's UID.
    package let value: String

    /// Takes SHA-256 of a text in hexadecimal as `fingerprint`.
    package init(uid: String, fingerprint: (String) -> String) {
        value = String(fingerprint(uid).prefix(16))
    }

    package init(value: String) { self.value = value }

    package var policyName: String { "firebreak-quarantine-\(value)" }

    /// The requirement that keeps a policy off the marked pod.
    package var exclusion: LabelRequirement { LabelRequirement(Self.key, .isNotIn, [value]) }
}

extension NetworkPolicyView {
    /// The policy after a patch that takes the marked pod out of it, and nobody else.
    package func excluding(_ mark: QuarantineMark) -> NetworkPolicyView {
        var copy = self
        copy.podSelector.requirements.append(mark.exclusion)
        return copy
    }

    /// Whether such a patch is in place.
    package func excludes(_ mark: QuarantineMark) -> Bool { podSelector.requirements.contains(mark.exclusion) }

    /// The policy as it was before such a patch.
    package func including(_ mark: QuarantineMark) -> NetworkPolicyView {
        var copy = self
        copy.podSelector.requirements.removeAll { $0 == mark.exclusion }
        return copy
    }

    /// The quarantine policy of a marked pod.
    package static func quarantine(_ mark: QuarantineMark, in namespace: String, allow: AllowList) -> NetworkPolicyView
    {
        let rules = allow.entries.map { entry in
            let ports: [PolicyPort]
            switch (entry.port, entry.protocol) {
            case (let port?, let kind): ports = [PolicyPort(kind ?? .tcp, .numbers(port...port))]
            case (nil, let kind?): ports = [PolicyPort(kind, .every)]
            case (nil, nil): ports = []
            }
            return PolicyRule(peers: [.block(AddressBlock(entry.destination))], ports: ports)
        }
        return NetworkPolicyView(
            namespace: namespace,
            name: mark.policyName,
            podSelector: LabelSelector(matching: [QuarantineMark.key: mark.value]),
            isolates: [.ingress, .egress],
            egress: rules
        )
    }
}
