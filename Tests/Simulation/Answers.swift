import HTTPExchange
import Vocabulary

/// What servers say when they do not do what they are asked.
extension HTTPResponse {
    static let gatewayTimeout = html(504)

    static func busy(_ request: HTTPRequest) -> HTTPResponse {
        if request.isToCluster { return text(429, "slow down", [HTTPHeader("Retry-After", "1")]) }
        if request.action.isEmpty { return json(429, "TooManyRequestsException") }
        return xml(503, "RequestLimitExceeded")
    }

    /// The server failed before it did anything.
    static func failed(_ request: HTTPRequest) -> HTTPResponse {
        if request.isToCluster { return html(500) }
        return request.action.isEmpty ? json(500, "InternalException") : xml(500, "InternalError")
    }

    private static func html(_ status: Int) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPHeader("Content-Type", "text/html")], body: Array("<html>".utf8))
    }

    private static func text(_ status: Int, _ text: String, _ headers: [HTTPHeader]) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: headers + [HTTPHeader("Content-Type", "text/plain")],
            body: Array(text.utf8)
        )
    }

    private static func json(_ status: Int, _ name: String) -> HTTPResponse {
        let headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("x-amzn-ErrorType", name)]
        return HTTPResponse(status: status, headers: headers, body: Array(#"{"Message":"simulated"}"#.utf8))
    }

    private static func xml(_ status: Int, _ code: String) -> HTTPResponse {
        let body = """
            <Response><Errors><Error><Code>\(code)</Code><Message>simulated</Message></Error></Errors>\
            <RequestID>r</RequestID></Response>
            """
        return HTTPResponse(status: status, headers: [HTTPHeader("Content-Type", "text/xml")], body: Array(body.utf8))
    }
}
