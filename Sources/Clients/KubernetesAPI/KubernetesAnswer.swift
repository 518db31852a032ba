package import HTTPExchange
package import Vocabulary

/// An answer of the API with what it means.
package struct KubernetesAnswer: Sendable {
    package var answer: KubernetesAnswerClass
    package var retry: KubernetesRetry
    package var status: Int
    package var headers: [HTTPHeader]
    /// The decoded body; `null` when there is none or it is no JSON.
    package var body: JSONValue
    /// The Status object's reason; empty when there is none.
    package var reason: String
    /// For people only: cut, and never decided upon.
    package var message: String

    package var isSuccess: Bool {
        switch answer {
        case .ok, .created, .accepted, .upgraded: true
        case .alreadyExists, .staleVersion, .preconditionFailed, .applyConflict, .blockedByDisruptionBudget,
            .disruptionBudgetNotReady, .flowControlled, .initializing, .invalid, .testFailedOrBadPatch, .forbidden,
            .unauthenticated, .notFound, .unknownPath, .gone, .unsupportedMediaType, .notAcceptable, .badRequest,
            .unknownField, .tooLarge, .namespaceTerminating, .admissionDenied, .quotaExceeded, .serverPermanent,
            .serverTransient, .streamError:
            false
        }
    }

    /// The texts of Warning headers, such as `unknown field "spec.isolate"`.
    package var warnings: [String] {
        headers.filter { $0.name.lowercased() == "warning" }.map { header in
            let parts = header.value.split(separator: "\"", maxSplits: 1)
            guard parts.count == 2 else { return header.value }
            return String(parts[1].dropLast().replacing("\\\"", with: "\""))
        }
    }

    /// The fields that a refusal names, in its order.
    package var causeFields: [String] {
        (body["details"]?["causes"]?.array ?? []).compactMap { $0["field"]?.string }
    }
}

extension KubernetesAnswer {
    /// Reads an answer: by status, reason and causes; the message only refines a 4xx.
    package init(_ request: HTTPRequest, _ response: HTTPResponse) {
        let asked = KubernetesRequest(request)
        // Not every body is JSON: health texts, logs, flow control and proxies speak plain text.
        let parsed = asked.isWatch ? JSONValue?.none : try? JSONReader.parse(response.body)
        let status = KubernetesStatus(response, body: parsed ?? Self.errorBody(asked, response))
        let meaning = Self.meaning(asked, response, status)
        answer = meaning.answer
        retry = meaning.retry
        self.status = response.status
        headers = response.headers
        body = parsed ?? status.body ?? .null
        reason = status.reason
        message = status.shortMessage
    }

    /// What an answer means and what to do with the request.
    package static func classify(
        request: HTTPRequest,
        response: HTTPResponse
    ) -> (answer: KubernetesAnswerClass, retry: KubernetesRetry) {
        let read = KubernetesAnswer(request, response)
        return (read.answer, read.retry)
    }

    /// A watch that fails before it starts answers with one Status, like any other request.
    private static func errorBody(_ request: KubernetesRequest, _ response: HTTPResponse) -> JSONValue? {
        guard request.isWatch, response.status != 200 else { return nil }
        return try? JSONReader.parse(response.body)
    }

    private static func meaning(
        _ request: KubernetesRequest,
        _ response: HTTPResponse,
        _ status: KubernetesStatus
    ) -> (answer: KubernetesAnswerClass, retry: KubernetesRetry) {
        if response.status == 200, request.isWatch {
            return KubernetesWatch(request, response.body).meaning
        }
        switch response.status {
        case 101: return (.upgraded, .never)
        case 200..<300, 304: return (success(request, response.status, status), .never)
        case 400..<500: return status.clientError(request)
        case 500...: return status.serverError(request)
        default: return (.badRequest, .never)
        }
    }

    private static func success(
        _ request: KubernetesRequest,
        _ code: Int,
        _ status: KubernetesStatus
    ) -> KubernetesAnswerClass {
        if request.isEviction { return .accepted }
        if request.method == "DELETE" {
            // A collection that was deleted is answered with the list of what was in it.
            let kind = status.body?["kind"]?.string ?? "Status"
            let isObject = !status.isStatus && kind != "Status" && !kind.hasSuffix("List")
            return isObject || code == 202 ? .accepted : .ok
        }
        let kind = status.body?["kind"]?.string ?? ""
        let isStored = !kind.isEmpty && !kind.hasSuffix("Review") && kind != "TokenRequest" && !status.isStatus
        return code == 201 && isStored ? .created : .ok
    }
}
