package import ArgumentParser
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// What commands share that go on with a kept run.
package struct ContinuationOptions: ParsableArguments, Sendable {
    @OptionGroup(title: "Live cluster and account, when they are reached otherwise than at the start")
    package var live: LiveOptions

    @OptionGroup(title: "Kept runs")
    package var kept: StoreOptions

    @Option(help: "How long a creation whose answer was lost is looked for before it is made again, such as 2m.")
    package var reconcileWithin: PlaybookDuration = PlaybookDuration(.seconds(120))

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    var progress: @Sendable (RunNote) -> Void {
        guard output == .text else { return { _ in } }
        return RunNoteText.teller()
    }

    /// Takes the store, does the work, gives the store back, and says an error in the shape of the result.
    func withStore(subject: String, _ work: (SQLiteStore) async throws -> ExitStatus) async throws {
        do {
            let status = try await kept.writing(work)
            if status != .done { throw status }
        } catch {
            throw Complaint(output: output, subject: subject, shape: ["runs": []]).say(error)
        }
    }

    /// `lost`: why others could not be gone on with.
    func show(_ runs: [RunContinuation], _ lost: [FaultReport] = []) {
        let document: JSONValue = [
            "runs": .array(runs.map(\.json)), "error": lost.first?.json ?? .null, "errors": .array(lost.map(\.json)),
        ]
        let text = runs.isEmpty ? "no run to go on with" : runs.map(\.text).joined(separator: "\n\n")
        Console.current.print(output.render(document, text: text))
    }
}
