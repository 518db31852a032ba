internal import KubernetesAPI
internal import Vocabulary

/// A kind of object that this cluster serves.
struct ServedResource: Sendable, Hashable {
    var resource: KubernetesResource
    /// Served for a CustomResourceDefinition, with the rules of custom resources.
    var isCustom = false
    /// The definition's schema; nil for built-in kinds and for definitions that are not in the world.
    var schema: JSONValue?

    var listKind: String { resource.kind + "List" }
    /// As messages name it: `pods`, `networkpolicies.networking.k8s.io`.
    var qualified: String { resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)" }
    /// As validation names it: `Pod`, `NetworkPolicy.networking.k8s.io`.
    var qualifiedKind: String { resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)" }

    /// The details of a Status about one object; writers name the resource, validation names the kind.
    func details(_ name: String?, asKind: Bool = false) -> JSONObject {
        var members = JSONObject()
        if let name, !name.isEmpty { members["name"] = .string(name) }
        if !resource.group.isEmpty { members["group"] = .string(resource.group) }
        members["kind"] = .string(asKind ? resource.kind : resource.plural)
        return members
    }
}

/// What the cluster serves: the built-in kinds, and those that its definitions add.
struct ServedResources: Sendable {
    private(set) var all: [ServedResource] = Self.builtIn

    func find(group: String, version: String, plural: String) -> ServedResource? {
        all.first { $0.resource.group == group && $0.resource.version == version && $0.resource.plural == plural }
    }

    func find(apiVersion: String, kind: String) -> ServedResource? {
        all.first { $0.resource.apiVersion == apiVersion && $0.resource.kind == kind }
    }

    func hasGroup(_ group: String) -> Bool { all.contains { $0.resource.group == group } }

    mutating func add(_ served: ServedResource) {
        all.removeAll { $0.resource == served.resource }
        all.append(served)
    }

    mutating func remove(group: String, plural: String) {
        all.removeAll { $0.isCustom && $0.resource.group == group && $0.resource.plural == plural }
    }

    /// Serves each version of a CustomResourceDefinition.
    mutating func define(_ definition: JSONValue) {
        guard let spec = definition["spec"], let group = spec["group"]?.nonBlank,
            let plural = spec["names"]?["plural"]?.nonBlank, let kind = spec["names"]?["kind"]?.nonBlank
        else { return }
        for version in spec["versions"]?.array ?? [] where version["served"]?.bool != false {
            guard let name = version["name"]?.nonBlank else { continue }
            let resource = KubernetesResource(
                group: group,
                version: name,
                plural: plural,
                kind: kind,
                isNamespaced: spec["scope"]?.string != "Cluster"
            )
            let schema = version["schema"]?["openAPIV3Schema"]
            add(ServedResource(resource: resource, isCustom: true, schema: schema))
        }
    }

    private static let builtIn: [ServedResource] = {
        var list: [ServedResource] = []
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4, let slash = words[0].lastIndex(of: "/") else { continue }
            let resource = KubernetesResource(
                group: words[0].hasPrefix("/") ? "" : String(words[0][..<slash]),
                version: String(words[0][words[0].index(after: slash)...]),
                plural: words[1],
                kind: words[2],
                isNamespaced: words[3] == "namespaced"
            )
            list.append(ServedResource(resource: resource))
        }
        return list
    }()

    private static let table = """
        /v1 pods Pod namespaced
        /v1 nodes Node cluster
        /v1 namespaces Namespace cluster
        /v1 services Service namespaced
        /v1 endpoints Endpoints namespaced
        /v1 configmaps ConfigMap namespaced
        /v1 secrets Secret namespaced
        /v1 serviceaccounts ServiceAccount namespaced
        /v1 events Event namespaced
        /v1 persistentvolumes PersistentVolume cluster
        /v1 persistentvolumeclaims PersistentVolumeClaim namespaced
        /v1 replicationcontrollers ReplicationController namespaced
        /v1 resourcequotas ResourceQuota namespaced
        /v1 limitranges LimitRange namespaced
        apps/v1 deployments Deployment namespaced
        apps/v1 replicasets ReplicaSet namespaced
        apps/v1 statefulsets StatefulSet namespaced
        apps/v1 daemonsets DaemonSet namespaced
        apps/v1 controllerrevisions ControllerRevision namespaced
        batch/v1 jobs Job namespaced
        batch/v1 cronjobs CronJob namespaced
        autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler namespaced
        networking.k8s.io/v1 networkpolicies NetworkPolicy namespaced
        networking.k8s.io/v1 ingresses Ingress namespaced
        networking.k8s.io/v1 ingressclasses IngressClass cluster
        policy/v1 poddisruptionbudgets PodDisruptionBudget namespaced
        discovery.k8s.io/v1 endpointslices EndpointSlice namespaced
        coordination.k8s.io/v1 leases Lease namespaced
        events.k8s.io/v1 events Event namespaced
        storage.k8s.io/v1 storageclasses StorageClass cluster
        storage.k8s.io/v1 volumeattachments VolumeAttachment cluster
        storage.k8s.io/v1 csidrivers CSIDriver cluster
        storage.k8s.io/v1 csinodes CSINode cluster
        scheduling.k8s.io/v1 priorityclasses PriorityClass cluster
        rbac.authorization.k8s.io/v1 roles Role namespaced
        rbac.authorization.k8s.io/v1 rolebindings RoleBinding namespaced
        rbac.authorization.k8s.io/v1 clusterroles ClusterRole cluster
        rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding cluster
        apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition cluster
        authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview cluster
        authorization.k8s.io/v1 selfsubjectrulesreviews SelfSubjectRulesReview cluster
        authentication.k8s.io/v1 selfsubjectreviews SelfSubjectReview cluster
        """
}
