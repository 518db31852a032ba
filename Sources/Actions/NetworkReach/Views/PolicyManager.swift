package import Vocabulary

/// What owns a policy and would put it back after a change by hand.
package struct PolicyManager: Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// A controller that reconciles from a repository: it fights back within minutes.
        case gitOps
        /// Overwritten by the next upgrade.
        case helm
        /// A controller of the object's owner.
        case `operator`
        case other
    }

    package var kind: Kind
    /// As people call it: `Argo CD`, `Helm release payments`.
    package var name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String { name }

    /// When its change is undone, in words.
    package var comeback: String {
        switch kind {
        case .gitOps: "puts it back at its next sync"
        case .helm: "overwrites it at the next upgrade"
        case .operator, .other: "may put it back at any time"
        }
    }
}

extension PolicyManager {
    /// Reads labels, annotations, owners and field managers; nil when nothing claims the object.
    package init?(metadata: JSONValue) {
        let labels = metadata["labels"].stringMap
        let annotations = metadata["annotations"].stringMap
        let found =
            Self.gitOps(labels, annotations) ?? Self.helm(labels, annotations) ?? Self.owner(metadata, labels)
            ?? Self.fieldManager(metadata) ?? Self.managedBy(labels)
        guard let found else { return nil }
        self = found
    }

    /// Keys by which a reconciling tool marks what it owns.
    private static let gitOpsMarks: [(prefix: String, tool: String)] = [
        ("argocd.argoproj.io/tracking-id", "Argo CD"), ("argocd.argoproj.io/instance", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/", "Flux"), ("helm.toolkit.fluxcd.io/", "Flux"),
        ("fluxcd.io/sync-", "Flux"), ("configmanagement.gke.io/managed", "Config Sync"),
        ("configsync.gke.io/", "Config Sync"), ("objectset.rio.cattle.io/", "Rancher Fleet"),
        ("fleet.cattle.io/", "Rancher Fleet"), ("kapp.k14s.io/", "kapp"), ("generate.kyverno.io/", "Kyverno"),
    ]

    private static func gitOps(_ labels: [String: String], _ annotations: [String: String]) -> PolicyManager? {
        let keys = Array(labels.keys) + Array(annotations.keys)
        let mark = gitOpsMarks.first { mark in keys.contains { $0.hasPrefix(mark.prefix) } }
        return mark.map { PolicyManager(.gitOps, $0.tool) }
    }

    private static func helm(_ labels: [String: String], _ annotations: [String: String]) -> PolicyManager? {
        if let release = annotations["meta.helm.sh/release-name"] { return .init(.helm, "Helm release \(release)") }
        let isChart = labels["app.kubernetes.io/managed-by"] == "Helm" || labels["heritage"] == "Helm"
        return isChart ? .init(.helm, "Helm") : nil
    }

    private static func owner(_ metadata: JSONValue, _ labels: [String: String]) -> PolicyManager? {
        if labels.keys.contains(where: { $0.hasPrefix("olm.") || $0.hasPrefix("operators.coreos.com/") }) {
            return .init(.operator, "Operator Lifecycle Manager")
        }
        guard let owner = (metadata["ownerReferences"]?.array ?? []).first else { return nil }
        return .init(.operator, "\(owner["kind"]?.string ?? "an owner") \(owner["name"]?.string ?? "")")
    }

    private static func fieldManager(_ metadata: JSONValue) -> PolicyManager? {
        let tools = [
            "argocd-controller": "Argo CD", "argocd-application-controller": "Argo CD",
            "kustomize-controller": "Flux", "helm-controller": "Flux",
        ]
        let managers = (metadata["managedFields"]?.array ?? []).compactMap { $0["manager"]?.string }
        if let tool = managers.compactMap({ tools[$0] }).first { return .init(.gitOps, tool) }
        return managers.contains("helm") || managers.contains("Helm") ? .init(.helm, "Helm") : nil
    }

    private static func managedBy(_ labels: [String: String]) -> PolicyManager? {
        guard let name = labels["app.kubernetes.io/managed-by"], !["firebreak", "kubectl", ""].contains(name) else {
            return nil
        }
        return .init(.other, name)
    }
}
