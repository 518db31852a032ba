internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// Health, version and discovery: what is not below a resource.
    func respondAtRoot(
        _ call: ClusterCall,
        _ user: RehearsalAuthorizer.User
    ) throws(StatusAnswer) -> HTTPResponse {
        let isOpen = ["/version", "/healthz", "/livez", "/readyz"].contains(call.path)
        let isAnonymous = user.name == authorizer?.anonymous.name
        guard isOpen || user.grant == .everything || (!isAnonymous && call.path.hasPrefix("/api")) else {
            throw call.forbidden(user)
        }
        guard call.method == "GET" else { throw .methodNotAllowed }
        switch call.path {
        case "/healthz", "/livez", "/readyz":
            return HTTPResponse(
                status: 200,
                headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")],
                body: Array("ok".utf8)
            )
        case "/version":
            return Self.ok(["major": "1", "minor": "36", "gitVersion": "v1.36.0-rehearsal", "platform": "linux/amd64"])
        case "/api": return Self.ok(["kind": "APIVersions", "versions": ["v1"]])
        case "/apis": return Self.ok(groups)
        default: return Self.ok(try resources(of: call))
        }
    }

    private var groups: JSONValue {
        var versions: [String: [String]] = [:]
        for served in served.all where !served.resource.group.isEmpty {
            let version = served.resource.version
            if versions[served.resource.group]?.contains(version) != true {
                versions[served.resource.group, default: []].append(version)
            }
        }
        var list: [JSONValue] = []
        for (group, served) in versions.sorted(by: { $0.key < $1.key }) {
            let entries: [JSONValue] = served.map { Self.groupVersion(group, $0) }
            let preferred = entries.first ?? .null
            list.append(["name": .string(group), "versions": .array(entries), "preferredVersion": preferred])
        }
        return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(list)]
    }

    private static func groupVersion(_ group: String, _ version: String) -> JSONValue {
        ["groupVersion": .string("\(group)/\(version)"), "version": .string(version)]
    }

    private func resources(of call: ClusterCall) throws(StatusAnswer) -> JSONValue {
        guard !call.version.isEmpty else { throw .unknownPage }
        var list: [JSONValue] = []
        for served in served.all where served.resource.group == call.group && served.resource.version == call.version {
            list.append([
                "name": .string(served.resource.plural), "singularName": .string(served.resource.kind.lowercased()),
                "namespaced": .bool(served.resource.isNamespaced), "kind": .string(served.resource.kind),
                "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
            ])
        }
        guard !list.isEmpty else { throw served.hasGroup(call.group) ? .unknownResource : .unknownPage }
        let groupVersion = call.group.isEmpty ? call.version : "\(call.group)/\(call.version)"
        return ["kind": "APIResourceList", "groupVersion": .string(groupVersion), "resources": .array(list)]
    }
}
