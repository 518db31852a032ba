internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

/// Where a request points: the parts of its path.
struct KubernetesAddress {
    var group = ""
    var version = ""
    var namespace = ""
    var plural = ""
    var name: String?
    var subresource: String?

    init(_ request: HTTPRequest) {
        let path = KubernetesQuery.split(request.target).path
        var parts = KubernetesQuery.decoded(path).split(separator: "/").map(String.init)[...]
        switch parts.popFirst() {
        case "api": version = parts.popFirst() ?? ""
        case "apis":
            group = parts.popFirst() ?? ""
            version = parts.popFirst() ?? ""
        default: return
        }
        if parts.first == "namespaces", parts.count >= 3 {
            namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
        }
        plural = parts.popFirst() ?? ""
        name = parts.popFirst()
        subresource = parts.popFirst()
    }

    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// Groups outside Kubernetes' own are those of definitions.
    var isCustom: Bool { group.contains(".") && !group.hasSuffix(".k8s.io") }

    func target(_ name: String) -> KubernetesStage.Target {
        .init(group: group, version: version, plural: plural, namespace: namespace, name: name)
    }

    /// The name of the object that a create carries.
    func bodyName(_ request: HTTPRequest) -> String? {
        guard request.method == "POST", let body = try? JSONReader.parse(request.body) else { return nil }
        return body["metadata"]?["name"]?.nonBlank
    }

    /// The kind, as the request's or the answer's body names it.
    func kind(_ exchange: KubernetesExchange) -> String {
        let body = try? JSONReader.parse((exchange.replayable ?? exchange.request).body)
        let known: [String: String] = [
            "pods": "Pod", "nodes": "Node", "networkpolicies": "NetworkPolicy", "leases": "Lease",
            "namespaces": "Namespace", "configmaps": "ConfigMap", "secrets": "Secret",
        ]
        if let kind = known[plural] { return kind }
        if let kind = body?["kind"]?.nonBlank, body?["apiVersion"]?.string == apiVersion { return kind }
        let answered = exchange.json["kind"]?.string ?? ""
        if answered.hasSuffix("List") { return String(answered.dropLast(4)) }
        return answered == "Status" || answered.isEmpty ? plural : answered
    }

    func resource(_ exchange: KubernetesExchange) -> KubernetesResource {
        KubernetesResource(
            group: group,
            version: version,
            plural: plural,
            kind: kind(exchange),
            isNamespaced: !namespace.isEmpty
        )
    }
}
