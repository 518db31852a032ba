package import HTTPExchange
internal import KubernetesAPI
package import Vocabulary

extension RehearsalCluster {
    /// A body may be this long, as on a real server.
    static let bodyLimit = 3 << 20

    package mutating func answer(_ request: HTTPRequest, now: Timestamp) -> HTTPResponse {
        let call = ClusterCall(request)
        do {
            return try respond(call, request.headers, now)
        } catch {
            return error.response
        }
    }

    private mutating func respond(
        _ call: ClusterCall,
        _ headers: [HTTPHeader],
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        let user = try authenticate(headers)
        guard call.isRooted else { throw .unknownPage }
        guard !call.version.isEmpty, !call.plural.isEmpty else { return try respondAtRoot(call, user) }
        guard user.may(call.verb, call.group, call.rightName, call.namespace) || call.isReview else {
            throw call.forbidden(user)
        }
        guard !["HEAD", "OPTIONS"].contains(call.method) else { throw .methodNotAllowed }
        let served = try find(call)
        guard call.body.count <= Self.bodyLimit else {
            throw StatusAnswer(413, "RequestEntityTooLarge", "Request entity too large: limit is \(Self.bodyLimit)")
        }
        if call.isReview { return try review(call, served, user, now) }
        return try dispatch(call, served, now)
    }

    private func authenticate(_ headers: [HTTPHeader]) throws(StatusAnswer) -> RehearsalAuthorizer.User {
        guard let authorizer else { return .init("system:admin", groups: ["system:masters"], grant: .everything) }
        guard let user = authorizer.user(headers) else { throw .unauthorized }
        return user
    }

    private func find(_ call: ClusterCall) throws(StatusAnswer) -> ServedResource {
        if let known = served.find(group: call.group, version: call.version, plural: call.plural) {
            guard known.resource.isNamespaced || call.namespace == nil else { throw .unknownResource }
            return known
        }
        throw served.hasGroup(call.group) ? .unknownResource : .unknownPage
    }

    private mutating func dispatch(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        if let subresource = call.subresource, subresource != "status" {
            guard subresource == "eviction", served.resource == .pods else { throw .unknownResource }
            guard call.method == "POST" else { throw .methodNotAllowed }
            return try evict(call, served, now)
        }
        switch (call.method, call.name) {
        case ("GET", let name?): return try get(call, served, name)
        case ("GET", nil): return try call.isWatch ? watch(call, served) : list(call, served)
        case ("POST", nil): return try create(call, served, now)
        case ("PUT", let name?): return try update(call, served, name, now)
        case ("PATCH", let name?): return try patch(call, served, name, now)
        case ("DELETE", let name?): return try delete(call, served, name, now)
        default: throw .methodNotAllowed
        }
    }

    func key(_ call: ClusterCall, _ served: ServedResource, _ name: String) -> Key {
        Key(
            group: served.resource.group,
            plural: served.resource.plural,
            namespace: served.resource.isNamespaced ? call.namespace ?? "" : "",
            name: name
        )
    }

    func notFound(_ served: ServedResource, _ name: String) -> StatusAnswer {
        let message = "\(served.qualified) \"\(name)\" not found"
        return StatusAnswer(404, "NotFound", message, details: served.details(name))
    }

    /// An object as an answer; its kind comes first, as the server writes it.
    static func ok(_ object: JSONValue, status: Int = 200, warnings: [String] = []) -> HTTPResponse {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        for warning in warnings {
            let quoted = warning.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            headers.append(HTTPHeader("Warning", "299 - \"\(quoted)\""))
        }
        return HTTPResponse(status: status, headers: headers, body: Array((JSONWriter.compact(object) + "\n").utf8))
    }
}

extension ClusterCall {
    var isReview: Bool { method == "POST" && plural.hasPrefix("selfsubject") && plural.hasSuffix("reviews") }
}
