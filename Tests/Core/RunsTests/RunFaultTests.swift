import Runs
import TestSupport
import Testing
import Vocabulary

@Suite("faults of runs")
struct RunFaultTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var fault: RunFault
        var sentence: String
        var testDescription: String { fault.report.code }
    }

    static let lookAtRun =
        "the run is parked with its containment in place; read `firebreak runs show`, then resume or cancel it"

    static let rows = [
        Row(
            fault: .unexpected(input: "start", phase: "finished"),
            sentence: "RUN-001 a run that is finished cannot take this input: start. Fix: \(lookAtRun)"
        ),
        Row(
            fault: .unknownEffect(EffectID(7)),
            sentence: "RUN-002 an answer came for effect 7, which this run never asked for. Fix: \(lookAtRun)"
        ),
        Row(
            fault: .wrongAnswer(EffectID(7), asked: "timer", answered: "approval"),
            sentence: "RUN-003 effect 7 is of the kind “timer” but was answered with “approval”. Fix: \(lookAtRun)"
        ),
        Row(
            fault: .invalidDefinition(["it has no states"]),
            sentence: "RUN-004 the run's definition is not sound: it has no states. "
                + "Fix: check the playbook with `firebreak playbook check`"
        ),
        Row(
            fault: .requestRefused(request: "an undo", reason: "the run has not ended; cancel it first"),
            sentence: "RUN-005 an undo is not possible: the run has not ended; cancel it first. "
                + "Fix: read `firebreak runs show` for what the run is doing now"
        ),
        Row(
            fault: .tooManyChanges(limit: 10_000),
            sentence: "RUN-006 the run reports more than 10000 changes. "
                + "Fix: split the playbook into several runs"
        ),
        Row(
            fault: .brokenHistory(sequence: 4, "record 5 stands in its place"),
            sentence: "RUN-007 the run's history is broken: record 5 stands in its place (at record 4). "
                + "Fix: restore the store from a backup, or check it with `firebreak store check`"
        ),
        Row(
            fault: .historyRefused(sequence: 4, cause: "an answer came too early"),
            sentence: "RUN-008 the run's history does not replay: an answer came too early (at record 4). "
                + "Fix: run the version that recorded the history, and report this one"
        ),
    ]

    @Test("say what, where and how to put it right", arguments: rows)
    func sentences(row: Row) { #expect(row.fault.description == row.sentence) }

    @Test("have a page each", arguments: rows)
    func pages(row: Row) throws {
        let code = row.fault.report.code
        #expect(try Files.text("\(PackageFolder.path)/Docs/Errors/\(code).md").hasPrefix("# \(code)"))
    }
}
