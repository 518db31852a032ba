internal import Vocabulary

/// What an alert says about its subject, whichever source it has.
extension FalcoAlert {
    /// Nil for processes of the host and for containers that Falco does not know yet.
    package var containerID: String? {
        guard let id = text(.containerID), id != "host" else { return nil }
        return id
    }

    package var isHostEvent: Bool { text(.containerID) == "host" }

    package var image: String? {
        if let repository = text(.containerRepository) { return repository }
        return text(.containerImage)
    }

    package var imageTag: String? { text(.containerTag) }

    package var containerName: String? {
        guard let name = text(.containerName), name != "host" || !isHostEvent else { return nil }
        return name
    }

    package var namespace: String? { text(.namespace) ?? text(.auditNamespace) ?? text(.metaNamespace) }

    package var podName: String? {
        if let name = text(.pod) ?? text(.metaPod) { return name }
        return auditResource == "pods" ? auditName : nil
    }

    package var process: String? { text(.process) }
    package var processPath: String? { text(.processPath) }
    package var user: String? {
        text(["user.name", "ka.user.name", "ct.user", "okta.actor.name", "github.user", "gcp.user"])
    }

    /// The kind of object of an audit event in the plural: `pods`.
    ///
    /// Rules about subresources of pods (exec, attach, port-forward, ephemeral containers) often leave it out.
    package var auditResource: String? {
        if let resource = text(.auditResource) { return resource }
        if let subresource = text(.auditSubresource) {
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
        text(.auditName) ?? text(["ka.resp.name", "ka.target.pod.name", "ka.req.configmap.name"])
    }
}
