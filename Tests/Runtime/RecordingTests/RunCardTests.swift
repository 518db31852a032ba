import Orchestration
import Planning
import Recording
import Runs
import Testing
import Vocabulary

@Suite("A run's card counts what is in the world, or may be")
struct RunCardTests {
    private static let id = PlannedChange.mark("a").id
    private static let ended = [RunInput.Event.started(seed: 1), .cancelRequested(by: "ann")]

    /// A ledger, and whether the run may hold anything after it.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var entries: [LedgerEntry]
        var mayHold: Bool

        var testDescription: String { name }
    }

    @Test(
        "by what the ledger says",
        arguments: [
            Row(name: "sent, nothing heard", entries: [], mayHold: true),
            Row(name: "made", entries: [.succeeded(changeId: id, made: nil)], mayHold: true),
            Row(name: "refused by the server", entries: [.failed(changeId: id, report)], mayHold: false),
            Row(name: "not seen, may be on its way", entries: [.missing(changeId: id)], mayHold: true),
            Row(name: "made and undone", entries: [.succeeded(changeId: id, made: nil), undo, undone], mayHold: false),
            Row(name: "not seen, not looked for again", entries: [.missing(changeId: id), undo], mayHold: true),
            Row(
                name: "not seen, and not by an undo either",
                entries: [.missing(changeId: id), undo, .missing(changeId: id)],
                mayHold: false
            ),
            Row(
                name: "not seen at first, found by an undo",
                entries: [.missing(changeId: id), undo, .found(changeId: id, made: nil)],
                mayHold: true
            ),
        ]
    )
    func counts(_ row: Row) async throws {
        let kept = try await KeptRuns()
        try await kept.keep("run-1", Self.ended, [.intent(.mark("a"))] + row.entries)
        #expect(try await kept.archive.run("run-1").card.mayHold == row.mayHold)
    }

    private static let undo = LedgerEntry.undoRequested(readopting: false)
    private static let undone = LedgerEntry.undone(changeId: id)
    private static let report = FaultReport(code: "TEST-001", what: "no", remedy: "none")
}
