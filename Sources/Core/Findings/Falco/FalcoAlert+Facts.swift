internal import Vocabulary

/// What an alert says about its subject, whichever source it has.
extension FalcoAlert {
    /// Nil for processes of the host and for containers that Falco does not know yet.
    package var containerID: String? {
        guard let id = text("container.id"), id != "host" else { return nil }
        return id
    }

    package var isHostEvent: Bool { text("container.id") == "host" }

    package var image: String? {
        if let repository = text("container.image.repository") { return repository }
        return text("container.image")
    }

    package var imageTag: String? { text("container.image.tag") }

    package var containerName: String? {
        guard let name = text("container.name"), name != "host" || !isHostEvent else { return nil }
        return name
    }

    package var namespace: String? { text(["k8s.ns.name", "ka.target.namespace", "k8smeta.ns.name"]) }

    package var podName: String? {
        if let name = text(["k8s.pod.name", "k8smeta.pod.name"]) { return name }
        return auditResource == "pods" ? auditName : nil
    }

    package var process: String? { text("proc.name") }
    package var processPath: String? { text("proc.exepath") }
    package var user: String? {
        text(["user.name", "ka.user.name", "ct.user", "okta.actor.name", "github.user", "gcp.user"])
    }

    /// The kind of object of an audit event in the plural: `pods`.
    ///
    /// Rules about subresources of pods (exec, attach, port-forward, ephemeral containers) often leave it out.
    package var auditResource: String? {
        if let resource = text("ka.target.resource") { return resource }
        if let subresource = text("ka.target.subresource") {
            return Self.podSubresources.contains(subresource) ? "pods" : nil
        }
        if fields.contains(where: { $0.key.hasPrefix("ka.req.pod.") || $0.key.hasPrefix("ka.uri.param[command]") }) {
            return "pods"
        }
        return nil
    }

    private static let podSubresources: Set<String> = [
        "exec", "attach", "portforward", "ephemeralcontainers", "log", "proxy", "eviction", "binding",
    ]

    /// A created object's name is known from the answer only.
    package var auditName: String? {
        text(["ka.target.name", "ka.resp.name", "ka.target.pod.name", "ka.req.configmap.name"])
    }
}
