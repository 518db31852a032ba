package import Vocabulary

/// An error answer of a service, or no answer at all.
package struct AWSFault: ActionableError, Hashable {
    /// How far the request got.
    package enum Delivery: String, Sendable, Hashable {
        /// The service answered.
        case answered
        /// Nothing left this machine: it is safe to repeat.
        case notSent
        /// Nobody knows whether it took effect.
        case unknown
    }

    /// The service's error code, such as `RequestLimitExceeded`; `Transport` when no answer came, `UnreadableAnswer` when
    /// it made no sense, `NotSpoken` when the request could not be written, `NoCredentials` when nothing is configured
    /// that could sign it; when something is and does not give any, `CredentialsRefused`, or `CredentialsUnavailable` where
    /// that may pass.
    package var code: String
    package var message: String
    /// The HTTP status; 0 when no answer came.
    package var status: Int
    package var service: String
    package var operation: String
    package var delivery: Delivery
    /// For AWS Support; empty when the answer had none.
    package var requestId: String

    package init(
        code: String,
        message: String,
        status: Int,
        service: String,
        operation: String,
        delivery: Delivery = .answered,
        requestId: String = ""
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.service = service
        self.operation = operation
        self.delivery = delivery
        self.requestId = requestId
    }

    package var isThrottling: Bool { kind == .throttled }
    package var isNotFound: Bool { kind == .notFound }
    package var isNotPermitted: Bool { kind == .notPermitted || kind == .unauthenticated }
    /// EC2's answer to a dry run that would have succeeded.
    package var isDryRunSuccess: Bool { kind == .wouldSucceed }

    package var report: FaultReport {
        FaultReport(
            code: kind.page,
            what: "\(service) \(operation): \(sentence)",
            location: requestId.isEmpty ? "\(service) \(operation)" : "\(service) \(operation), request \(requestId)",
            remedy: kind.remedy(service: service, operation: operation),
            retry: retry
        )
    }

    private var sentence: String {
        let detail = message.isEmpty ? "" : ": \(message)"
        return kind.speaksForItself ? "\(kind.sentence)\(detail)" : "\(kind.sentence) (\(code))\(detail)"
    }

    /// A server error after a write says nothing about the write: it may have happened.
    private var retry: FaultReport.Retry {
        let isReadOnly = AWSOperation.named(service, operation)?.isReadOnly ?? false
        switch kind {
        case .throttled, .notSent, .conflict: return .transient
        case .unavailable, .answerLost, .unreadable:
            let wasRefused = delivery == .answered && status == 200  // one of a batch, and the service says so
            return isReadOnly || wasRefused ? .transient : .unknown
        case .credentialsUnavailable: return code == "CredentialsUnavailable" ? .transient : .permanent
        case .notPermitted, .unauthenticated, .notFound, .invalid, .wouldSucceed, .notSpoken, .noCredentials, .other:
            return .permanent
        }
    }
}
