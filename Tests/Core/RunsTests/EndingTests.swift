import Runs
import Testing
import Vocabulary

@Suite("the end of a run")
struct EndingTests {
    static let tellTwice = [StateDefinition.task("tell"), StateDefinition.task("ticket")]

    @Test("runs every finally after success, failure, cancel and refusal, and none changes the verdict")
    func finally() throws {
        let ends: [(RunStatus, (inout Rehearsed) throws -> Void)] = [
            (.succeeded, { try $0.succeed() }), (.failed, { try $0.fail("Broken") }),
            (.cancelled, Self.cancel), (.refused, Self.refuse),
        ]
        for (status, bring) in ends {
            var isolate = StateDefinition.task("isolate")
            isolate.reconciles = false
            var run = try Rehearsed(started: RunDefinition([isolate], finally: Self.tellTwice))
            try bring(&run)
            try run.fail("NoRoute")
            try run.succeed()
            #expect(run.performed == ["isolate", "finally[0]", "finally[1]"])
            #expect(run.machine.status == status)
            #expect(run.notes.contains(.finallyFailed(path: FramePath([.finally(0)]), error: StepError("NoRoute"))))
        }
    }

    private static func cancel(_ run: inout Rehearsed) throws { try run.apply(.cancelRequested(by: "ann")) }
    private static func refuse(_ run: inout Rehearsed) throws { try run.apply(.refused(reason: "protected")) }

    @Test("a refusal is neither retried nor caught")
    func refusedAttempt() throws {
        let catchAll = [CatchPolicy(errors: [.any], next: "b")]
        let retry = [RetryPolicy(errors: [.any])]
        let definition = RunDefinition([.task("a", retry: retry, catches: catchAll), .task("b")])
        var run = try Rehearsed(started: definition)
        let report = StepReport(.refused(reason: "kube-system is protected"))
        try run.apply(.ended(effect: try run.open("attempt"), report: report))
        #expect(run.machine.end == .refused(reason: "kube-system is protected"))
        #expect(run.performed == ["a"])
    }

    @Test("a run that still leaks never succeeds, even when the leak was caught")
    func leaking() throws {
        let caught = [CatchPolicy(errors: [.named("Leaking")], next: "cordon")]
        var run = try Rehearsed(started: RunDefinition([.task("isolate", catches: caught), .task("cordon")]))
        try run.fail("Leaking", changes: ["policy"], .leaking)
        try run.succeed(changes: ["cordon"], .contained)
        #expect(run.machine.status == .failed)
        #expect(run.machine.containment == .leaking)
        #expect(run.machine.scope["run"]?["error"]?["error"] == "Leaking")
    }

    @Test("a leak that a later attempt closes is no leak")
    func leakClosed() throws {
        let retry = [RetryPolicy(errors: [.named("Leaking")])]
        var run = try Rehearsed(started: RunDefinition([.task("isolate", retry: retry)]))
        try run.fail("Leaking", .leaking)
        try run.fire(.retry)
        try run.succeed([:], .contained)
        #expect(run.machine.status == .succeeded)
        #expect(run.machine.containment == .contained)
    }

    @Test("what a watch finds after the end is kept beside the verdict")
    func drift() throws {
        var run = try Rehearsed(started: RunDefinition([.task("isolate")]))
        try run.succeed([:], .contained)
        try run.apply(.containmentObserved(state: "isolate", containment: .leaking))
        #expect(run.machine.status == .succeeded)
        #expect(run.machine.containment == .leaking)
    }

    @Test("a parked run keeps what is answered meanwhile, runs no finally, and goes on where it was")
    func parked() throws {
        var run = try Rehearsed(
            started: RunDefinition([.task("a", next: .state("b")), .task("b")], finally: Self.tellTwice)
        )
        try run.apply(.parked(reason: "the store was full"))
        #expect(run.machine.status == .parked)
        #expect(try run.succeed(changes: ["policy"], .contained).isEmpty)
        #expect(try run.succeed().isEmpty)
        #expect(run.machine.summary == "parked; containment contained; 1 change is still in place")
        try run.apply(.containmentObserved(state: "a", containment: .leaking))
        try run.apply(.resumed(by: "ann"))
        #expect(run.performed == ["a", "b"])
        #expect(run.machine.containment == .leaking)
    }

    @Test("a heartbeat that comes while a run is parked does not hide the end of the attempt")
    func parkedHeartbeat() throws {
        var a = StateDefinition.task("a", next: .state("b"))
        a.heartbeat = .seconds(5)
        var run = try Rehearsed(started: RunDefinition([a, .task("b")]))
        try run.apply(.parked(reason: "a fault"))
        try run.apply(.heartbeat(effect: try run.open("attempt")))
        try run.succeed()
        try run.apply(.resumed(by: "ann"))
        #expect(run.performed == ["a", "b"])
    }

    @Test("a run that takes too long ends, whatever its states catch")
    func runTimeout() throws {
        let caught = [CatchPolicy(errors: [.any], next: "b")]
        var definition = RunDefinition([.task("a", catches: caught), .task("b")])
        definition.timeout = .seconds(60)
        definition.states[0].reconciles = false
        var run = try Rehearsed(started: definition)
        try run.fire(.run)
        #expect(run.machine.end == .failed(error: StepError("RunTimeout", cause: "", isTerminal: true)))
        #expect(run.performed == ["a"])
    }

    @Test("a loop without an exit ends after the states that a run may enter")
    func endlessLoop() throws {
        var definition = RunDefinition([StateDefinition("a", .wait(.span(.zero)), next: .state("a"))])
        definition.limits.visits = 100
        var run = try Rehearsed(started: definition)
        for _ in 0..<100 { try run.fire(.wait) }
        guard case .failed(let error) = run.machine.end else {
            Issue.record("it goes on")
            return
        }
        #expect(error.name == "TooManyStates")
    }

    @Test("a result that is too large is an error that can be caught")
    func dataLimit() throws {
        let caught = [CatchPolicy(errors: [.named("DataLimitExceeded")], next: "b")]
        var run = try Rehearsed(started: RunDefinition([.task("a", catches: caught), .task("b")]))
        try run.succeed(.string(String(repeating: "x", count: 300_000)))
        #expect(run.performed == ["a", "b"])
    }

    @Test("a definition says everything that is wrong with it")
    func problems() {
        let odd = RetryPolicy(errors: [.any], interval: .seconds(-1), backoff: 0.5)
        let definition = RunDefinition(
            [
                .task("a", next: .state("c"), retry: [odd]), .task("a"),
                StateDefinition(
                    "w",
                    .wait(.span(.zero)),
                    catches: [CatchPolicy(errors: [], next: "a", binding: "run")]
                ),
            ],
            finally: [StateDefinition("s", .succeed)],
            timeout: .zero
        )
        #expect(
            definition.problems == [
                "“a” leads to “c”, which is no state", "“a” has a retry outside its bounds",
                "two states are called “a”", "“w” has retry or catch, which only tasks have",
                "“w” binds an error as “run”, which is taken",
                "“s” stands in finally, where only tasks and values without catch may be",
                "the run's timeout is not longer than nothing",
            ]
        )
        #expect(throws: RunFault.invalidDefinition(definition.problems)) { try RunMachine(definition) }
    }
}
