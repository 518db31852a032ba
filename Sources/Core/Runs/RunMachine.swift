package import Vocabulary

/// One run of a playbook, as the fold of its inputs: decides, never acts, waits, reads a clock or draws lots.
///
/// Apply an input on a copy, make the input durable, adopt the copy, then do what the effects say. An input that
/// is impossible throws and changes nothing; an answer that comes late or twice gives no effects and changes nothing.
package struct RunMachine: Sendable, Hashable, Codable {
    package enum Phase: Sendable, Hashable, Codable {
        /// Accepted, nothing has touched the world. → `stepping`, `concluding`
        case admitted
        /// In its states. → `stopping`, `concluding`
        case stepping(FrameTree)
        /// Cut short; what was in flight is being looked up. → `concluding`
        case stopping(FrameTree, end: RunEnd)
        /// Has its verdict and runs `finally`. → `finished`
        case concluding(FrameTree, end: RunEnd)
        /// Ended; only `undoRequested` leads on. A failed run keeps what it contained.
        case finished(end: RunEnd)
        /// Taking back one change after the other because somebody asked for it. → `finished`
        case undoing(end: RunEnd, effect: EffectID, keeping: [String])
        /// Needs a human. Answers that come meanwhile are kept. → what it was before, `stopping`, `concluding`
        indirect case parked(reason: String, backlog: [RunInput.Event], resuming: Phase)
    }

    package let definition: RunDefinition
    package internal(set) var phase = Phase.admitted
    /// The time of the latest input; never runs backwards.
    package internal(set) var now = Timestamp(nanoseconds: 0)
    /// What the run changed in the world, in order of completion.
    package internal(set) var changes: [CompletedChange] = []
    /// States entered so far, loops included.
    package internal(set) var visits = 0

    var seed: UInt64 = 0
    var nextEffect = 1
    var open: [RunEffect] = []
    var outputs = Data()
    var findings: [ContainmentFinding] = []
    var lastError: StepError?
    var runTimer: EffectID?
    /// Effects of the input that is being applied; empty between inputs.
    var outbox: [RunEffect] = []

    /// - Throws: `invalidDefinition` with everything that is wrong with it.
    package init(_ definition: RunDefinition) throws(RunFault) {
        let problems = definition.problems
        guard problems.isEmpty else { throw .invalidDefinition(problems) }
        self.definition = definition
    }

    /// Takes what happened and says what is to be done now.
    ///
    /// - Throws: when the input is impossible; the machine is then as it was before.
    package mutating func apply(_ input: RunInput) throws(RunFault) -> [RunEffect] {
        var next = self
        next.now = max(now, input.at)
        try next.take(input.event)
        let effects = next.outbox
        next.outbox = []
        self = next
        return effects
    }

    mutating func take(_ event: RunInput.Event) throws(RunFault) {
        switch event {
        case .started(let seed): try start(seed: seed)
        case .evaluated(let effect, _), .ended(let effect, _), .heartbeat(let effect), .timerFired(let effect),
            .reconciled(let effect, _), .approved(let effect, _), .rejected(let effect, _, _), .undone(let effect, _):
            try answer(effect, with: event)
        case .refused(let reason): try stop(.refused(reason: reason), "a refusal")
        case .cancelRequested(let by): try stop(.cancelled(by: by), "a cancel")
        case .parked(let reason): try park(reason)
        case .resumed(let by): try resume(by: by)
        case .undoRequested(let by, let keeping): try startUndo(by: by, keeping: keeping)
        case .containmentObserved(let state, let containment):
            keep(containment, of: state)
        }
    }
}

extension RunMachine {
    /// What states left behind for the expressions of later ones.
    struct Data: Sendable, Hashable, Codable {
        /// Output by name of state.
        var states = JSONValue.object([:])
        /// Members of the values that `set` states made.
        var values = JSONValue.object([:])
        /// Errors that catchers bound.
        var bindings = JSONValue.object([:])
    }

    /// What was last said of containment about the work of one state.
    struct ContainmentFinding: Sendable, Hashable, Codable {
        var state: String
        var containment: Containment
        var subject: String?
    }
}
