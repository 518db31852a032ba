package import HTTPExchange
package import Vocabulary

/// Reads and writes one cluster over any transport; it decides nothing and repeats nothing.
package struct KubernetesClient: Sendable {
    package let transport: any HTTPTransport
    /// Scheme, host and port of the API server.
    package let origin: String
    /// Headers of every request, such as `Authorization`.
    package let headers: [HTTPHeader]

    /// Who writes, as field managers and audit logs name us.
    package static let fieldManager = "firebreak"

    package init(transport: any HTTPTransport, origin: String, headers: [HTTPHeader] = []) {
        self.transport = transport
        self.origin = origin
        self.headers = headers
    }

    /// Sends one request and says what its answer means; an error status is an answer, not an error.
    ///
    /// A write with a body to an object names its field manager and asks for strict validation, unless the query says
    /// otherwise. The path begins at the root of the server, percent-encoded; a body of `null` is none. It throws only
    /// when no answer came.
    package func send(
        _ method: String,
        _ path: String,
        query: [String: String] = [:],
        contentType: String = "application/json",
        body: JSONValue = .null
    ) async throws(KubernetesFault) -> KubernetesAnswer {
        let request = request(method, path, query: query, contentType: contentType, body: body)
        do {
            return KubernetesAnswer(request, try await transport.send(request))
        } catch {
            throw KubernetesFault(error, url: origin + path)
        }
    }

    /// Reads one object.
    package func get(_ path: KubernetesPath) async throws(KubernetesFault) -> JSONValue {
        let answer = try await send("GET", path.text)
        return try object(answer, url: origin + path.text)
    }

    /// The body of a success that is a JSON object.
    func object(_ answer: KubernetesAnswer, url: String) throws(KubernetesFault) -> JSONValue {
        guard answer.isSuccess, answer.body.object != nil else { throw KubernetesFault(answer, url: url) }
        return answer.body
    }

    private func request(
        _ method: String,
        _ path: String,
        query: [String: String],
        contentType: String,
        body: JSONValue
    ) -> HTTPRequest {
        var all = headers
        all.append(HTTPHeader("Accept", "application/json"))
        all.append(HTTPHeader("User-Agent", Self.fieldManager))
        var bytes: [UInt8] = []
        if !body.isNull {
            all.append(HTTPHeader("Content-Type", contentType))
            bytes = Array(JSONWriter.compact(body).utf8)
        }
        let target = KubernetesQuery.target(path, writeQuery(method, path, query))
        return HTTPRequest(method: method, origin: origin, target: target, headers: all, body: bytes)
    }

    private func writeQuery(_ method: String, _ path: String, _ query: [String: String]) -> [String: String] {
        guard ["POST", "PUT", "PATCH"].contains(method), !path.hasSuffix("/eviction"), !path.hasSuffix("reviews") else {
            return query
        }
        let defaults = ["fieldManager": Self.fieldManager, "fieldValidation": "Strict"]
        return query.merging(defaults) { ours, _ in ours }
    }
}
