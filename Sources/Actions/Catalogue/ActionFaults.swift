package import AWSAPI
package import KubernetesAPI
import Vocabulary

extension ActionFault {
    /// Whether a call reads or writes: an answer lost while reading harms nothing.
    package enum Access: Sendable, Hashable {
        case reading
        case writing
    }

    /// The fault of a call to a Kubernetes API server, under the name that a playbook catches.
    package init(kubernetes fault: KubernetesFault, during access: Access = .reading) {
        let report = fault.report
        let isOpen = access == .writing && report.retry == .unknown
        self.init(isOpen ? "Unverified" : Self.name(of: fault.answer), report)
    }

    /// The fault of a call to AWS, under the name that a playbook catches.
    package init(aws fault: AWSFault) {
        let report = fault.report
        self.init(report.retry == .unknown ? "Unverified" : Self.name(of: fault.kind), report)
    }

    private static func name(of answer: KubernetesAnswerClass) -> String {
        switch answer {
        case .flowControlled: "Throttled"
        case .serverPermanent, .serverTransient, .streamError, .initializing, .gone: "Unavailable"
        case .forbidden, .unauthenticated, .admissionDenied, .quotaExceeded: "NotPermitted"
        case .notFound, .unknownPath: "NotFound"
        case .alreadyExists, .staleVersion, .preconditionFailed, .applyConflict, .testFailedOrBadPatch,
            .blockedByDisruptionBudget, .disruptionBudgetNotReady, .namespaceTerminating:
            "Conflict"
        case .invalid, .unsupportedMediaType, .notAcceptable, .badRequest, .unknownField, .tooLarge: "Invalid"
        case .ok, .created, .accepted, .upgraded: "Unverified"
        }
    }

    private static func name(of kind: AWSFaultKind) -> String {
        switch kind {
        case .throttled: "Throttled"
        case .unavailable, .notSent, .answerLost, .unreadable: "Unavailable"
        case .notPermitted, .unauthenticated, .noCredentials, .credentialsUnavailable: "NotPermitted"
        case .notFound: "NotFound"
        case .conflict: "Conflict"
        case .invalid, .notSpoken, .other: "Invalid"
        case .wouldSucceed: "Unverified"
        }
    }
}
