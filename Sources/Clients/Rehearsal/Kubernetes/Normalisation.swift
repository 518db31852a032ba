internal import KubernetesAPI
internal import Vocabulary

/// What a server leaves out or fills in when it stores an object.
enum Normalisation {
    /// Kinds whose generation counts changes of their spec.
    private static let counted: Set<String> = [
        "NetworkPolicy", "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "PodDisruptionBudget", "Job",
        "CustomResourceDefinition", "Ingress",
    ]

    static func hasGeneration(_ served: ServedResource) -> Bool {
        served.isCustom || counted.contains(served.resource.kind)
    }

    static func normalised(_ draft: JSONValue, _ served: ServedResource?) -> JSONValue {
        var object = draft
        for field in ["labels", "annotations", "finalizers", "ownerReferences", "managedFields"] {
            let value = object.metadata[field]
            let isEmpty = value?.object?.isEmpty ?? value?.array?.isEmpty ?? (value?.isNull ?? false)
            if isEmpty { object[at: "metadata", field] = nil }
        }
        for field in ["generateName", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"] {
            let value = object.metadata[field]
            if value?.isNull == true || value?.string?.isEmpty == true { object[at: "metadata", field] = nil }
        }
        guard let served, !served.isCustom else { return object }
        switch served.resource.kind {
        case "NetworkPolicy": return networkPolicy(object)
        case "Node": return node(object)
        default: return object
        }
    }

    /// `unschedulable: false` and an empty list of taints are not stored.
    private static func node(_ draft: JSONValue) -> JSONValue {
        var object = draft
        if object["spec"]?["unschedulable"]?.bool == false { object[at: "spec", "unschedulable"] = nil }
        if object["spec"]?["taints"]?.array?.isEmpty == true { object[at: "spec", "taints"] = nil }
        return object
    }

    /// An empty rule list and an absent one mean the same; a rule's protocol is TCP unless it says otherwise.
    private static func networkPolicy(_ draft: JSONValue) -> JSONValue {
        var object = draft
        guard object["spec"]?.object != nil else { return object }
        if object["spec"]?["podSelector"] == nil { object[at: "spec", "podSelector"] = [:] }
        let hasEgress = object["spec"]?["egress"]?.array?.isEmpty == false
        for side in ["ingress", "egress"] {
            guard let rules = object["spec"]?[side]?.array else { continue }
            object[at: "spec", side] = rules.isEmpty ? JSONValue?.none : .array(rules.map(withProtocols))
        }
        if object["spec"]?["policyTypes"]?.array?.isEmpty ?? true {
            object[at: "spec", "policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"]
        }
        return object
    }

    private static func withProtocols(_ rule: JSONValue) -> JSONValue {
        guard let ports = rule["ports"]?.array else { return rule }
        var result = rule
        var filled: [JSONValue] = []
        for port in ports {
            var entry = port
            if entry.object != nil, entry["protocol"] == nil { entry[at: "protocol"] = "TCP" }
            filled.append(entry)
        }
        result[at: "ports"] = .array(filled)
        return result
    }
}
