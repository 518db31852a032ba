package import ArgumentParser
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// `firebreak runs watch`: follows a run that another process carries out.
package struct RunsWatchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follows a run that another process carries out, until it ends or waits for somebody.",
        discussion: """
            Example: firebreak runs watch run-0123456789abcdef

            Exit codes: as those of “firebreak run”.
            """
    )

    @Argument(help: "The run's id.")
    package var id: String

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml; json and yaml write where the run stands at the end.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            let run = try await kept.reading(followed)
            let document: JSONValue = ["runs": [run.plan.json(digest: run.digest)], "error": .null]
            if output != .text { Console.current.print(output.render(document, text: "")) }
            if run.plan.exitStatus != .done { throw run.plan.exitStatus }
        } catch {
            throw Complaint(output: output, subject: id, shape: ["runs": []]).say(error)
        }
    }

    private func followed(in store: SQLiteStore) async throws -> KeptRun {
        var shown = 0
        var records = -1
        while true {
            guard let listed = try await store.run(id) else { throw RecordingFault.noRun(id) }
            if listed.records != records {
                records = listed.records
                let run = try await KeptRun.load(id, from: store)
                let lines = try RunTimeline(run).lines
                if output == .text { for line in lines.dropFirst(shown) { Console.current.print(line) } }
                shown = lines.count
                if run.driver.status.isEnd || run.driver.status == .pendingApproval || run.driver.status == .parked {
                    if output == .text { Console.current.print(run.recorded.card.standing?.summary ?? "") }
                    return run
                }
            }
            await Moments.current.pause(.milliseconds(300))
        }
    }
}
