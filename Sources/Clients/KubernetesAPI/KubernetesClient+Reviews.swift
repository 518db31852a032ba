package import Vocabulary

/// A right as RBAC names it.
package struct KubernetesRight: Sendable, Hashable {
    package var verb: String
    package var group: String
    package var resource: String
    package var subresource: String
    package var namespace: NamespaceName?
    package var name: ObjectName?

    package init(
        _ verb: String,
        _ resource: String,
        group: String = "",
        subresource: String = "",
        in namespace: NamespaceName? = nil,
        name: ObjectName? = nil
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    var attributes: JSONValue {
        var members: JSONObject = ["verb": .string(verb), "resource": .string(resource)]
        if !group.isEmpty { members["group"] = .string(group) }
        if !subresource.isEmpty { members["subresource"] = .string(subresource) }
        if let namespace { members["namespace"] = .string(namespace.rawValue) }
        if let name { members["name"] = .string(name.rawValue) }
        return .object(members)
    }
}

extension KubernetesClient {
    /// Whether we have a right, by a SelfSubjectAccessReview: the server's own answer, which stores nothing.
    package func may(_ right: KubernetesRight) async throws(KubernetesFault) -> Bool {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let review: JSONValue = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": right.attributes],
        ]
        let answer = try await send("POST", path, body: review)
        return try object(answer, url: origin + path)["status"]?["allowed"]?.bool ?? false
    }
}
