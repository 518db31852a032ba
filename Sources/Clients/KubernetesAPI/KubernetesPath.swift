package import Vocabulary

/// A kind of object, by its place in the API.
package struct KubernetesResource: Sendable, Hashable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    package var plural: String
    package var kind: String
    package var isNamespaced: Bool

    package init(group: String = "", version: String = "v1", plural: String, kind: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    /// As in `apiVersion`: `v1`, `apps/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    package static let pods = KubernetesResource(plural: "pods", kind: "Pod")
    package static let nodes = KubernetesResource(plural: "nodes", kind: "Node", isNamespaced: false)
    package static let namespaces = KubernetesResource(plural: "namespaces", kind: "Namespace", isNamespaced: false)
    package static let services = KubernetesResource(plural: "services", kind: "Service")
    package static let configMaps = KubernetesResource(plural: "configmaps", kind: "ConfigMap")
    package static let persistentVolumes = KubernetesResource(
        plural: "persistentvolumes",
        kind: "PersistentVolume",
        isNamespaced: false
    )
    package static let persistentVolumeClaims = KubernetesResource(
        plural: "persistentvolumeclaims",
        kind: "PersistentVolumeClaim"
    )
    package static let networkPolicies = KubernetesResource(
        group: "networking.k8s.io",
        plural: "networkpolicies",
        kind: "NetworkPolicy"
    )
    package static let events = KubernetesResource(plural: "events", kind: "Event")
    package static let serviceAccounts = KubernetesResource(plural: "serviceaccounts", kind: "ServiceAccount")
    package static let leases = KubernetesResource(group: "coordination.k8s.io", plural: "leases", kind: "Lease")
    package static let replicaSets = KubernetesResource(group: "apps", plural: "replicasets", kind: "ReplicaSet")
    package static let deployments = KubernetesResource(group: "apps", plural: "deployments", kind: "Deployment")
    package static let statefulSets = KubernetesResource(group: "apps", plural: "statefulsets", kind: "StatefulSet")
    package static let daemonSets = KubernetesResource(group: "apps", plural: "daemonsets", kind: "DaemonSet")
    package static let jobs = KubernetesResource(group: "batch", plural: "jobs", kind: "Job")
    package static let endpointSlices = KubernetesResource(
        group: "discovery.k8s.io",
        plural: "endpointslices",
        kind: "EndpointSlice"
    )
    package static let disruptionBudgets = KubernetesResource(
        group: "policy",
        plural: "poddisruptionbudgets",
        kind: "PodDisruptionBudget"
    )
    package static let policyEndpoints = KubernetesResource(
        group: "networking.k8s.aws",
        version: "v1alpha1",
        plural: "policyendpoints",
        kind: "PolicyEndpoint"
    )
}

/// The path of an object or a collection, built from checked names only.
package struct KubernetesPath: Sendable, Hashable {
    package let text: String

    /// A collection: of one namespace, or of all when `namespace` is nil.
    package static func collection(_ resource: KubernetesResource, in namespace: NamespaceName? = nil) -> KubernetesPath
    {
        KubernetesPath(text: root(resource, namespace))
    }

    /// One object.
    package static func object(
        _ resource: KubernetesResource,
        in namespace: NamespaceName? = nil,
        _ name: ObjectName
    ) -> KubernetesPath {
        KubernetesPath(text: root(resource, namespace) + "/\(name)")
    }

    /// A subresource of one object, such as `eviction` of a pod.
    package func subresource(_ name: SubresourceName) -> KubernetesPath {
        KubernetesPath(text: text + "/" + name.rawValue)
    }

    /// The subresources that we write or read.
    package enum SubresourceName: String, Sendable {
        case eviction, status, log, scale
    }

    private static func root(_ resource: KubernetesResource, _ namespace: NamespaceName?) -> String {
        let group = resource.group.isEmpty ? "/api/\(resource.version)" : "/apis/\(resource.group)/\(resource.version)"
        let place = namespace.map { "/namespaces/\($0)" } ?? ""
        return "\(group)\(place)/\(resource.plural)"
    }
}
