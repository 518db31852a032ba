import Runs
import TestSupport
import Testing
import Vocabulary

/// Random numbers from a printed seed.
struct SeededChance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

/// Makes definitions and inputs at random: mostly sensible ones, some late, doubled, wrong or absurd.
struct RandomWalk {
    var random: SeededChance

    init(seed: UInt64) { random = SeededChance(state: seed) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func pick<T>(_ values: [T]) -> T? { values.randomElement(using: &random) }

    // MARK: Definitions

    mutating func definition() -> RunDefinition {
        let names = (0..<Int.random(in: 1...6, using: &random)).map { "s\($0)" }
        var states: [StateDefinition] = []
        for name in names { states.append(state(name, names)) }
        var finally: [StateDefinition] = []
        for place in 0..<Int.random(in: 0...2, using: &random) { finally.append(.task("f\(place)", retry: retry())) }
        var definition = RunDefinition(states, finally: finally, timeout: chance(20) ? .seconds(600) : nil)
        definition.limits.visits = 500
        return definition
    }

    private mutating func state(_ name: String, _ names: [String]) -> StateDefinition {
        var state = StateDefinition(name, kind(names), next: successor(names), shapesOutput: chance(20))
        state.hasCondition = chance(15)
        guard case .task = state.kind else { return state }
        state.retry = retry()
        if chance(50), let next = pick(names) {
            let binding = chance(50) ? "problem" : nil
            state.catches = [CatchPolicy(errors: [.any], next: next, binding: binding, shapesInput: chance(20))]
        }
        state.timeout = chance(50) ? .seconds(10) : nil
        state.heartbeat = chance(20) ? .seconds(3) : nil
        state.needsApproval = chance(15)
        state.approvalWithin = chance(50) ? .seconds(60) : nil
        state.reconciles = chance(60)
        state.isUndone = chance(90)
        return state
    }

    private mutating func successor(_ names: [String]) -> StateDefinition.Successor {
        guard chance(70), let name = pick(names) else { return .end }
        return .state(name)
    }

    private mutating func kind(_ names: [String]) -> StateDefinition.Kind {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5: .task(hasParameters: chance(50))
        case 5: .choice(branches: [successor(names), successor(names)], otherwise: chance(50) ? .end : nil)
        case 6: .wait(chance(50) ? .evaluated : .span(.seconds(5)))
        case 7: .set
        case 8: chance(30) ? .succeed : .set
        default: chance(30) ? .fail(chance(50) ? .evaluated : .fixed(name: "Stop", cause: nil)) : .set
        }
    }

    private mutating func retry() -> [RetryPolicy] {
        guard chance(50) else { return [] }
        let jitter = chance(50) ? RetryPolicy.Jitter.full : .none
        return [
            RetryPolicy(errors: [.named("Busy")], attempts: Int.random(in: 0...3, using: &random), jitter: jitter),
            RetryPolicy(errors: [.any], attempts: 1),
        ]
    }

    // MARK: Inputs

    mutating func event(_ machine: RunMachine, past: [RunInput]) -> RunInput.Event {
        let dice = Int.random(in: 0..<100, using: &random)
        if dice < 8, let old = pick(past) { return old.event }
        if dice < 14 { return request() }
        if dice < 20 { return answer(EffectID(Int.random(in: -2...200, using: &random)), pick(machine.openEffects)) }
        if case .admitted = machine.phase { return .started(seed: random.next()) }
        if case .parked = machine.phase, chance(50) { return .resumed(by: "ann") }
        guard let open = pick(machine.openEffects), let effect = open.answeredAs else { return request() }
        return answer(effect, open)
    }

    private mutating func request() -> RunInput.Event {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: .cancelRequested(by: "ann")
        case 1: .refused(reason: "protected")
        case 2, 3: .parked(reason: "a fault")
        case 4, 5: .resumed(by: "ann")
        case 6, 7, 8: .undoRequested(by: "ann", keeping: chance(30) ? ["c1", "c5"] : [])
        case 9: .started(seed: random.next())
        default: .containmentObserved(state: "s0", containment: pick([.none, .contained, .leaking, .unknown]) ?? .none)
        }
    }

    private mutating func answer(_ effect: EffectID, _ asked: RunEffect?) -> RunInput.Event {
        switch asked {
        case .evaluate(_, _, let request): .evaluated(effect: effect, result: evaluation(request))
        case .perform: chance(10) ? .heartbeat(effect: effect) : .ended(effect: effect, report: report())
        case .reconcile: .reconciled(effect: effect, report: report())
        case .askApproval:
            chance(80) ? .approved(effect: effect, by: "ann") : .rejected(effect: effect, by: "ann", reason: "no")
        case .undoChange: .undone(effect: effect, result: undoResult())
        case .startTimer, .cancelTimer, .abandon, .note, nil: .timerFired(effect: effect)
        }
    }

    private mutating func undoResult() -> UndoResult {
        chance(80) ? .done : chance(50) ? .refused(reason: "changed since") : .failed(error: StepError("Busy"))
    }

    private mutating func report() -> StepReport {
        var changes: [CompletedChange] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let id = "c\(Int.random(in: 0..<40, using: &random))"
            changes.append(CompletedChange(id: id, keptBecause: chance(15) ? "evidence" : nil))
        }
        let containment: Containment? = chance(30) ? pick([.contained, .leaking, .unknown]) : nil
        return StepReport(outcome(), changes: changes, containment: containment)
    }

    private mutating func outcome() -> StepReport.Outcome {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<11: .succeeded(output: ["n": .integer(Int64(Int.random(in: 0..<9, using: &random)))])
        case 11..<16: .failed(error: StepError(pick(["Busy", "Broken", nil]) ?? nil, isTerminal: chance(5)))
        case 16..<18: .unknown(cause: "reset")
        case 18: .refused(reason: "protected")
        default: .needsApproval(reason: "the plan changed")
        }
    }

    private mutating func evaluation(_ request: EvaluationRequest) -> Evaluation {
        if chance(8) { return .failed(error: StepError("EvaluationFailed", isTerminal: chance(50))) }
        if chance(5) { return .branch(index: Int.random(in: -2...5, using: &random)) }
        return switch request {
        case .condition: .condition(holds: chance(70))
        case .parameters: .request(TaskRequest(parameters: ["p": 1], timeout: chance(20) ? .seconds(1) : nil))
        case .branch: .branch(index: chance(70) ? Int.random(in: 0...1, using: &random) : nil)
        case .values, .output, .caught: .value(["v": 1])
        case .wait: .wait(chance(50) ? .span(.seconds(-4)) : .moment(Timestamp(nanoseconds: .min)))
        case .failure: .failure(name: "Stop", cause: nil)
        }
    }
}
