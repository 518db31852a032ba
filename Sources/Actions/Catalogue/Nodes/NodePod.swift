package import Vocabulary

/// What actions on a node need to know of a pod that runs there.
package struct NodePod: Sendable, Hashable, Codable {
    package struct Toleration: Sendable, Hashable, Codable {
        package var key: String
        package var `operator`: String
        package var value: String
        package var effect: String

        /// By the rules of the scheduler: an empty key with `Exists` tolerates all, an empty effect any.
        package func tolerates(_ taint: NodeFacts.Taint) -> Bool {
            guard effect.isEmpty || effect == taint.effect else { return false }
            if self.operator == "Exists" { return key.isEmpty || key == taint.key }
            return key == taint.key && value == taint.value
        }
    }

    package var namespace: String
    package var name: String
    package var isOfDaemonSet: Bool
    /// A static pod: the kubelet runs it, whatever the scheduler thinks.
    package var isMirror: Bool
    package var isFinished: Bool
    package var tolerations: [Toleration]
    /// Names of the claims that its volumes use.
    package var claims: [String]

    package init(
        namespace: String,
        name: String,
        isOfDaemonSet: Bool = false,
        isMirror: Bool = false,
        isFinished: Bool = false,
        tolerations: [Toleration] = [],
        claims: [String] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.isOfDaemonSet = isOfDaemonSet
        self.isMirror = isMirror
        self.isFinished = isFinished
        self.tolerations = tolerations
        self.claims = claims
    }

    package init(_ pod: JSONValue) {
        let owners = pod["metadata"]?["ownerReferences"]?.array ?? []
        let phase = pod["status"]?["phase"]?.string
        let volumes = pod["spec"]?["volumes"]?.array ?? []
        self.init(
            namespace: pod["metadata"]?["namespace"]?.string ?? "",
            name: pod["metadata"]?["name"]?.string ?? "",
            isOfDaemonSet: owners.contains { $0["kind"]?.string == "DaemonSet" },
            isMirror: pod["metadata"]?["annotations"]?["kubernetes.io/config.mirror"] != nil,
            isFinished: phase == "Succeeded" || phase == "Failed",
            tolerations: (pod["spec"]?["tolerations"]?.array ?? []).map(Toleration.init),
            claims: volumes.compactMap { $0["persistentVolumeClaim"]?["claimName"]?.string }
        )
    }

    package var fullName: String { "\(namespace)/\(name)" }

    package func tolerates(_ taint: NodeFacts.Taint) -> Bool { tolerations.contains { $0.tolerates(taint) } }
}

extension NodePod.Toleration {
    init(_ toleration: JSONValue) {
        self.init(
            key: toleration["key"]?.string ?? "",
            operator: toleration["operator"]?.nonBlank ?? "Equal",
            value: toleration["value"]?.string ?? "",
            effect: toleration["effect"]?.string ?? ""
        )
    }
}
