internal import Orchestration
internal import Planning
internal import Runs
internal import Synchronization
internal import Vocabulary

/// What an undo does, or did, with every change of a run; newest first.
struct UndoReport: Sendable {
    struct Line: Sendable {
        var change: PlannedChange
        var standing: CompletedChange.Standing
        /// Why it stays although it could be taken back.
        var note: String?
    }

    let lines: [Line]
    let error: FaultReport?

    init(
        _ driver: RunDriver,
        keeping: [String],
        readopting: Bool = false,
        stopped: (change: String, reason: String)? = nil
    ) {
        let planned = driver.appliedChanges
        lines = driver.changes.reversed().compactMap { completed in
            guard var change = planned.last(where: { $0.id == completed.id }) else { return nil }
            if readopting { change.undo = change.readoption ?? change.undo }
            var note: String?
            if keeping.contains(completed.id) { note = "kept as asked" }
            if stopped?.change == completed.id { note = stopped?.reason }
            return Line(change: change, standing: completed.standing, note: note)
        }
        error = stopped.map { stopped in
            FaultReport(
                code: "RUN-011",
                what: "the undo stopped: \(stopped.reason)",
                location: stopped.change,
                remedy: "look at what differs; put it back, or go on without this change with --keep \(stopped.change)"
            )
        }
    }

    /// Nothing that has an inverse, and was not to be kept, still stands.
    var isComplete: Bool { error == nil }

    var json: JSONValue {
        .array(
            lines.map { line in
                var object: JSONObject = [
                    "id": .string(line.change.id), "summary": .string(line.change.summary),
                    "undo": line.change.undo.json,
                ]
                object["standing"] = .string(Self.word(line.standing))
                object["note"] = line.note.map(JSONValue.string)
                return .object(object)
            }
        )
    }

    var text: String {
        guard !lines.isEmpty else { return "the run changed nothing" }
        return lines.map(Self.text).joined(separator: "\n") + (error.map { "\n" + $0.description } ?? "")
    }

    private static func text(_ line: Line) -> String {
        let id = line.change.id
        let note = line.note.map { ": \(PlainText.line($0))" } ?? ""
        switch (line.standing, line.change.undo) {
        case (.undone, .inverse(let summary, _, _)): return "taken back  \(id): \(summary)"
        case (.undone, .none): return "taken back  \(id)"
        case (.kept(let reason), _): return "stays       \(id): \(line.change.summary) (\(PlainText.line(reason)))"
        case (.applied, .inverse(let summary, _, _)): return "in place    \(id): \(summary) would undo it\(note)"
        case (.applied, .none(let reason)):
            return "stays       \(id): \(line.change.summary) (\(PlainText.line(reason)))"
        }
    }

    private static func word(_ standing: CompletedChange.Standing) -> String {
        switch standing {
        case .applied: "applied"
        case .undone: "undone"
        case .kept: "kept"
        }
    }
}

/// Hears what an undo says while it goes on.
final class UndoNotes: Sendable {
    private let content = Mutex<(change: String, reason: String)?>(nil)

    var stopped: (change: String, reason: String)? { content.withLock { $0 } }

    @Sendable func note(_ note: RunNote) {
        if case .undoStopped(let change, let reason) = note { content.withLock { $0 = (change, reason) } }
    }
}
