package import ArgumentParser
internal import Orchestration
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// `firebreak runs recover`: goes on with runs whose process ended early.
package struct RunsRecoverCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Goes on with runs whose process ended before they did.",
        discussion: """
            What was in flight is looked up in the cluster and the account before it is repeated. Without an id all runs that
            have not ended are gone on with, oldest first; those that wait for approval stay as they are.

            Example: firebreak runs recover

            Exit codes: as those of “firebreak run”, the worst of several.
            """
    )

    @Argument(help: "Ids of runs; all that have not ended when left out.")
    package var runs: [String] = []

    @OptionGroup
    package var options: ContinuationOptions

    package init() {}

    package func run() async throws {
        try await options.withStore(subject: runs.first ?? "runs") { store in
            var ids = runs
            if ids.isEmpty { ids = Self.ordered(try await RunArchive(store).open()).map(\.run.id) }
            var done: [RunContinuation] = []
            var failures: [(report: FaultReport, status: ExitStatus)] = []
            for id in ids {
                do {
                    var continuation = try await RunContinuation.open(id, in: store, options)
                    await continuation.driver.recover(by: "firebreak runs recover")
                    done.append(continuation)
                } catch  where ids.count > 1 {
                    // One run that cannot go on keeps no other back.
                    let report = (error as? any ActionableError)?.report ?? Complaint.unknown(error, id)
                    Console.current.complain("\(id): \(PlainText.line(report.description))")
                    failures.append((report.located(in: id), Complaint.status(of: error)))
                }
            }
            options.show(done, failures.map(\.report))
            return ExitStatus.worst(done.map(\.exitStatus) + failures.map(\.status))
        }
    }

    /// Those that wait for time to pass come last: others are at work.
    private static func ordered(_ rows: [ListedRun]) -> [ListedRun] {
        rows.filter { $0.run.status != RunStatus.waiting.rawValue }
            + rows.filter { $0.run.status == RunStatus.waiting.rawValue }
    }
}
