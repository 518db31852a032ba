import Runs
import Testing
import Vocabulary

@Suite("an attempt that is cut short")
struct AttemptTests {
    static let twice = [RetryPolicy(errors: [.any], attempts: 2)]

    static func definition(retry: [RetryPolicy] = twice) -> RunDefinition {
        var snapshot = StateDefinition.task("snapshot", retry: retry)
        snapshot.catches = [CatchPolicy(errors: [.any], next: "tell", binding: "failure")]
        snapshot.timeout = .seconds(30)
        return RunDefinition([snapshot, .task("tell")])
    }

    @Test("is looked up before it is retried, and retried when it did not take effect")
    func timeoutThenRetry() throws {
        var run = try Rehearsed(started: Self.definition())
        let effects = try run.fire(.timeout)
        #expect(effects.contains { $0.kind == "look-up" })
        #expect(run.performed == ["snapshot"])
        let nothing = StepReport(.failed(error: StepError("NotFound")))
        try run.apply(.reconciled(effect: try run.open("look-up"), report: nothing))
        try run.fire(.retry)
        #expect(run.performed == ["snapshot", "snapshot"])
    }

    @Test("counts as done when the world says that it took effect")
    func timeoutButDone() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.fire(.timeout)
        let found = StepReport(.succeeded(output: ["id": "snap-1"]), changes: [CompletedChange(id: "snap")])
        try run.apply(.reconciled(effect: try run.open("look-up"), report: found))
        #expect(run.machine.status == .succeeded)
        #expect(run.machine.changes.map(\.id) == ["snap"])
    }

    @Test("with an unknown outcome is looked up; unknown again is caught as Unverified, never retried")
    func unknownTwice() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.apply(.ended(effect: try run.open("attempt"), report: StepReport(.unknown(cause: "reset"))))
        try run.apply(.reconciled(effect: try run.open("look-up"), report: StepReport(.unknown(cause: "blind"))))
        #expect(run.performed == ["snapshot", "tell"])
        #expect(run.machine.scope["failure"] == ["error": "Unverified", "cause": "blind"])
    }

    @Test("is not waited for without bound: the look-up stays open and what it finds later is kept")
    func lookUpWindow() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.fire(.timeout)
        let lookUp = try run.open("look-up")
        try run.fire(.reconcile)
        #expect(run.performed == ["snapshot", "tell"])
        #expect(run.machine.scope["failure"]?["error"] == "Timeout")
        try run.succeed()
        #expect(run.machine.status == .succeeded)
        #expect(run.machine.openEffects.compactMap(\.answeredAs) == [lookUp])
        let found = StepReport(.succeeded(output: [:]), changes: [CompletedChange(id: "snap")])
        let effects = try run.apply(.reconciled(effect: lookUp, report: found))
        #expect(run.machine.changes.map(\.id) == ["snap"])
        #expect(run.machine.status == .succeeded)
        #expect(effects.count == 1)
    }

    @Test("may still answer itself while it is looked up")
    func lateAnswer() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.fire(.timeout)
        let lookUp = try run.open("look-up")
        let effects = try run.succeed(["id": "snap-1"], changes: ["snap"])
        #expect(effects.contains(.abandon(effect: lookUp)))
        #expect(run.machine.status == .succeeded)
    }

    @Test("is not looked up where its state says that this is needless")
    func withoutLookUp() throws {
        var definition = Self.definition(retry: [])
        definition.states[0].reconciles = false
        var run = try Rehearsed(started: definition)
        let attempt = try run.open("attempt")
        let effects = try run.fire(.timeout)
        #expect(effects.contains(.abandon(effect: attempt)))
        #expect(run.performed == ["snapshot", "tell"])
    }

    @Test("stays open through a cancel until the world has said what became of it")
    func cancelInMidWrite() throws {
        var definition = Self.definition()
        definition.finally = [.task("notify")]
        var run = try Rehearsed(started: definition)
        try run.apply(.cancelRequested(by: "ann"))
        #expect(run.performed == ["snapshot"])
        let landed = StepReport(
            .succeeded(output: [:]),
            changes: [CompletedChange(id: "policy")],
            containment: .contained
        )
        try run.apply(.reconciled(effect: try run.open("look-up"), report: landed))
        #expect(run.performed == ["snapshot", "finally[0]"])
        try run.succeed()
        #expect(run.machine.status == .cancelled)
        #expect(run.machine.summary == "cancelled; containment contained; 1 change is still in place")
    }

    @Test("that succeeded is not repeated because its result is no good")
    func resultTooLarge() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.succeed(.string(String(repeating: "x", count: 300_000)), changes: ["snap"])
        #expect(run.performed == ["snapshot", "tell"])
        #expect(run.machine.scope["failure"]?["error"] == "DataLimitExceeded")
    }

    @Test("a heartbeat buys time, but not beyond the timeout")
    func heartbeats() throws {
        var definition = Self.definition(retry: [])
        definition.states[0].heartbeat = .seconds(5)
        definition.states[0].reconciles = false
        var run = try Rehearsed(started: definition)
        let first = try run.timer(.heartbeat)
        let effects = try run.apply(.heartbeat(effect: try run.open("attempt")))
        #expect(effects.contains(.cancelTimer(effect: first)))
        #expect(try run.apply(.timerFired(effect: first)).isEmpty)
        try run.fire(.heartbeat)
        #expect(run.machine.scope["failure"]?["error"] == "Timeout")
    }

    @Test("jitter depends on the seed alone")
    func jitter() throws {
        var policy = RetryPolicy(errors: [.any], interval: .seconds(60))
        policy.jitter = .full
        let definition = RunDefinition([.task("a", retry: [policy])])
        var pauses: [[RunEffect]] = []
        for seed in [1, 1, 2] as [UInt64] {
            var run = try Rehearsed(definition)
            try run.apply(.started(seed: seed))
            pauses.append(try run.fail("Busy"))
        }
        #expect(pauses[0] == pauses[1])
        #expect(pauses[0] != pauses[2])
    }

    @Test("a change that is reported twice is kept once")
    func changesOnce() throws {
        var run = try Rehearsed(started: Self.definition())
        try run.fail("Busy", changes: ["a", "b"])
        try run.fire(.retry)
        try run.succeed(changes: ["a", "c"])
        #expect(run.machine.changes.map(\.id) == ["a", "b", "c"])
    }
}
