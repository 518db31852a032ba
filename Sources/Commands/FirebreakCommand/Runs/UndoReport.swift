internal import Orchestration
internal import Planning
internal import Runs
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
    /// Nothing that has an inverse, and was not to be kept, still stands or may stand; and all of it is written down.
    let isComplete: Bool

    init(_ driver: RunDriver, keeping: [String] = [], readopting: Bool = false) {
        let stopped = driver.undoStop
        let standings = Dictionary(driver.changes.map { ($0.id, $0.standing) }) { _, last in last }
        let applied = driver.appliedChanges.reversed().map { planned in
            var change = planned
            if readopting { change.undo = change.readoption ?? change.undo }
            var note: String?
            if keeping.contains(change.id) { note = "kept as asked" }
            if stopped?.change == change.id { note = stopped?.reason }
            let standing = driver.wasUndone(change.id) ? .undone : standings[change.id] ?? Self.standing(of: change)
            return Line(change: change, standing: standing, note: note)
        }
        let uncertain = driver.uncertainChanges.reversed().map { change in
            let note = "nobody knows whether it took effect"
            let kept = keeping.contains(change.id) ? "kept as asked, although " : ""
            return Line(change: change, standing: Self.standing(of: change), note: kept + note)
        }
        lines = uncertain + applied
        isComplete =
            stopped == nil && driver.unwritten == nil && driver.status != .undoing
            && lines.allSatisfy { $0.standing != .applied || keeping.contains($0.change.id) }
        error = stopped.map(Self.report) ?? driver.unwritten
    }

    private static func report(_ stopped: (change: String, reason: String)) -> FaultReport {
        FaultReport(
            code: "RUN-011",
            what: "the undo stopped: \(stopped.reason)",
            location: stopped.change,
            remedy: "look at what differs; put it back, or go on without this change with --keep \(stopped.change)"
        )
    }

    /// Of a change of which the run itself has not heard.
    private static func standing(of change: PlannedChange) -> CompletedChange.Standing {
        switch change.undo {
        case .inverse: .applied
        case .none(let reason): .kept(reason: reason)
        }
    }

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
