package import Vocabulary

/// Carries requests to a world: the live one or the one in which we rehearse.
package protocol HTTPTransport: Sendable {
    /// Sends one request and reads its answer to the end; an error status is an answer, not an error.
    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse
}

/// Why no answer came.
package struct HTTPFault: ActionableError, Hashable {
    package enum Reason: String, Sendable, Hashable {
        /// Nothing was sent: it is safe to repeat.
        case unreachable
        /// The answer is missing: the request may have taken effect.
        case answerLost
        case timedOut
        case cancelled
        /// The answer is larger than we take.
        case tooLarge
    }

    package var reason: Reason
    package var detail: String
    package var url: String

    package init(_ reason: Reason, _ detail: String, url: String) {
        self.reason = reason
        self.detail = detail
        self.url = url
    }

    package var report: FaultReport {
        FaultReport(
            code: "HTTP-001",
            what: "no answer: \(detail)",
            location: url,
            remedy: reason == .tooLarge
                ? "ask for less at a time" : "check that the endpoint is up and reachable from here",
            retry: reason == .unreachable ? .transient : .unknown
        )
    }
}
