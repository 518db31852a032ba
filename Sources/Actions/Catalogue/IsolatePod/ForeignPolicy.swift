package import NetworkReach
internal import Vocabulary

/// A policy of a kind other than NetworkPolicy, as far as it could let traffic of the pod through.
package struct ForeignPolicy: Sendable, Hashable, Codable {
    package var kind: String
    /// Empty for kinds of the whole cluster.
    package var namespace: String
    package var name: String
    /// Directions in which a rule of it allows something.
    package var mayAllow: [TrafficDirection]
    /// Whom it selects; nil when its selector is in a language that we do not evaluate.
    package var pods: LabelSelector?
    package var namespaces: LabelSelector?

    package var title: String { namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)" }

    /// Whether it may select the pod; what cannot be evaluated may.
    func maySelect(_ labels: [String: String], in namespace: String, labelled: [String: String]) -> Bool {
        if !self.namespace.isEmpty, self.namespace != namespace { return false }
        return pods?.matches(labels) ?? true && namespaces?.matches(labelled) ?? true
    }
}

extension ForeignPolicy {
    /// Kinds whose allow rules win over, or add to, what NetworkPolicies say.
    ///
    /// Baseline kinds are not among them: they only speak for pods that no NetworkPolicy selects.
    static func read(_ kind: Kind, _ json: JSONValue) -> ForeignPolicy? {
        guard let name = json[["metadata", "name"]]?.string else { return nil }
        let spec = json["spec"]
        var policy = ForeignPolicy(
            kind: json["kind"]?.string ?? kind.rawValue,
            namespace: json[["metadata", "namespace"]]?.string ?? "",
            name: name,
            mayAllow: []
        )
        switch kind {
        case .admin:
            if spec?["tier"]?.string == "Baseline" { return nil }
            policy.mayAllow = allowing(spec) { ["Allow", "Accept"].contains($0["action"]?.string ?? "") }
            let subject = spec?["subject"]
            policy.pods = subject?["pods"].map { LabelSelector(json: $0["podSelector"]) ?? LabelSelector() }
            policy.namespaces = LabelSelector(json: subject?["namespaces"] ?? subject?[["pods", "namespaceSelector"]])
        case .cilium:
            let specs = [spec].compactMap(\.self) + (json["specs"]?.array ?? [])
            policy.mayAllow = Set(specs.flatMap { allowing($0) { $0.object?.isEmpty == false } })
                .sorted { $0.rawValue < $1.rawValue }
            if specs.count == 1 { policy.pods = ciliumSelector(specs[0]["endpointSelector"]) }
        case .calico:
            policy.mayAllow = allowing(spec) { ["Allow", "Pass"].contains($0["action"]?.string ?? "") }
            if ["", "all()"].contains(spec?["selector"]?.string ?? "") { policy.pods = LabelSelector() }
        case .application:
            policy.mayAllow = allowing(spec) { _ in true }
            policy.pods = LabelSelector(json: spec?["podSelector"])
        }
        return policy.mayAllow.isEmpty ? nil : policy
    }

    package enum Kind: String, Sendable, CaseIterable { case admin, cilium, calico, application }

    private static func allowing(_ spec: JSONValue?, where allows: (JSONValue) -> Bool) -> [TrafficDirection] {
        TrafficDirection.allCases.filter { (spec?[$0.rawValue]?.array ?? []).contains(where: allows) }
    }

    /// Cilium writes the source of a label before its key; nil when one has a source that is not the pod's labels.
    private static func ciliumSelector(_ json: JSONValue?) -> LabelSelector? {
        guard var selector = LabelSelector(json: json) else { return nil }
        for place in selector.requirements.indices {
            let key = selector.requirements[place].key
            guard let colon = key.firstIndex(of: ":") else { continue }
            guard ["k8s", "any"].contains(key[..<colon]) else { return nil }
            selector.requirements[place].key = String(key[key.index(after: colon)...])
        }
        return selector.requirements.contains { $0.key.hasPrefix("io.") || $0.key.hasPrefix("reserved") }
            ? nil : selector
    }
}
