package import HTTPExchange

/// What one attempt of a call came to.
package enum AttemptVerdict: Sendable, Hashable {
    /// The answer stands, good or bad.
    case final
    /// Refused before anything was done.
    case throttled
    /// Failed in passing, and repeating does no harm.
    case transient
    /// The signature's date was not accepted, perhaps because of the clock.
    case refusedDate
    /// The credentials have run out.
    case refusedCredentials

    /// A call that is not repeatable is final as soon as it may have taken effect: who sent it looks first.
    package init(_ result: Result<HTTPResponse, HTTPFault>, of call: AWSCall) {
        switch result {
        case .failure(let fault): self = Self.verdict(fault, call)
        case .success(let response) where (200..<400).contains(response.status): self = .final
        case .success(let response): self = Self.verdict(response, AWSErrorBody(response).code, call)
        }
    }

    private static func verdict(_ fault: HTTPFault, _ call: AWSCall) -> AttemptVerdict {
        switch fault.reason {
        case .unreachable: .transient
        case .answerLost, .timedOut: call.isRepeatable ? .transient : .final
        case .cancelled, .tooLarge: .final
        }
    }

    private static func verdict(_ response: HTTPResponse, _ code: String, _ call: AWSCall) -> AttemptVerdict {
        if throttling.contains(code) || response.status == 429 { return .throttled }
        if expired.contains(code) { return .refusedCredentials }
        if skewed.contains(code) { return .refusedDate }
        let isTransient = [500, 502, 503, 504].contains(response.status) || transientCodes.contains(code)
        return isTransient && call.isRepeatable ? .transient : .final
    }

    /// Source: botocore, standard mode.
    private static let throttling: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    private static let transientCodes: Set = ["RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"]
    private static let expired: Set = ["ExpiredToken", "ExpiredTokenException"]
    private static let skewed: Set = [
        "RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    ]
}
