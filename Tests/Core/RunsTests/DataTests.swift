import Runs
import Testing
import Vocabulary

@Suite("the data of a run")
struct DataTests {
    static let definition = RunDefinition([
        StateDefinition("context", .task(hasParameters: true), next: .state("score"), hasCondition: true),
        StateDefinition("score", .set, next: .state("which")),
        StateDefinition("which", .choice(branches: [.state("tell")], otherwise: nil)), .task("tell"),
    ])

    private func evaluate(_ run: inout Rehearsed, _ result: Evaluation) throws {
        try run.apply(.evaluated(effect: try run.open("evaluation"), result: result))
    }

    @Test("outputs, values and the run's own state are there for expressions")
    func scope() throws {
        var run = try Rehearsed(started: Self.definition)
        try evaluate(&run, .condition(holds: true))
        try evaluate(&run, .request(TaskRequest(parameters: ["pod": "a"])))
        try run.succeed(["owner": "web"], .contained)
        try evaluate(&run, .value(["severity": 80]))
        #expect(
            run.machine.scope == [
                "states": ["context": ["owner": "web"], "score": ["severity": 80]], "vars": ["severity": 80],
                "run": ["status": "running", "containment": "contained"],
            ]
        )
    }

    @Test("the state of an evaluation is found by its path, in finally too")
    func stateAtPath() {
        let definition = RunDefinition([.task("a")], finally: [.task("tell")])
        #expect(definition.state(at: FramePath([.state("a")]))?.name == "a")
        #expect(definition.state(at: FramePath([.finally(0)]))?.name == "tell")
        for step in [FramePath.Step.finally(1), .finally(-1), .state("b"), .branch(0)] {
            #expect(definition.state(at: FramePath([step])) == nil)
        }
    }

    @Test("a state whose condition does not hold is skipped and leaves nothing")
    func skipped() throws {
        var run = try Rehearsed(started: Self.definition)
        try evaluate(&run, .condition(holds: false))
        #expect(run.performed.isEmpty)
        #expect(run.notes.contains(.skipped(path: FramePath([.state("context")]))))
        #expect(run.machine.scope["states"] == [:])
    }

    @Test("a choice goes where its first branch leads, and fails by name when none holds")
    func choice() throws {
        for (index, performed) in [(0, ["tell"]), (nil, [])] as [(Int?, [String])] {
            var run = try Rehearsed(started: Self.definition)
            try evaluate(&run, .condition(holds: false))
            try evaluate(&run, .value([:]))
            try evaluate(&run, .branch(index: index))
            #expect(run.performed == performed)
            if index == nil { #expect(run.machine.scope["run"]?["error"]?["error"] == "NoChoiceMatched") }
        }
    }

    @Test("a branch that is not there is a fault, not a crash")
    func noSuchBranch() throws {
        var run = try Rehearsed(started: Self.definition)
        try evaluate(&run, .condition(holds: false))
        try evaluate(&run, .value([:]))
        for index in [-1, 1, .max] {
            #expect(throws: RunFault.self) { try evaluate(&run, .branch(index: index)) }
        }
    }

    @Test(
        "an expression that fails fails its state, which may catch it unless it is terminal",
        arguments: [true, false]
    )
    func failedExpression(isTerminal: Bool) throws {
        var definition = Self.definition
        definition.states[0].catches = [CatchPolicy(errors: [.any], next: "tell")]
        var run = try Rehearsed(started: definition)
        let error = StepError("EvaluationFailed", isTerminal: isTerminal)
        try evaluate(&run, .failed(error: error))
        #expect(run.performed == (isTerminal ? [] : ["tell"]))
    }

    @Test("an answer that was given is not taken again")
    func duplicates() throws {
        var run = try Rehearsed(started: Self.definition)
        let first = try run.open("evaluation")
        try evaluate(&run, .condition(holds: true))
        let before = run.machine
        #expect(try run.apply(.evaluated(effect: first, result: .condition(holds: false)), after: .zero).isEmpty)
        #expect(run.machine == before)
    }

    @Test("time never runs backwards, whatever the clock of an input says")
    func clock() throws {
        var machine = try RunMachine(RunDefinition([StateDefinition("w", .wait(.span(.seconds(5))))]))
        _ = try machine.apply(RunInput(at: Timestamp(milliseconds: 10_000), .started(seed: 1)))
        _ = try machine.apply(RunInput(at: Timestamp(milliseconds: 0), .parked(reason: "")))
        #expect(machine.now == Timestamp(milliseconds: 10_000))
    }
}
