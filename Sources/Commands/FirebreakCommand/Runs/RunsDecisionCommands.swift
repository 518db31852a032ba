package import ArgumentParser
internal import Host
internal import Orchestration
internal import Runs
internal import Vocabulary

/// `firebreak runs approve`: says yes to what a run waits for.
package struct RunsApproveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Says yes to what a run waits for, and lets it go on.",
        discussion: """
            “firebreak runs show” prints what the run asks for, and the digest of that. It is planned anew before anything is
            sent: when the world moved on, the run asks again.

            Example: firebreak runs approve run-0123456789abcdef --digest sha256:…
            """
    )

    @Argument(help: "The run's id.")
    package var id: String

    @Option(help: "The digest of what is asked for.")
    package var digest: String?

    @Flag(help: "Approve whatever it asks for now.")
    package var yes = false

    @OptionGroup
    package var options: ContinuationOptions

    package init() {}

    package func run() async throws {
        try await options.withStore(subject: id) { store in
            var continuation = try await RunContinuation.open(id, in: store, options)
            guard let question = continuation.kept.question else {
                throw RunFault.requestRefused(request: "an approval", reason: "the run waits for nobody's yes")
            }
            guard covers(question, continuation) else {
                options.show([continuation])
                return .waitingForApproval
            }
            await continuation.driver.approve(by: Person.name)
            options.show([continuation])
            return continuation.exitStatus
        }
    }

    private func covers(_ question: RunQuestion, _ continuation: RunContinuation) -> Bool {
        if let digest { return digest == question.digest }
        if yes { return true }
        guard Person.isThere else { return false }
        Console.current.complain(continuation.text)
        Console.current.complain(question.text)
        return Approval.ask("Approve \(question.states.joined(separator: ", ")) (\(question.digest))?")
    }
}

/// `firebreak runs reject`: says no to what a run waits for.
package struct RunsRejectCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Says no to what a run waits for: it ends refused, and what it did before stays.",
        discussion: "Example: firebreak runs reject run-0123456789abcdef --reason 'a planned scan'"
    )

    @Argument(help: "The run's id.")
    package var id: String

    @Option(help: "Why, for the record.")
    package var reason = "no reason given"

    @OptionGroup
    package var options: ContinuationOptions

    package init() {}

    package func run() async throws {
        try await options.withStore(subject: id) { store in
            var continuation = try await RunContinuation.open(id, in: store, options)
            guard continuation.kept.question != nil else {
                throw RunFault.requestRefused(request: "a rejection", reason: "the run waits for nobody's yes")
            }
            await continuation.driver.reject(by: Person.name, reason: reason)
            options.show([continuation])
            return continuation.exitStatus
        }
    }
}

/// `firebreak runs cancel`: ends a run where it is.
package struct RunsCancelCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Ends a run where it is; what it contained stays contained.",
        discussion: """
            What was in flight is looked up first, and what comes “finally” is done. To take changes back, undo the run.

            Example: firebreak runs cancel run-0123456789abcdef
            """
    )

    @Argument(help: "The run's id.")
    package var id: String

    @OptionGroup
    package var options: ContinuationOptions

    package init() {}

    package func run() async throws {
        try await options.withStore(subject: id) { store in
            var continuation = try await RunContinuation.open(id, in: store, options)
            try await continuation.driver.cancel(by: Person.name)
            options.show([continuation])
            let isLeft = [.leaking, .unknown].contains(continuation.driver.containment)
            return continuation.driver.status != .cancelled ? continuation.exitStatus : isLeft ? .notProved : .done
        }
    }
}

/// Who is at the keyboard.
enum Person {
    /// The login name, as the record keeps it.
    static var name: String {
        "\(Host.environment("SUDO_USER") ?? Host.environment("USER") ?? Host.environment("LOGNAME") ?? "somebody") at the command line"
    }

    static var isThere: Bool { HostStreams.isInputTerminal && HostStreams.isOutputTerminal }
}
