package import HTTPExchange
package import Vocabulary

/// What a request asks of the API, as far as the meaning of its answer depends on it.
package struct KubernetesRequest: Sendable {
    package var method: String
    /// Decoded segments of the path.
    package var segments: [String]
    package var query: [(name: String, value: String)]
    package var contentType: String
    /// Nil when the body is absent or is no JSON.
    package var body: JSONValue?

    package init(_ request: HTTPRequest) {
        let (path, pairs) = KubernetesQuery.split(request.target)
        method = request.method
        segments = path.split(separator: "/").map { KubernetesQuery.decoded($0) }
        query = pairs
        contentType = Self.mediaType(request.headers["Content-Type"] ?? "")
        // A body that does not parse sets no precondition that we could read; its answer is judged without it.
        body = request.body.isEmpty ? JSONValue?.none : try? JSONReader.parse(request.body)
    }

    /// A media type without its parameters, in small letters.
    package static func mediaType(_ text: String) -> String {
        let bare = text.split(separator: ";", maxSplits: 1).first ?? ""
        return bare.lowercased().filter { $0 != " " }
    }

    package func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    package var isWatch: Bool { method == "GET" && ["true", "1"].contains(value("watch") ?? "") }
    package var isJSONPatch: Bool { method == "PATCH" && contentType == "application/json-patch+json" }
    package var isEviction: Bool { method == "POST" && segments.last == "eviction" }
    package var isReview: Bool { method == "POST" && (segments.last ?? "").hasSuffix("reviews") }
    package var isLog: Bool { method == "GET" && segments.last == "log" }
    /// Whether the server passes the request on to a kubelet, which may be away.
    package var reachesKubelet: Bool {
        ["log", "exec", "attach", "portforward", "proxy"].contains(segments.last ?? "")
    }

    /// The version from which a watch goes on; nil when it starts with what exists.
    package var startVersion: String? {
        guard let version = value("resourceVersion"), !version.isEmpty, version != "0" else { return nil }
        return version
    }

    /// Preconditions of a delete or an eviction.
    private var preconditions: JSONValue? { body?["preconditions"] ?? body?["deleteOptions"]?["preconditions"] }

    /// Whether the request named the object by its uid without a version.
    package var namesUIDOnly: Bool {
        if let preconditions { return preconditions["uid"] != nil && preconditions["resourceVersion"] == nil }
        let metadata = body?["metadata"]
        return metadata?["uid"]?.nonBlank != nil && metadata?["resourceVersion"]?.nonBlank == nil
    }

    /// Whether a delete or an eviction carried preconditions.
    package var hasPreconditions: Bool { !(preconditions?.object ?? JSONObject()).isEmpty }
}
