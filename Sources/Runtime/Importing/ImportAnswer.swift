internal import AWSAPI
internal import Vocabulary

/// What BatchImportFindings answered.
struct ImportAnswer {
    /// By the Id of the finding.
    private(set) var refusals: [String: AWSFault] = [:]
    private let succeeded: Int64?
    private let failed: Int64?

    init(_ output: JSONValue) {
        succeeded = output["SuccessCount"]?.integer
        failed = output["FailedCount"]?.integer
        for refusal in output["FailedFindings"]?.array ?? [] {
            guard let id = refusal["Id"]?.string else { continue }
            refusals[id] = Self.fault(
                refusal["ErrorCode"]?.nonBlank ?? "Failed",
                refusal["ErrorMessage"]?.string ?? "the service gives no reason"
            )
        }
    }

    /// Whether every finding of the call is either among the successes or named among the failures.
    func accountsFor(_ count: Int) -> Bool {
        succeeded == Int64(count - refusals.count) && (failed ?? 0) == Int64(refusals.count)
    }

    /// What the service failed to say: nothing is lost by asking again.
    var senseless: AWSFault {
        AWSFault(
            code: "UnreadableAnswer",
            message: "the answer does not account for every finding of the call",
            status: 200,
            service: "securityhub",
            operation: "BatchImportFindings",
            delivery: .unknown
        )
    }

    private static func fault(_ code: String, _ message: String) -> AWSFault {
        AWSFault(
            code: code,
            message: String(message.prefix(1_024)),
            status: 200,
            service: "securityhub",
            operation: "BatchImportFindings"
        )
    }
}

extension AWSFault {
    /// Whether the same call may succeed later without anybody doing anything.
    ///
    /// An import may be repeated even when nobody knows whether it took effect.
    var mayPass: Bool {
        kind == .credentialsUnavailable ? report.retry == .transient : kind.mayPass
    }
}

extension AWSFaultKind {
    var mayPass: Bool {
        switch self {
        case .throttled, .unavailable, .conflict, .notSent, .answerLost, .unreadable: true
        case .notPermitted, .unauthenticated, .notFound, .invalid, .wouldSucceed, .notSpoken, .noCredentials,
            .credentialsUnavailable, .other:
            false
        }
    }
}
