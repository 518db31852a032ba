package import ArgumentParser
internal import Orchestration
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// `firebreak runs list`.
package struct RunsListCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists runs that were applied, newest first.",
        discussion: "Example: firebreak runs list --status running"
    )

    @Option(help: "Only runs of this status: \(RunStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
    package var status: String?

    @Option(help: "Only runs of this playbook.")
    package var playbook: String?

    @Option(help: "At most so many.")
    package var limit = 50

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func validate() throws {
        if let status, RunStatus(rawValue: status) == nil {
            throw ValidationError("“\(PlainText.line(status))” is no status of a run.")
        }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is from 1 to 10000.") }
    }

    package func run() async throws {
        do {
            let rows = try await rows()
            let document: JSONValue = ["runs": .array(rows.map(Self.json)), "error": .null]
            let text = rows.isEmpty ? "no run" : TextTable.write([Self.head] + rows.map(Self.cells))
            Console.current.print(output.render(document, text: text))
        } catch {
            throw Complaint(output: output, subject: "runs", shape: ["runs": []]).say(error)
        }
    }

    private func rows() async throws -> [(run: StoredRun, card: RunCard)] {
        var query = RunQuery()
        query.status = status
        query.playbook = playbook
        query.limit = limit
        return try await kept.readingIfThere { store in
            try await RunArchive(store).runs(query).map { ($0.run, try RunArchive.card($0)) }
        } ?? []
    }

    private static let head = ["RUN", "STARTED", "PLAYBOOK", "SUBJECT", "STATUS", "CONTAINMENT", "IN PLACE"]

    private static func cells(_ row: (run: StoredRun, card: RunCard)) -> [String] {
        let standing = row.card.standing
        return [
            row.run.id, row.run.started.text(fractionDigits: 0), row.run.playbook, PlainText.line(row.card.subject),
            row.run.status, standing?.containment.rawValue ?? "none",
            String(max(standing?.standingChanges ?? 0, row.card.touched.count)),
        ]
    }

    private static func json(_ row: (run: StoredRun, card: RunCard)) -> JSONValue {
        let standing = row.card.standing
        return [
            "id": .string(row.run.id), "playbook": .string(row.run.playbook), "subject": .string(row.card.subject),
            "findingId": .string(row.card.findingId), "digest": .string(row.card.digest),
            "status": .string(row.run.status), "containment": .string(standing?.containment.rawValue ?? "none"),
            "standingChanges": .integer(Int64(max(standing?.standingChanges ?? 0, row.card.touched.count))),
            "summary": .string(standing?.summary ?? ""), "incident": .string(row.run.incident),
            "started": .string(row.run.started.description), "updated": .string(row.run.updated.description),
        ]
    }
}
