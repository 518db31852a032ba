package import Vocabulary

/// A pod or a node that a change writes to.
package struct TouchedObject: Sendable, Hashable {
    package var kind: GuardrailFacts.Touched.Kind
    /// Empty for nodes.
    package var namespace: String
    package var name: String

    package init(_ kind: GuardrailFacts.Touched.Kind, _ namespace: String, _ name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

extension Subject {
    /// The pod and the node that it is about.
    package var objects: [TouchedObject] {
        var objects: [TouchedObject] = []
        if let pod, let namespace { objects.append(TouchedObject(.pod, namespace.rawValue, pod.name.rawValue)) }
        if let node { objects.append(TouchedObject(.node, "", node.name.rawValue)) }
        return objects
    }
}

extension Change {
    /// The pod or node that the change writes to; nil for everything else.
    package var touched: TouchedObject? {
        guard case .kubernetes(let change) = self else { return nil }
        let parts = change.path.split(separator: "/").map(String.init)
        if parts.count >= 6, parts[..<3] == ["api", "v1", "namespaces"], parts[4] == "pods" {
            return TouchedObject(.pod, parts[3], parts[5])
        }
        let isNode = parts.count >= 4 && parts[..<3] == ["api", "v1", "nodes"]
        return isNode ? TouchedObject(.node, "", parts[3]) : nil
    }
}

extension GuardrailFacts.Touched {
    /// `object`: the live object; nil when nobody read it.
    package init(_ touched: TouchedObject, labels object: JSONValue?) {
        var labels: [String: String] = [:]
        for member in object?["metadata"]?["labels"]?.object ?? JSONObject() {
            labels[member.key] = member.value.string
        }
        self.init(
            kind: touched.kind,
            namespace: touched.namespace,
            name: touched.name,
            labels: labels,
            areLabelsKnown: object != nil
        )
    }
}

extension StepPlan {
    /// Its changes come only with a later value.
    package var isKnownLater: Bool { plan.changes.isEmpty && canonicalChanges.contains { $0["knownAfter"] != nil } }
}
