internal import HTTPExchange
internal import Vocabulary

/// A refusal in the shape in which an API server gives it.
struct StatusAnswer: Error {
    struct Cause {
        var reason: String
        var message: String
        var field: String?

        init(_ reason: String, _ message: String, field: String? = nil) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    var code: Int
    /// Some errors of a real server have none.
    var reason: String
    var message: String
    /// Nil when the Status has no details at all.
    var details: JSONObject?
    var retryAfter: Int?
    /// A text/plain answer in place of a Status.
    var isPlain = false

    init(_ code: Int, _ reason: String, _ message: String, details: JSONObject? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    static func badRequest(_ message: String) -> StatusAnswer { StatusAnswer(400, "BadRequest", message) }

    /// An unknown group or root path; not even a Status.
    static var unknownPage: StatusAnswer {
        var answer = StatusAnswer(404, "", "404 page not found\n")
        answer.isPlain = true
        return answer
    }

    /// A kind or version that a known group does not serve.
    static var unknownResource: StatusAnswer {
        StatusAnswer(404, "NotFound", "the server could not find the requested resource", details: [:])
    }

    static var methodNotAllowed: StatusAnswer {
        let message = "the server does not allow this method on the requested resource"
        return StatusAnswer(405, "MethodNotAllowed", message, details: [:])
    }

    static var unauthorized: StatusAnswer { StatusAnswer(401, "Unauthorized", "Unauthorized") }

    /// A JSON patch that failed: a test, a missing path, an unknown op; nobody can tell which.
    static var failedPatch: StatusAnswer {
        let message = "the server rejected our request due to an error in our request"
        return StatusAnswer(422, "Invalid", message, details: [:])
    }

    static func mediaType(accepted: [String]) -> StatusAnswer {
        let list = accepted.joined(separator: ", ")
        let message = "the body of the request was in an unknown format - accepted media types include: \(list)"
        return StatusAnswer(415, "UnsupportedMediaType", message)
    }
}

extension StatusAnswer {
    var response: HTTPResponse {
        var headers = [HTTPHeader("Content-Type", isPlain ? "text/plain; charset=utf-8" : "application/json")]
        if let retryAfter { headers.append(HTTPHeader("Retry-After", String(retryAfter))) }
        let text = isPlain ? message : JSONWriter.compact(json) + "\n"
        return HTTPResponse(status: code, headers: headers, body: Array(text.utf8))
    }

    private var json: JSONValue {
        var members: JSONObject = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { members["reason"] = .string(reason) }
        if var details {
            if let retryAfter { details["retryAfterSeconds"] = .integer(Int64(retryAfter)) }
            members["details"] = .object(details)
        }
        members["code"] = .integer(Int64(code))
        return .object(members)
    }

    static func causes(_ causes: [Cause]) -> JSONValue {
        var list: [JSONValue] = []
        for cause in causes {
            var members = JSONObject()
            if !cause.reason.isEmpty { members["reason"] = .string(cause.reason) }
            members["message"] = .string(cause.message)
            if let field = cause.field { members["field"] = .string(field) }
            list.append(.object(members))
        }
        return .array(list)
    }
}
