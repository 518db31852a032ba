package import NetworkReach
package import Vocabulary

/// The pod to isolate, with what an expert looks at before touching it.
package struct IsolationTarget: Sendable, Hashable, Codable {
    /// A probe that the kubelet runs against a container.
    package struct Probe: Sendable, Hashable, Codable {
        package var container: String
        /// `liveness`, `readiness`, `startup`.
        package var kind: String
        /// `exec`, `httpGet`, `tcpSocket`, `grpc`.
        package var handler: String
    }

    package var endpoint: PodEndpoint
    package var annotations: [String: String]
    package var resourceVersion: String
    package var hasLabels: Bool
    package var hasAnnotations: Bool
    package var phase: String
    /// Whether a container runs or ran, so that its id can be compared.
    package var hasContainers: Bool
    package var isTerminating: Bool
    package var images: [String]
    package var containers: [String]
    package var probes: [Probe]
    package var claims: [String]
    /// The kind of the controller, such as `ReplicaSet`.
    package var ownerKind: String?
    package var ownerName: String?
    package var ownerUID: String?

    package var namespace: String { endpoint.namespace }
    package var name: String { endpoint.name }

    /// Static pods are mirrored from a file of the kubelet, which no API call changes.
    package var isMirror: Bool { annotations["kubernetes.io/config.mirror"] != nil }

    /// Whether the pod has interfaces that NetworkPolicy does not see.
    package var hasOtherInterfaces: Bool {
        if annotations["k8s.v1.cni.cncf.io/networks"] != nil { return true }
        guard let status = annotations["k8s.v1.cni.cncf.io/network-status"] else { return false }
        // Unreadable: the plugin that wrote it adds interfaces, so assume that it did.
        guard let list = try? JSONReader.parse(status, limits: .init(bytes: 64 << 10, depth: 8)) else { return true }
        return (list.array?.count ?? 2) > 1
    }

    /// The labels that the pod had before a quarantine edited them.
    package var originalLabels: [String: String] {
        endpoint.labels.merging(removedLabels.compactMapValues(\.string)) { _, old in old }
            .filter { removedLabels[$0.key]?.isNull != true }
    }

    /// The record that a quarantine keeps of the labels it edited: the old value, or null where there was none.
    package var removedLabels: [String: JSONValue] {
        guard let text = annotations[QuarantineAnnotation.removedLabels],
            let record = try? JSONReader.parse(text, limits: .init(bytes: 64 << 10, depth: 4))  // not ours: ignored
        else { return [:] }
        var labels: [String: JSONValue] = [:]
        for member in record.object ?? [:] where NameSyntax.isLabelKey(member.key) {
            if member.value.isNull || NameSyntax.isLabelValue(member.value.string ?? " ") {
                labels[member.key] = member.value
            }
        }
        return labels
    }
}

/// Keys of the annotations that a quarantine leaves on the pod and on its policy.
package enum QuarantineAnnotation {
    package static let removedLabels = "firebreak.dev/removed-labels"
    package static let run = "firebreak.dev/run"
    package static let playbook = "firebreak.dev/playbook"
    package static let expires = "firebreak.dev/expires"
    package static let release = ReleaseNote.annotation
    package static let pod = "firebreak.dev/pod"
    package static let podUID = "firebreak.dev/pod-uid"
    package static let incident = "firebreak.dev/incident"
    package static let wasChanged = "firebreak.dev/was-changed"
    package static let doNotDisrupt = "karpenter.sh/do-not-disrupt"
    package static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
    package static let deletionCost = "controller.kubernetes.io/pod-deletion-cost"
}

extension IsolationTarget {
    /// Reads a Pod of the API; nil without a name and a uid.
    init?(json: JSONValue) {
        guard let endpoint = PodEndpoint(json: json), !endpoint.uid.isEmpty, let metadata = json["metadata"] else {
            return nil
        }
        let containers = json[["spec", "containers"]]?.array ?? []
        let states = json[["status", "containerStatuses"]]?.array ?? []
        let owner = (metadata["ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }
        self.init(
            endpoint: endpoint,
            annotations: metadata["annotations"].stringMap,
            resourceVersion: metadata["resourceVersion"]?.string ?? "",
            hasLabels: metadata["labels"]?.object != nil,
            hasAnnotations: metadata["annotations"]?.object != nil,
            phase: json[["status", "phase"]]?.string ?? "Unknown",
            hasContainers: states.contains { $0["containerID"]?.nonBlank != nil },
            isTerminating: metadata["deletionTimestamp"]?.nonBlank != nil,
            images: containers.compactMap { $0["image"]?.string },
            containers: Self.allContainers(json).compactMap { $0["name"]?.string },
            probes: containers.flatMap(Self.probes),
            claims: (json[["spec", "volumes"]]?.array ?? []).compactMap {
                $0[["persistentVolumeClaim", "claimName"]]?.string
            },
            ownerKind: owner?["kind"]?.string,
            ownerName: owner?["name"]?.string,
            ownerUID: owner?["uid"]?.string
        )
    }

    private static func allContainers(_ json: JSONValue) -> [JSONValue] {
        (json[["spec", "initContainers"]]?.array ?? []) + (json[["spec", "containers"]]?.array ?? [])
    }

    private static func probes(of container: JSONValue) -> [Probe] {
        ["liveness", "readiness", "startup"].compactMap { kind in
            guard let probe = container["\(kind)Probe"] else { return nil }
            let handler = ["exec", "httpGet", "tcpSocket", "grpc"].first { probe[$0]?.object != nil }
            return handler.map { Probe(container: container["name"]?.string ?? "", kind: kind, handler: $0) }
        }
    }
}
