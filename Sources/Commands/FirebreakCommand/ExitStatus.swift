/// The exit codes that scripts rely on; thrown by a command to end with one.
package enum ExitStatus: Int32, Error, Sendable {
    /// A plan was made, or the work is done.
    case done = 0
    case failed = 1
    /// The command line or an input file is not valid.
    case usage = 2
    /// A guardrail said no.
    case refused = 3
    case waitingForApproval = 4
    /// Applied, but the containment is leaking or unknown.
    case notProved = 5
    case notPermitted = 6
    case unreachable = 7

    /// From worst to best: of several runs the first of these counts.
    private static let bySeverity: [ExitStatus] = [
        .usage, .failed, .unreachable, .notPermitted, .refused, .notProved, .waitingForApproval, .done,
    ]

    /// The worst of several; done when there is none.
    package static func worst(_ all: [ExitStatus]) -> ExitStatus { bySeverity.first(where: all.contains) ?? .done }
}
