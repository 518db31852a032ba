package import Vocabulary

/// The two ways in which traffic crosses a pod's border.
package enum TrafficDirection: String, Sendable, Hashable, Codable, CaseIterable {
    case ingress, egress
}

/// A NetworkPolicy as far as it decides who may talk to whom.
package struct NetworkPolicyView: Sendable, Hashable, Codable {
    package var namespace: String
    package var name: String
    package var uid: String
    package var resourceVersion: String
    package var podSelector: LabelSelector
    package var isolates: Set<TrafficDirection>
    package var ingress: [PolicyRule]
    package var egress: [PolicyRule]
    /// Who would put the policy back if it were changed.
    package var manager: PolicyManager?
    /// As written, so that a patch meets the shape that is there.
    package var selectorDocument: JSONValue?

    package init(
        namespace: String,
        name: String,
        uid: String = "",
        resourceVersion: String = "",
        podSelector: LabelSelector = LabelSelector(),
        isolates: Set<TrafficDirection>,
        ingress: [PolicyRule] = [],
        egress: [PolicyRule] = [],
        manager: PolicyManager? = nil,
        selectorDocument: JSONValue? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.podSelector = podSelector
        self.isolates = isolates
        self.ingress = ingress
        self.egress = egress
        self.manager = manager
        self.selectorDocument = selectorDocument
    }

    /// The rules that count in a direction: none where the policy does not isolate, whatever is written there.
    package func rules(_ direction: TrafficDirection) -> [PolicyRule] {
        guard isolates.contains(direction) else { return [] }
        switch direction {
        case .ingress: return ingress
        case .egress: return egress
        }
    }

    package func selects(_ labels: [String: String]) -> Bool { podSelector.matches(labels) }

    package func selects(_ pod: PodEndpoint) -> Bool { pod.namespace == namespace && podSelector.matches(pod.labels) }
}

extension NetworkPolicyView {
    /// Reads a NetworkPolicy of the API; nil when it has no name.
    package init?(json: JSONValue) {
        guard let metadata = json["metadata"], let name = metadata["name"]?.string else { return nil }
        let spec = json["spec"]
        self.init(
            namespace: metadata["namespace"]?.string ?? "default",
            name: name,
            uid: metadata["uid"]?.string ?? "",
            resourceVersion: metadata["resourceVersion"]?.string ?? "",
            podSelector: LabelSelector(json: spec?["podSelector"]) ?? LabelSelector(),
            isolates: Self.directions(spec),
            ingress: (spec?["ingress"]?.array ?? []).map { PolicyRule(json: $0, peersAt: "from") },
            egress: (spec?["egress"]?.array ?? []).map { PolicyRule(json: $0, peersAt: "to") },
            manager: PolicyManager(metadata: metadata),
            selectorDocument: spec?["podSelector"]
        )
    }

    /// The API's defaulting: without `policyTypes` always ingress, and egress when there are egress rules.
    private static func directions(_ spec: JSONValue?) -> Set<TrafficDirection> {
        let named = (spec?["policyTypes"]?.array ?? []).compactMap(\.string)
        guard named.isEmpty else {
            return Set(named.compactMap { $0 == "Ingress" ? .ingress : $0 == "Egress" ? .egress : nil })
        }
        return (spec?["egress"]?.array ?? []).isEmpty ? [.ingress] : [.ingress, .egress]
    }
}
