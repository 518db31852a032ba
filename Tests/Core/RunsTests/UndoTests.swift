import Runs
import Testing
import Vocabulary

@Suite("undo")
struct UndoTests {
    private func ended() throws -> Rehearsed {
        var run = try Rehearsed(started: RunDefinition([.task("isolate", next: .state("cordon")), .task("cordon")]))
        try run.succeed(changes: ["policy", "label"], .contained)
        let snapshot = CompletedChange(id: "snapshot", keptBecause: "evidence is never deleted")
        let report = StepReport(.succeeded(output: [:]), changes: [snapshot, CompletedChange(id: "cordon")])
        try run.apply(.ended(effect: try run.open("attempt"), report: report))
        return run
    }

    private func answer(_ run: inout Rehearsed, _ result: UndoResult) throws {
        try run.apply(.undone(effect: try run.open("undo"), result: result))
    }

    @Test("takes back the newest change first, one at a time, and says what stays and why")
    func order() throws {
        var run = try ended()
        try run.apply(.undoRequested(by: "ann", keeping: []))
        #expect(run.machine.status == .undoing)
        for _ in 0..<3 { try answer(&run, .done) }
        #expect(run.undone == ["cordon", "label", "policy"])
        #expect(run.machine.status == .succeeded)
        #expect(run.machine.containment == .none)
        #expect(run.notes.contains(.changeKept(change: "snapshot", reason: "evidence is never deleted")))
        #expect(run.notes.last == .undoEnded(undone: 3, kept: 1))
    }

    @Test("stops at a change that somebody else touched; asked again it goes on, without it if told so")
    func refused() throws {
        var run = try ended()
        try run.apply(.undoRequested(by: "ann", keeping: []))
        try answer(&run, .done)
        try answer(&run, .refused(reason: "the pod was relabelled since"))
        #expect(run.machine.status == .succeeded)
        #expect(run.notes.last == .undoStopped(change: "label", reason: "the pod was relabelled since"))
        try run.apply(.undoRequested(by: "ann", keeping: ["label"]))
        try answer(&run, .done)
        #expect(run.undone == ["cordon", "label", "policy"])
        #expect(run.machine.standingChanges.map(\.id) == ["label", "snapshot"])
        #expect(run.machine.containment == .unknown)
    }

    @Test("leaves alone what its state says is not undone")
    func notUndone() throws {
        var tag = StateDefinition.task("tag")
        tag.isUndone = false
        var run = try Rehearsed(started: RunDefinition([tag]))
        try run.succeed(changes: ["tag"])
        try run.apply(.undoRequested(by: "ann", keeping: []))
        #expect(run.undone.isEmpty)
        #expect(run.machine.status == .succeeded)
    }

    @Test("is never begun by the run itself, and not while it lives")
    func onlyWhenAsked() throws {
        var run = try Rehearsed(started: RunDefinition([.task("isolate")]))
        #expect(throws: RunFault.self) { try run.apply(.undoRequested(by: "ann", keeping: [])) }
        try run.fail("Broken", changes: ["policy"])
        #expect(run.undone.isEmpty)
        #expect(run.machine.standingChanges.map(\.id) == ["policy"])
    }
}
