package import Vocabulary

/// Why there is nothing to sign with; no case holds a secret.
package enum CredentialsFault: ActionableError, Hashable {
    /// A line of a configuration file that cannot be read.
    case syntax(String, at: SourceMark)
    /// A setting that is missing, contradicts another or makes no sense.
    case setting(String, in: String, remedy: String)
    /// A file that is needed and cannot be read.
    case file(path: String, problem: String)
    /// An address that must not be given a token, or a token that must not be sent.
    case refused(String, in: String)
    /// Whoever gives credentials did not.
    case unavailable(from: String, problem: String, isPassing: Bool)
    /// The command of `credential_process`.
    case process(command: String, problem: String)
    /// Somebody has to sign in again.
    case signIn(profile: String, problem: String)
    /// Nothing is configured.
    case none(tried: [String])

    package var report: FaultReport {
        switch self {
        case .syntax(let problem, let mark):
            Self.report("CREDENTIALS-001", problem, "\(mark)", "write [sections] and lines of “key = value”")
        case .setting(let problem, let place, let remedy): Self.report("CREDENTIALS-002", problem, place, remedy)
        case .file(let path, let problem):
            Self.report("CREDENTIALS-003", problem, path, "check the path and its permissions", .transient)
        case .refused(let problem, let place):
            Self.report(
                "CREDENTIALS-004",
                problem,
                place,
                "use https, or an address that containers get their credentials from"
            )
        case .unavailable(let source, let problem, let isPassing):
            Self.report(
                "CREDENTIALS-005",
                problem,
                source,
                "check that the source is up and lets this identity have credentials",
                isPassing ? .transient : .permanent
            )
        case .process(let command, let problem):
            Self.report(
                "CREDENTIALS-006",
                problem,
                "credential_process \(command)",
                "run the command by hand and see",
                .transient
            )
        case .signIn(let profile, let problem):
            Self.report("CREDENTIALS-007", problem, "profile \(profile)", "run “aws sso login --profile \(profile)”")
        case .none(let tried):
            Self.report(
                "CREDENTIALS-008",
                "no AWS credentials were found",
                tried.joined(separator: ", "),
                "give the process an identity: a role for its pod or instance, a profile, or keys in the environment"
            )
        }
    }

    private static func report(
        _ code: String,
        _ what: String,
        _ location: String,
        _ remedy: String,
        _ retry: FaultReport.Retry = .permanent
    ) -> FaultReport {
        FaultReport(code: code, what: what, location: location, remedy: remedy, retry: retry)
    }
}
