import Runs
import Testing
import Vocabulary

/// Every phase meets every input; the table says what comes of it.
@Suite("the matrix of phases and inputs")
struct MatrixTests {
    /// One letter a cell.
    ///
    /// m: the run moves on; k: kept without effects; i: ignored; r: the request is refused; f: a fault that parks.
    static let table = """
        phase      started evaluated ended heartbeat timer reconciled approved rejected refused cancel park resume undo undone watch
        admitted   m f f f f f f f m m m r r f k
        evaluating f m f f f f f f m m m r r f k
        performing f f m m m f f f m m m r r f k
        reconciling f f m i m m f f k k m r r f k
        pausing    f f f f m f f f m m m r r f k
        waiting    f f f f m f f f m m m r r f k
        approval   f f f f m f m m m m m r r f k
        stopping   f f m i m m f f r i m r r f k
        concluding f f m i f f f f r r m r r f k
        finished   f i i i i i i i r r r r m i k
        undoing    f f f f f f f f r r m r i m k
        parked     f f k k k f f f m m i m r f k
        """

    struct Cell: Sendable, CustomTestStringConvertible {
        var phase: String
        var input: String
        var expected: String
        var testDescription: String { "\(phase) × \(input) → \(expected)" }
    }

    static let cells: [Cell] = {
        let lines = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        var cells: [Cell] = []
        for line in lines.dropFirst() {
            for (input, expected) in zip(lines[0], line).dropFirst() {
                cells.append(Cell(phase: line[0], input: input, expected: expected))
            }
        }
        return cells
    }()

    @Test("has a cell for every pair")
    func isComplete() { #expect(Self.cells.count == 12 * 15) }

    @Test("each cell is as the table says", arguments: cells)
    func cell(cell: Cell) throws {
        let before = try Self.machine(in: cell.phase)
        var machine = before
        let input = RunInput(at: before.now, Self.event(cell.input, before))
        #expect(Self.outcome(&machine, input, before: before) == cell.expected)
        if ["r", "f", "i"].contains(cell.expected) { #expect(machine == before) }
    }

    private static func outcome(_ machine: inout RunMachine, _ input: RunInput, before: RunMachine) -> String {
        do throws(RunFault) {
            let effects = try machine.apply(input)
            return !effects.isEmpty ? "m" : machine == before ? "i" : "k"
        } catch {
            return error.parksRun ? "f" : "r"
        }
    }

    /// A run in the phase, brought there by inputs alone.
    static func machine(in phase: String) throws -> RunMachine {
        var isolate = StateDefinition.task("isolate", next: .state("hold"))
        isolate.timeout = .seconds(10)
        isolate.heartbeat = .seconds(3)
        isolate.retry = [RetryPolicy(errors: [.named("Busy")])]
        isolate.needsApproval = phase == "approval"
        isolate.approvalWithin = .seconds(60)
        isolate.hasCondition = phase == "evaluating"
        let hold = StateDefinition("hold", .wait(.span(.seconds(5))))
        let definition = RunDefinition([isolate, hold], finally: [.task("tell")])
        if phase == "admitted" { return try RunMachine(definition) }
        var run = try Rehearsed(started: definition)
        try bring(&run, to: phase)
        return run.machine
    }

    private static func bring(_ run: inout Rehearsed, to phase: String) throws {
        switch phase {
        case "evaluating", "performing", "approval": break
        case "reconciling": try unknown(&run)
        case "pausing": try run.fail("Busy")
        case "waiting": try run.succeed()
        case "stopping": try run.apply(.cancelRequested(by: "ann"))
        case "parked": try run.apply(.parked(reason: "a fault"))
        case "concluding": try run.fail("Broken", changes: ["policy"])
        case "finished", "undoing":
            try run.fail("Broken", changes: ["policy"])
            try run.succeed()
            if phase == "undoing" { try run.apply(.undoRequested(by: "ann", keeping: [])) }
        default: Issue.record("no way to \(phase)")
        }
    }

    private static func unknown(_ run: inout Rehearsed) throws {
        let attempt = try run.open("attempt")
        try run.fire(.timeout)
        #expect(run.machine.openEffects.contains { $0.answeredAs == attempt })
    }

    /// The input, as an answer to what is open where it can be one.
    private static func event(_ name: String, _ machine: RunMachine) -> RunInput.Event {
        let kinds = [
            "evaluated": "evaluation", "ended": "attempt", "heartbeat": "attempt", "timer": "timer",
            "reconciled": "look-up", "approved": "approval", "rejected": "approval", "undone": "undo",
        ]
        let matching = machine.openEffects.first { $0.kind == kinds[name] }
        let effect = (matching ?? machine.openEffects.first)?.answeredAs ?? EffectID(1)
        switch name {
        case "started": return .started(seed: 1)
        case "evaluated": return .evaluated(effect: effect, result: .condition(holds: true))
        case "ended": return .ended(effect: effect, report: StepReport(.succeeded(output: [:])))
        case "heartbeat": return .heartbeat(effect: effect)
        case "timer": return .timerFired(effect: effect)
        case "reconciled": return .reconciled(effect: effect, report: StepReport(.unknown(cause: "blind")))
        case "approved": return .approved(effect: effect, by: "ann")
        case "rejected": return .rejected(effect: effect, by: "ann", reason: "no")
        case "refused": return .refused(reason: "protected")
        case "cancel": return .cancelRequested(by: "ann")
        case "park": return .parked(reason: "a fault")
        case "resume": return .resumed(by: "ann")
        case "undo": return .undoRequested(by: "ann", keeping: [])
        case "undone": return .undone(effect: effect, result: .done)
        default: return .containmentObserved(state: "isolate", containment: .leaking)
        }
    }
}
