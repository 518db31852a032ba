import HTTPExchange
import Vocabulary

/// Answers in order, and remembers what was asked.
actor ScriptedTransport: HTTPTransport {
    private var answers: [Result<HTTPResponse, HTTPFault>]
    private(set) var requests: [HTTPRequest] = []

    init(_ answers: [Result<HTTPResponse, HTTPFault>]) { self.answers = answers }

    init(_ status: Int, _ body: String, headers: [HTTPHeader] = []) {
        answers = [.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))]
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        requests.append(request)
        guard !answers.isEmpty else { throw HTTPFault(.unreachable, "no more answers", url: request.origin) }
        return try answers.removeFirst().get()
    }
}
