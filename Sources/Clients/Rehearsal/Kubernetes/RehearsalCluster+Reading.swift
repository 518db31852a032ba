internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    func get(_ call: ClusterCall, _ served: ServedResource, _ name: String) throws(StatusAnswer) -> HTTPResponse {
        if let text = call.value("resourceVersion"), !text.isEmpty { _ = try parsed(version: text) }
        guard let object = objects[key(call, served, name)] else { throw notFound(served, name) }
        return Self.ok(Self.typed(object, served))
    }

    /// The object with kind and apiVersion in front.
    static func typed(_ object: JSONValue, _ served: ServedResource) -> JSONValue {
        var members: JSONObject = [
            "kind": .string(served.resource.kind), "apiVersion": .string(served.resource.apiVersion),
        ]
        for member in object.object ?? JSONObject() where member.key != "kind" && member.key != "apiVersion" {
            members[member.key] = member.value
        }
        return .object(members)
    }

    func list(_ call: ClusterCall, _ served: ServedResource) throws(StatusAnswer) -> HTTPResponse {
        let query = try ListQuery(call, served)
        try check(query)
        var found = matching(query, call, served)
        var metadata: JSONObject = ["resourceVersion": .string(String(query.token?.version ?? version))]
        if let limit = query.limit, limit < found.count {
            let rest = found.count - limit
            found = Array(found.prefix(limit))
            if let last = found.last {
                let token = ContinueToken(version: query.token?.version ?? version, after: last.key)
                metadata["continue"] = .string(token.text)
            }
            if !query.isSelective { metadata["remainingItemCount"] = .integer(Int64(rest)) }
        }
        let items = found.map { served.isCustom ? Self.typed($0.value, served) : Self.untyped($0.value) }
        return Self.ok([
            "kind": .string(served.listKind), "apiVersion": .string(served.resource.apiVersion),
            "metadata": .object(metadata), "items": .array(items),
        ])
    }

    /// Items of built-in kinds carry neither apiVersion nor kind.
    private static func untyped(_ object: JSONValue) -> JSONValue {
        var members = object.object ?? JSONObject()
        members["kind"] = nil
        members["apiVersion"] = nil
        return .object(members)
    }

    private func matching(
        _ query: ListQuery,
        _ call: ClusterCall,
        _ served: ServedResource
    ) -> [(key: Key, value: JSONValue)] {
        var found: [(key: Key, value: JSONValue)] = []
        for (key, object) in objects where key.plural == served.resource.plural && key.group == served.resource.group {
            guard call.namespace == nil || call.namespace == key.namespace else { continue }
            guard query.token?.precedes(key) ?? true, query.matches(object) else { continue }
            found.append((key, object))
        }
        return found.sorted { $0.key < $1.key }
    }

    private func check(_ query: ListQuery) throws(StatusAnswer) {
        let expired = "The resourceVersion for the provided list is too old."
        if let token = query.token, token.version < oldestVersion {
            let message =
                "The provided continue parameter is too old to display a consistent list result. "
                + "You can start a new list without the continue parameter."
            throw StatusAnswer(410, "Expired", message)
        }
        guard let wanted = query.version else { return }
        if wanted > version { throw tooLarge(wanted) }
        if query.isExact, wanted < oldestVersion { throw StatusAnswer(410, "Expired", expired) }
    }

    private func tooLarge(_ wanted: UInt64) -> StatusAnswer {
        let message = "Timeout: Too large resource version: \(wanted), current: \(version)"
        let cause = StatusAnswer.Cause("ResourceVersionTooLarge", "Too large resource version")
        return StatusAnswer(
            504,
            "Timeout",
            message,
            details: ["causes": StatusAnswer.causes([cause])],
            retryAfter: 1
        )
    }

    /// A watch sends what exists and ends: nothing changes behind a rehearsal's back.
    func watch(_ call: ClusterCall, _ served: ServedResource) throws(StatusAnswer) -> HTTPResponse {
        var text = ""
        let wanted = call.value("resourceVersion") ?? ""
        if let number = UInt64(wanted), number > 0 {
            if number < oldestVersion { text = Self.expiredEvent }
        } else if !wanted.isEmpty, wanted != "0" {
            let message =
                "resourceVersion: Invalid value: \"\(wanted)\": strconv.ParseUint: parsing \"\(wanted)\": invalid syntax"
            throw StatusAnswer(500, "", message)
        } else {
            for (_, object) in matching(try ListQuery(call, served), call, served) {
                let event: JSONValue = ["type": "ADDED", "object": Self.typed(object, served)]
                text += JSONWriter.compact(event) + "\n"
            }
        }
        let headers = [HTTPHeader("Content-Type", "application/json")]
        return HTTPResponse(status: 200, headers: headers, body: Array(text.utf8))
    }

    private static let expiredEvent = """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
        "message":"too old resource version","reason":"Expired","code":410}}

        """

    func parsed(version text: String) throws(StatusAnswer) -> UInt64 {
        guard let number = UInt64(text) else {
            let why = "strconv.ParseUint: parsing \"\(text)\": invalid syntax"
            throw .badRequest("invalid resource version: resourceVersion: Invalid value: \"\(text)\": \(why)")
        }
        return number
    }
}

/// The options of a list.
struct ListQuery {
    var labels: LabelSelector?
    var fields: FieldSelector?
    var limit: Int?
    var token: ContinueToken?
    var version: UInt64?
    var isExact = false

    init(_ call: ClusterCall, _ served: ServedResource) throws(StatusAnswer) {
        if let text = call.value("labelSelector"), !text.isEmpty { labels = try LabelSelector(text: text) }
        if let text = call.value("fieldSelector"), !text.isEmpty {
            fields = try FieldSelector(text: text, plural: served.resource.plural)
        }
        if let text = call.value("limit"), !text.isEmpty {
            guard let number = Int(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            limit = number > 0 ? number : nil
        }
        let wanted = call.value("resourceVersion") ?? ""
        if let text = call.value("continue"), !text.isEmpty {
            guard wanted.isEmpty || wanted == "0" else {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            token = try ContinueToken(text: text)
        }
        if let match = call.value("resourceVersionMatch"), !match.isEmpty {
            guard !wanted.isEmpty else { throw Self.lonelyMatch }
            isExact = match == "Exact"
        }
        if !wanted.isEmpty, token == nil {
            guard let number = UInt64(wanted) else {
                let why = "strconv.ParseUint: parsing \"\(wanted)\": invalid syntax"
                throw .badRequest("invalid resource version: resourceVersion: Invalid value: \"\(wanted)\": \(why)")
            }
            version = number
        }
    }

    var isSelective: Bool { labels != nil || fields != nil }

    func matches(_ object: JSONValue) -> Bool {
        (labels?.matches(object.labels) ?? true) && (fields?.matches(object) ?? true)
    }

    private static var lonelyMatch: StatusAnswer {
        let why = "resourceVersionMatch is forbidden unless resourceVersion is provided"
        let cause = StatusAnswer.Cause("FieldValueForbidden", "Forbidden: \(why)", field: "resourceVersionMatch")
        return .invalidOptions("ListOptions", cause)
    }
}
