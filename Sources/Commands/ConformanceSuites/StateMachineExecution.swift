internal import Runs
internal import Vocabulary

/// One execution in virtual time: scripts the tasks, evaluates data flow, and leaves every decision to `RunMachine`.
struct StateMachineExecution {
    struct Stuck: Error {
        var why: String
    }

    /// Answers that lie ahead; of one instant those come first that were started first.
    private struct Agenda {
        struct Entry {
            var at: Timestamp
            var order: Int
            var event: RunInput.Event
        }

        var entries: [Entry] = []
        var order = 0

        mutating func add(_ event: RunInput.Event, at: Timestamp) {
            entries.append(Entry(at: at, order: order, event: event))
            order += 1
        }

        mutating func next() -> Entry? {
            let first = entries.indices.min { left, right in
                (entries[left].at, entries[left].order) < (entries[right].at, entries[right].order)
            }
            return first.map { entries.remove(at: $0) }
        }
    }

    /// The moment 2026-01-01T00:00:00Z, at which every case starts.
    static let start = Timestamp(milliseconds: 1_767_225_600_000)

    private(set) var machine: RunMachine
    private(set) var trail = StateMachineTrail()
    private let language: StateMachineLanguage
    private let executionInput: JSONValue
    private var script: JSONValue
    private var document: JSONValue
    private var choiceOutput: JSONValue?
    private var retryCount = 0
    private var agenda = Agenda()
    private var now = Self.start

    init(_ language: StateMachineLanguage, input: JSONValue, tasks: JSONValue) throws(RunFault) {
        machine = try RunMachine(language.run)
        self.language = language
        executionInput = input
        document = input
        script = tasks
    }

    /// Virtual seconds since the start.
    var elapsed: Double { now.duration(since: Self.start).inSeconds }

    mutating func run() throws {
        agenda.add(.started(seed: 20_260_101), at: now)
        var steps = 0
        while let entry = agenda.next() {
            steps += 1
            guard steps < 100_000 else { throw Stuck(why: "no end after \(steps) inputs") }
            // An answer nobody waits for does not move the clock.
            let before = machine
            let effects = try machine.apply(RunInput(at: entry.at, entry.event))
            if !effects.isEmpty || before.phase != machine.phase { now = max(now, entry.at) }
            for effect in effects { try perform(effect) }
            if machine.end != nil, case .finished = machine.phase { return }
        }
        throw Stuck(why: "it waits for something that never comes")
    }

    private mutating func perform(_ effect: RunEffect) throws {
        switch effect {
        case .evaluate(let id, let path, let request):
            agenda.add(.evaluated(effect: id, result: evaluate(path, request)), at: now)
        case .perform(let id, let path, _): try act(id, path)
        case .startTimer(let id, _, let deadline, _): agenda.add(.timerFired(effect: id), at: deadline)
        case .note(let note): observe(note)
        case .cancelTimer, .abandon: break  // what still comes is late, and changes nothing
        case .reconcile, .askApproval, .undoChange: throw Stuck(why: "an effect that the language does not have")
        }
    }

    /// The place of a task is its path; the next outcome of that place is what it does.
    private mutating func act(_ id: EffectID, _ path: FramePath) throws {
        guard var script = script.object, let outcomes = script[path.description]?.array, let outcome = outcomes.first
        else { throw Stuck(why: "no outcome is scripted for \(path)") }
        script[path.description] = .array(Array(outcomes.dropFirst()))
        self.script = .object(script)
        for beat in outcome["heartbeats"]?.array ?? [] {
            agenda.add(.heartbeat(effect: id), at: now.advanced(by: .bounded(beat.number ?? 0)))
        }
        guard outcome["hang"] == nil else { return }
        let at = now.advanced(by: .bounded(outcome["after"]?.number ?? 0))
        agenda.add(.ended(effect: id, report: StepReport(Self.outcome(outcome))), at: at)
    }

    private static func outcome(_ outcome: JSONValue) -> StepReport.Outcome {
        if let output = outcome["succeed"] { return .succeeded(output: output) }
        let name = outcome["fail"]?["error"]?.string
        let isTerminal = name == "States.Runtime"
        return .failed(error: StepError(name, cause: outcome["fail"]?["cause"]?.string, isTerminal: isTerminal))
    }

    private mutating func observe(_ note: RunNote) {
        switch note {
        case .entered(let path, _):
            retryCount = 0
            choiceOutput = nil
            trail.enter(path.description, with: document)
        case .attemptSucceeded: trail.change { $0.attempts.append(nil) }
        case .attemptFailed(_, _, let error): trail.change { $0.attempts.append(error) }
        case .retrying(_, _, let after):
            retryCount += 1
            trail.change { $0.retryDelays.append(after.inSeconds) }
        case .caught: trail.change { $0.isCaught = true }
        case .left(_, let output, _):
            document = choiceOutput ?? output
            trail.change { $0.output = document }
        case .skipped, .concluding, .finallyFailed, .ended, .learned, .parked, .resumed, .undoing, .changeKept,
            .undoEnded, .undoStopped:
            break
        }
    }
}

/// Data flow: what each evaluation gives.
extension StateMachineExecution {
    private mutating func evaluate(_ path: FramePath, _ request: EvaluationRequest) -> Evaluation {
        let state = language.states[path.description] ?? [:]
        let flow = StateMachineDataFlow(state: state, context: context(path.description))
        do throws(StepFailure) {
            return try evaluate(flow, request)
        } catch {
            return .failed(error: error.error)
        }
    }

    private mutating func evaluate(
        _ flow: StateMachineDataFlow,
        _ request: EvaluationRequest
    ) throws(StepFailure) -> Evaluation {
        switch request {
        case .condition: return .condition(holds: true)
        case .parameters: return .request(try taskRequest(flow))
        case .branch:
            let input = try flow.effectiveInput(document)
            let index = try StateMachineChoice(flow, over: input).firstRule(flow.state["Choices"]?.array ?? [])
            choiceOutput = try flow.handedOn(document)
            return .branch(index: index)
        case .values: return .value(try flow.pass(document))
        case .wait: return .wait(try wait(flow))
        case .failure:
            let name = try text(flow, "Error")
            return .failure(name: name, cause: try text(flow, "Cause"))
        case .output(let result):
            let isTask = flow.state["Type"]?.string == "Task"
            return .value(isTask ? try flow.task(result, raw: document) : try flow.handedOn(document))
        case .caught(let error, let catcher): return .value(try flow.caught(error, catcher: catcher, raw: document))
        }
    }

    private func taskRequest(_ flow: StateMachineDataFlow) throws(StepFailure) -> TaskRequest {
        let parameters = try flow.effectiveInput(document)
        let timeout = try flow.seconds("TimeoutSeconds", document, least: 1)
        let heartbeat = try flow.seconds("HeartbeatSeconds", document, least: 1)
        return TaskRequest(parameters: parameters, timeout: timeout, heartbeat: heartbeat)
    }

    private func wait(_ flow: StateMachineDataFlow) throws(StepFailure) -> StateDefinition.Wait {
        let input = try flow.effectiveInput(document)
        if let span = try flow.seconds("Seconds", input, least: 0) { return .span(span) }
        guard let text = try flow.field("Timestamp", input), let moment = StateMachineChoice.moment(text) else {
            throw StepFailure(StateMachineDataFlow.runtimeError("no time to wait for"))
        }
        return .moment(moment)
    }

    private func text(_ flow: StateMachineDataFlow, _ key: String) throws(StepFailure) -> String? {
        guard let value = try flow.field(key, document) else { return nil }
        guard let text = value.string else {
            throw StepFailure(StateMachineDataFlow.runtimeError("\(key) is no text"))
        }
        return text
    }

    private func context(_ state: String) -> JSONValue {
        let started = Self.start.description
        return [
            "Execution": [
                "Id": "execution", "Name": "execution", "Input": executionInput, "StartTime": .string(started),
            ],
            "State": [
                "Name": .string(state), "EnteredTime": .string(now.description),
                "RetryCount": .integer(Int64(retryCount)),
            ],
            "StateMachine": ["Id": "machine", "Name": "machine"],
            "Task": ["Token": .string("task_token-\(agenda.order)")],
        ]
    }
}
