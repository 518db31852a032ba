/// What an error of AWS means for whoever asked, across services and protocols.
package enum AWSFaultKind: String, Sendable, Hashable, CaseIterable {
    case throttled, unavailable, notPermitted, unauthenticated, notFound, conflict, invalid
    case wouldSucceed, notSent, answerLost, unreadable, notSpoken, noCredentials
    case credentialsUnavailable, other

    /// The code of its page in `Docs/Errors`.
    package var page: String {
        switch self {
        case .throttled: "AWS-001"
        case .unavailable: "AWS-002"
        case .notPermitted: "AWS-003"
        case .unauthenticated: "AWS-004"
        case .notFound: "AWS-005"
        case .conflict: "AWS-006"
        case .invalid: "AWS-007"
        case .notSent: "AWS-008"
        case .answerLost: "AWS-009"
        case .unreadable: "AWS-010"
        case .wouldSucceed: "AWS-011"
        case .notSpoken: "AWS-012"
        case .other: "AWS-013"
        case .noCredentials: "AWS-015"
        case .credentialsUnavailable: "AWS-016"
        }
    }

    var sentence: String {
        switch self {
        case .throttled: "too many requests"
        case .unavailable: "the service failed"
        case .notPermitted: "not permitted"
        case .unauthenticated: "the credentials were not accepted"
        case .notFound: "there is no such thing"
        case .conflict: "something else is in the way"
        case .invalid: "the service refuses the request"
        case .notSent: "the service cannot be reached"
        case .answerLost: "the answer was lost"
        case .unreadable: "the answer makes no sense"
        case .wouldSucceed: "the dry run would have succeeded"
        case .notSpoken: "the request was not sent"
        case .noCredentials: "there is nothing to sign with"
        case .credentialsUnavailable: "the credentials that are configured cannot be had"
        case .other: "an error that we do not know"
        }
    }

    /// Whether the service's code would add nothing.
    var speaksForItself: Bool {
        switch self {
        case .notSent, .answerLost, .unreadable, .notSpoken, .noCredentials, .credentialsUnavailable: true
        case .throttled, .unavailable, .notPermitted, .unauthenticated, .notFound, .conflict, .invalid, .wouldSucceed,
            .other:
            false
        }
    }

    func remedy(service: String, operation: String) -> String {
        switch self {
        case .throttled: "wait a few seconds and repeat; others in the account share the limit"
        case .unavailable: "look whether it took effect, then repeat; see the AWS Health Dashboard when it lasts"
        case .notPermitted: "allow \(service):\(operation) for the identity in use, or use another one"
        case .unauthenticated: "renew the credentials, and check the clock of this machine"
        case .notFound: "check the id, the account and the Region"
        case .conflict: "wait until the other change is through, then repeat"
        case .invalid: "correct what the message names"
        case .notSent: "check the network, the Region's name and AWS_ENDPOINT_URL"
        case .answerLost: "look whether it took effect before repeating"
        case .unreadable: "check what stands between here and AWS: a proxy or a wrong endpoint answers like this"
        case .wouldSucceed: "nothing is wrong: send it without DryRun"
        case .notSpoken: "correct the input; use an action that this version has"
        case .noCredentials, .credentialsUnavailable: "do what the message says of the credentials"
        case .other: "look the code up in the service's API reference"
        }
    }
}

extension AWSFault {
    private static let unsent: [String: AWSFaultKind] = [
        "NotSpoken": .notSpoken, "NoCredentials": .noCredentials, "CredentialsRefused": .credentialsUnavailable,
        "CredentialsUnavailable": .credentialsUnavailable,
    ]

    /// Sorted by code first, then by status: services disagree on statuses more than on codes.
    package var kind: AWSFaultKind {
        switch delivery {
        case .notSent: return Self.unsent[code] ?? .notSent
        case .unknown: return code == "UnreadableAnswer" ? .unreadable : .answerLost
        case .answered: return AWSErrorCodes.kind(of: code) ?? AWSErrorCodes.kind(ofStatus: status)
        }
    }
}
