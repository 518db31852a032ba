import Runs
import Testing
import Vocabulary

/// A machine under test with its clock and everything it ever emitted.
struct Rehearsed {
    private(set) var machine: RunMachine
    private(set) var emitted: [RunEffect] = []
    private(set) var accepted: [RunInput] = []
    private var clock = Timestamp(milliseconds: 1_800_000_000_000)

    init(_ definition: RunDefinition) throws { machine = try RunMachine(definition) }

    /// Already started.
    init(started definition: RunDefinition) throws {
        try self.init(definition)
        try apply(.started(seed: 7))
    }

    @discardableResult
    mutating func apply(_ event: RunInput.Event, after pause: Duration = .milliseconds(10)) throws -> [RunEffect] {
        clock = clock.advanced(by: pause)
        let input = RunInput(at: clock, event)
        let effects = try machine.apply(input)
        accepted.append(input)
        emitted += effects
        return effects
    }

    var records: [RunRecord] {
        accepted.enumerated().map { RunRecord(run: "run-1", sequence: $0 + 1, input: $1) }
    }

    /// The newest open effect of a kind.
    func open(_ kind: String) throws -> EffectID {
        try #require(machine.openEffects.last { $0.kind == kind }?.answeredAs, "no open \(kind)")
    }

    func timer(_ purpose: TimerPurpose) throws -> EffectID {
        let timer = machine.openEffects.last { effect in
            if case .startTimer(_, _, _, purpose) = effect { true } else { false }
        }
        return try #require(timer?.answeredAs, "no open timer for \(purpose)")
    }

    @discardableResult
    mutating func succeed(
        _ output: JSONValue = [:],
        changes: [String] = [],
        _ containment: Containment? = nil
    ) throws
        -> [RunEffect]
    {
        let changes = changes.map { CompletedChange(id: $0) }
        let report = StepReport(.succeeded(output: output), changes: changes, containment: containment)
        return try apply(.ended(effect: try open("attempt"), report: report))
    }

    @discardableResult
    mutating func fail(_ name: String, changes: [String] = [], _ containment: Containment? = nil) throws -> [RunEffect]
    {
        let changes = changes.map { CompletedChange(id: $0) }
        let report = StepReport(.failed(error: StepError(name)), changes: changes, containment: containment)
        return try apply(.ended(effect: try open("attempt"), report: report))
    }

    @discardableResult
    mutating func fire(_ purpose: TimerPurpose) throws -> [RunEffect] {
        try apply(.timerFired(effect: try timer(purpose)))
    }

    /// The names of the states that were asked to act, in order.
    var performed: [String] {
        emitted.compactMap { if case .perform(_, let path, _) = $0 { path.description } else { nil } }
    }

    var undone: [String] {
        emitted.compactMap { if case .undoChange(_, let change) = $0 { change.id } else { nil } }
    }

    var notes: [RunNote] {
        emitted.compactMap { if case .note(let note) = $0 { note } else { nil } }
    }
}

extension StateDefinition {
    static func task(
        _ name: String,
        next: Successor = .end,
        retry: [RetryPolicy] = [],
        catches: [CatchPolicy] = []
    ) -> StateDefinition {
        StateDefinition(name, .task(hasParameters: false), next: next, retry: retry, catches: catches)
    }
}
