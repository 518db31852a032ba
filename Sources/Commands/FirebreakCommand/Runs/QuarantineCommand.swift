package import ArgumentParser
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// `firebreak quarantine`: what is held.
package struct QuarantineCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Shows what runs hold: isolated pods, cordoned nodes.",
        subcommands: [QuarantineListCommand.self]
    )

    package init() {}
}

/// `firebreak quarantine list`.
package struct QuarantineListCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists what runs hold, since when, until when, and how to let go.",
        discussion: """
            It tells what the runs of this store did and did not take back. Whether it still stands in the cluster, “kubectl
            get networkpolicies,nodes -A” shows.

            Example: firebreak quarantine list
            """
    )

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            let holds = try await holds()
            let document: JSONValue = ["held": .array(holds.map(\.json)), "error": .null]
            let text = holds.isEmpty ? "nothing is held" : holds.map(\.text).joined(separator: "\n\n")
            Console.current.print(output.render(document, text: text))
        } catch {
            throw Complaint(output: output, subject: "quarantine", shape: ["held": []]).say(error)
        }
    }

    private func holds() async throws -> [Hold] {
        try await kept.readingIfThere { store in
            var query = RunQuery()
            query.order = .oldestFirst
            query.limit = .max
            var holds: [Hold] = []
            for listed in try await RunArchive(store).runs(query)
            where try RunArchive.card(listed).mayHold {
                if let hold = Hold(try await KeptRun.load(listed.run.id, from: store)) { holds.append(hold) }
            }
            return holds
        } ?? []
    }
}

/// What one run still holds.
struct Hold: Sendable {
    private let run: KeptRun
    private let changes: [PlannedChange]
    /// Of some of it nobody knows whether it took effect.
    private let isUncertain: Bool

    /// Nil when nothing is left of the run that anybody could let go.
    init?(_ run: KeptRun) {
        self.run = run
        let lines = UndoReport(run.driver).lines.reversed()
        changes = lines.filter { $0.standing == .applied }.map(\.change)
        isUncertain = !run.driver.uncertainChanges.isEmpty
        guard !changes.isEmpty else { return nil }
    }

    private var release: [String] { run.plan.release }
    private var containment: String { run.recorded.card.standing?.containment.rawValue ?? "none" }
    private var since: Timestamp { run.recorded.listed.run.started }
    private var until: Timestamp? { run.expires }

    var json: JSONValue {
        var object: JSONObject = [
            "run": .string(run.id), "playbook": .string(run.plan.playbook), "subject": run.plan.subject.json,
            "status": .string(run.driver.status.rawValue), "containment": .string(containment),
            "since": .string(since.description), "uncertain": .bool(isUncertain),
        ]
        object["expires"] = until.map { .string($0.description) } ?? .null
        object["changes"] = .array(changes.map { ["id": .string($0.id), "summary": .string($0.summary)] })
        object["release"] = .array(release.map(JSONValue.string))
        return .object(object)
    }

    var text: String {
        var lines = [
            "\(PlainText.line(run.recorded.card.subject))  \(containment)  since \(since.text(fractionDigits: 0))"
                + (until.map { ", to be looked at by \($0.text(fractionDigits: 0))" } ?? ""),
            "  by \(run.id) (\(run.plan.playbook), \(run.driver.status.rawValue))",
        ]
        lines += changes.map { "  holds \(PlainText.line($0.summary))" }
        if isUncertain { lines.append("  of some of it nobody knows whether it took effect: look for it") }
        lines.append("  let go with: firebreak runs undo \(run.id)")
        lines += release.map { "  or by hand: \($0)" }
        return lines.joined(separator: "\n")
    }
}

extension KeptRun {
    /// When the first hold of the run is to be looked at again; nil when none says so.
    var expires: Timestamp? { plan.steps.compactMap(\.holdsUntil).min() }
}
