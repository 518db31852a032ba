package import HTTPExchange

/// What an answer of the Kubernetes API means for whoever asked.
package enum KubernetesAnswerClass: String, Sendable, Hashable, Codable, CaseIterable {
    case ok, created, accepted, alreadyExists, staleVersion, preconditionFailed, applyConflict
    case blockedByDisruptionBudget, disruptionBudgetNotReady, flowControlled, initializing
    case invalid, testFailedOrBadPatch, forbidden, unauthenticated, notFound, unknownPath, gone
    case unsupportedMediaType, notAcceptable, badRequest, unknownField, tooLarge
    case namespaceTerminating, admissionDenied, quotaExceeded
    case serverPermanent, serverTransient, streamError, upgraded
}

/// An answer that is no success, or no answer at all.
package struct KubernetesFault: Error, Sendable, Hashable {
    package var answer: KubernetesAnswerClass
    /// The HTTP status; 0 when no answer came.
    package var status: Int
    /// The Status object's reason; empty when there is none.
    package var reason: String
    /// For people only: cut, and never decided upon.
    package var message: String
    package var url: String
    /// What to do with the request.
    package var retry: KubernetesRetry
    /// Why no answer came; nil when one did.
    package var transport: HTTPFault.Reason?

    package init(
        _ answer: KubernetesAnswerClass,
        status: Int,
        reason: String,
        message: String,
        url: String,
        retry: KubernetesRetry = .never,
        transport: HTTPFault.Reason? = nil
    ) {
        self.answer = answer
        self.status = status
        self.reason = reason
        self.message = message
        self.url = url
        self.retry = retry
        self.transport = transport
    }

    /// No answer came.
    package init(_ fault: HTTPFault, url: String) {
        self.init(
            .serverTransient,
            status: 0,
            reason: "",
            message: fault.detail,
            url: url,
            retry: fault.reason == .unreachable ? .backoff : .afterRead,
            transport: fault.reason
        )
    }

    /// An answer that is no success.
    package init(_ answer: KubernetesAnswer, url: String) {
        self.init(
            answer.answer,
            status: answer.status,
            reason: answer.reason,
            message: answer.message,
            url: url,
            retry: answer.retry
        )
    }

    /// Whether the object asked for is certainly not there.
    package var isNotFound: Bool { answer == .notFound }
}
