internal import Vocabulary

extension Change {
    /// The pod or node that the change writes to; nil for everything else.
    package var touched: (kind: GuardrailFacts.Touched.Kind, namespace: String, name: String)? {
        guard case .kubernetes(let change) = self else { return nil }
        let parts = change.path.split(separator: "/").map(String.init)
        if parts.count >= 6, parts[..<3] == ["api", "v1", "namespaces"], parts[4] == "pods" {
            return (.pod, parts[3], parts[5])
        }
        return parts.count >= 4 && parts[..<3] == ["api", "v1", "nodes"] ? (.node, "", parts[3]) : nil
    }
}

extension StepPlan {
    /// Its changes come only with a later value.
    package var isKnownLater: Bool { plan.changes.isEmpty && canonicalChanges.contains { $0.string != nil } }
}
