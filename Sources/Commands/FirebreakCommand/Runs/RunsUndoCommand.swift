package import ArgumentParser
internal import Orchestration
internal import Planning
internal import Runs
internal import Vocabulary

/// `firebreak runs undo`: takes back what a run changed.
package struct RunsUndoCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Takes back what a run changed, newest first; says what stays, and why.",
        discussion: """
            A change is only taken back while the object still is as the run left it; otherwise the undo stops there and
            shows what differs. To go on without that change, name it with --keep. Without --yes the list is shown, and a
            person at a terminal is asked.

            Example: firebreak runs undo run-0123456789abcdef --yes

            Exit codes: 0 all that has an inverse is taken back, 1 the undo stopped, 4 nobody said yes.
            """
    )

    @Argument(help: "The run's id.")
    package var id: String

    @Flag(help: "Do it without asking.")
    package var yes = false

    @Option(help: "A change that stays, by its id as the list shows it; may be repeated.")
    package var keep: [String] = []

    @Flag(help: "Give detached pods back to their controllers, which may delete them as surplus: evidence too.")
    package var readopt = false

    @OptionGroup
    package var options: ContinuationOptions

    package init() {}

    package func run() async throws {
        try await options.withStore(subject: id) { store in
            var continuation = try await RunContinuation.open(id, in: store, options)
            try checkKept(continuation.kept)
            let before = UndoReport(continuation.driver, keeping: keep, readopting: readopt)
            guard yes || asks(before) else {
                show(before, continuation, status: .waitingForApproval)
                return .waitingForApproval
            }
            try await continuation.driver.undo(by: Person.name, keeping: keep, readopting: readopt)
            let after = UndoReport(continuation.driver, keeping: keep, readopting: readopt)
            show(after, continuation, status: after.isComplete ? .done : .failed)
            return after.isComplete ? .done : .failed
        }
    }

    private func checkKept(_ kept: KeptRun) throws {
        let known = kept.driver.changeIds
        for id in keep where !known.contains(id) {
            throw RunFault.requestRefused(
                request: "an undo",
                reason: "the run has no change “\(PlainText.line(id))”; it has \(known.joined(separator: ", "))"
            )
        }
    }

    private func asks(_ report: UndoReport) -> Bool {
        guard Person.isThere else { return false }
        Console.current.complain(report.text)
        return Approval.ask("Take these changes back?")
    }

    private func show(_ report: UndoReport, _ continuation: RunContinuation, status: ExitStatus) {
        var run = continuation.json.object ?? JSONObject()
        run["changes"] = report.json
        let document: JSONValue = ["runs": [.object(run)], "error": report.error?.json ?? .null]
        Console.current.print(options.output.render(document, text: report.text))
    }
}
