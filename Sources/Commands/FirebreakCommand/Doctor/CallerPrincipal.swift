internal import Vocabulary

/// Whose policies decide for a caller, read from the ARN that STS gives.
package enum CallerPrincipal: Sendable, Hashable {
    /// A user or a role, by the ARN that IAM has for it.
    case known(String)
    /// The account's root user, whom no policy of IAM holds back.
    case root
    /// A session that has no ARN of IAM to ask for, such as a federated user's.
    case unknown(String)

    package init(callerARN text: String) {
        guard let arn = ARN(text) else {
            self = .unknown(text)
            return
        }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (arn.service, parts[0]) {
        case ("iam", "user"), ("iam", "role"): self = .known(text)
        case ("iam", "root"): self = .root
        case ("sts", "assumed-role") where parts.count == 3 && !parts[1].isEmpty:
            // The session's ARN leaves out the role's path; where it has one, IAM does not know the role by this ARN.
            self = .known("arn:\(arn.partition):iam::\(arn.account):role/\(parts[1])")
        default: self = .unknown(text)
        }
    }
}
