package import Vocabulary

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
package struct KubernetesFault: ActionableError, Hashable {
    package var answer: KubernetesAnswerClass
    /// The HTTP status; 0 when no answer came.
    package var status: Int
    /// The Status object's reason; empty when there is none.
    package var reason: String
    /// For people only: cut, and never decided upon.
    package var message: String
    package var url: String

    package init(_ answer: KubernetesAnswerClass, status: Int, reason: String, message: String, url: String) {
        self.answer = answer
        self.status = status
        self.reason = reason
        self.message = message
        self.url = url
    }

    package var report: FaultReport {
        FaultReport(code: "KUBERNETES-001", what: message, location: url, remedy: "")
    }
}
