internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

/// A request, taken apart by the grammar of the API's paths.
struct ClusterCall {
    var method: String
    var isRooted: Bool
    var group = ""
    var version = ""
    var namespace: String?
    var plural = ""
    var name: String?
    var subresource: String?
    var query: [(name: String, value: String)]
    var contentType: String
    var userAgent: String
    var body: [UInt8]
    var path: String

    init(_ request: HTTPRequest) {
        let (path, pairs) = KubernetesQuery.split(request.target)
        self.path = path
        method = request.method
        query = pairs
        contentType = KubernetesRequest.mediaType(request.headers["Content-Type"] ?? "")
        userAgent = request.headers["User-Agent"] ?? "unknown"
        body = request.body
        isRooted = !path.hasPrefix("//")
        // A name with %2F is decoded before routing and becomes a subresource, as on a real server.
        var rest = KubernetesQuery.decoded(path).split(separator: "/").map(String.init)[...]
        switch rest.first {
        case "api" where rest.count >= 2:
            version = rest[1]
            rest = rest.dropFirst(2)
        case "apis" where rest.count >= 3:
            group = rest[1]
            version = rest[2]
            rest = rest.dropFirst(3)
        default: return
        }
        place(rest)
    }

    private mutating func place(_ segments: ArraySlice<String>) {
        var rest = segments
        if rest.first == "namespaces", rest.count >= 3 {
            let second = rest[rest.startIndex + 1]
            if rest.count > 3 || !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
                namespace = second
                rest = rest.dropFirst(2)
            }
        }
        plural = rest.popFirst() ?? ""
        name = rest.popFirst()
        subresource = rest.isEmpty ? nil : rest.joined(separator: "/")
    }

    func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
    func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    var isWatch: Bool { ["true", "1"].contains(value("watch") ?? "") }

    /// The RBAC verb.
    var verb: String {
        switch method {
        case "GET", "HEAD": name != nil ? "get" : isWatch ? "watch" : "list"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": name == nil ? "deletecollection" : "delete"
        default: method.lowercased()
        }
    }

    var isApply: Bool {
        contentType == "application/apply-patch+yaml" || contentType == "application/apply-patch+json"
    }

    /// Who writes: the field manager, or the user agent up to its first slash.
    var manager: String {
        if let named = value("fieldManager"), !named.isEmpty { return named }
        return userAgent.split(separator: "/").first.map(String.init) ?? "unknown"
    }

    var isStrict: Bool { value("fieldValidation") == "Strict" }
    var ignoresUnknownFields: Bool { value("fieldValidation") == "Ignore" }
}
