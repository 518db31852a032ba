/// The error codes that we know, sorted by what they mean.
enum AWSErrorCodes {
    static func kind(of code: String) -> AWSFaultKind? {
        if let kind = exact[code] { return kind }
        if code.hasSuffix(".NotFound") { return .notFound }
        if code.hasSuffix(".Malformed") || code.hasPrefix("InvalidParameter") { return .invalid }
        return nil
    }

    static func kind(ofStatus status: Int) -> AWSFaultKind {
        switch status {
        case 401: .unauthenticated
        case 403: .notPermitted
        case 404: .notFound
        case 409: .conflict
        case 429: .throttled
        case 500...599: .unavailable
        case 400...499: .invalid
        default: .other
        }
    }

    private static let exact: [String: AWSFaultKind] = {
        var table: [String: AWSFaultKind] = [:]
        for (kind, codes) in byKind { for code in codes { table[code] = kind } }
        return table
    }()

    /// Source: botocore's retry handlers and the error tables of the services' API references.
    private static let byKind: [(AWSFaultKind, [String])] = [
        (
            .throttled,
            [
                "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
                "RequestThrottled", "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
                "LimitExceededException", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
                "SnapshotCreationPerVolumeRateExceeded", "ConcurrentSnapshotLimitExceeded",
            ]
        ),
        (
            .unavailable,
            [
                "InternalError", "InternalFailure", "InternalException", "InternalServerError", "Unavailable",
                "ServiceUnavailable", "ServiceUnavailableException", "ServerException", "RequestTimeout",
                "RequestTimeoutException", "InsufficientCapacity",
            ]
        ),
        (
            .notPermitted,
            [
                "UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "InvalidAccessException",
                "NotAuthorized", "OptInRequired", "OperationNotPermitted",
            ]
        ),
        (
            .unauthenticated,
            [
                "AuthFailure", "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId",
                "UnrecognizedClientException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "RequestExpired",
                "RequestTimeTooSkewed", "InvalidAccessKeyId",
            ]
        ),
        (.notFound, ["ResourceNotFoundException", "NoSuchEntity", "FindingNotFound"]),
        (
            .conflict,
            [
                "IncorrectState", "IncorrectInstanceState", "ResourceConflictException", "ConcurrentUpdateError",
                "ResourceInUseException", "ConflictException",
            ]
        ),
        (
            .invalid,
            [
                "MissingParameter", "UnknownParameter", "InvalidInputException", "ValidationError",
                "ValidationException", "InvalidInput", "TagLimitExceeded", "SnapshotLimitExceeded", "InvalidAction",
                "UnknownOperationException", "InvalidNextToken", "FindingSizeExceeded", "DuplicatedFindingIdentifier",
                "InvalidRequestException",
            ]
        ),
        (.wouldSucceed, ["DryRunOperation"]),
    ]
}
