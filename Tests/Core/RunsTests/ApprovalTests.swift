import Runs
import Testing
import Vocabulary

@Suite("approval")
struct ApprovalTests {
    static let definition: RunDefinition = {
        var drain = StateDefinition.task("drain")
        drain.needsApproval = true
        drain.approvalWithin = .seconds(3_600)
        return RunDefinition([drain], finally: [.task("tell")])
    }()

    @Test("is waited for before anything is done")
    func asks() throws {
        var run = try Rehearsed(started: Self.definition)
        #expect(run.machine.status == .pendingApproval)
        #expect(run.performed.isEmpty)
        try run.apply(.approved(effect: try run.open("approval"), by: "ann"))
        #expect(run.performed == ["drain"])
        #expect(run.machine.status == .running)
    }

    @Test("that is denied refuses the run")
    func denied() throws {
        var run = try Rehearsed(started: Self.definition)
        try run.apply(.rejected(effect: try run.open("approval"), by: "ann", reason: "wrong node"))
        #expect(run.machine.end == .refused(reason: "ann rejected “drain”: wrong node"))
        #expect(run.performed == ["finally[0]"])
    }

    @Test("that nobody gives in time refuses the run")
    func expired() throws {
        var run = try Rehearsed(started: Self.definition)
        try run.fire(.approval)
        #expect(run.machine.end == .refused(reason: "nobody approved “drain” in time"))
    }

    @Test("is asked for again when the plan is no longer the one that was approved, and costs no attempt")
    func asksAgain() throws {
        var run = try Rehearsed(started: Self.definition)
        try run.apply(.approved(effect: try run.open("approval"), by: "ann"))
        let report = StepReport(.needsApproval(reason: "two more pods would be evicted"))
        try run.apply(.ended(effect: try run.open("attempt"), report: report))
        #expect(run.machine.status == .pendingApproval)
        try run.apply(.approved(effect: try run.open("approval"), by: "bob"))
        let attempts = run.emitted.compactMap {
            if case .perform(_, _, let attempt) = $0 { attempt.number } else { nil }
        }
        #expect(attempts == [1, 1])
    }
}
