package import Vocabulary

/// Names one thing that a run asked for: unique within the run, the same on every replay.
package struct EffectID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// Counted from 1 in the order of asking.
    package let number: Int

    package init(_ number: Int) { self.number = number }

    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    package static func < (left: EffectID, right: EffectID) -> Bool { left.number < right.number }
    package var description: String { "effect \(number)" }
}

/// What the machine asks for once its input is durable.
package enum RunEffect: Sendable, Hashable, Codable {
    case evaluate(effect: EffectID, path: FramePath, request: EvaluationRequest)
    case perform(effect: EffectID, path: FramePath, attempt: TaskAttempt)
    /// Look up in the world what became of an attempt. → `reconciled`
    case reconcile(effect: EffectID, path: FramePath, attempt: TaskAttempt)
    case askApproval(effect: EffectID, path: FramePath, reason: String)
    case startTimer(effect: EffectID, path: FramePath, deadline: Timestamp, purpose: TimerPurpose)
    /// Take back one change. → `undone`
    case undoChange(effect: EffectID, change: CompletedChange)
    case cancelTimer(effect: EffectID)
    /// Nobody waits for this any more: stop it if you can; its answer changes nothing.
    case abandon(effect: EffectID)
    /// Something happened that people want to read; nothing to do.
    case note(RunNote)

    /// The name under which an answer must come; nil for what needs none.
    package var answeredAs: EffectID? {
        switch self {
        case .evaluate(let effect, _, _), .perform(let effect, _, _), .reconcile(let effect, _, _),
            .askApproval(let effect, _, _), .startTimer(let effect, _, _, _), .undoChange(let effect, _):
            effect
        case .cancelTimer, .abandon, .note: nil
        }
    }

    /// The kind in one word, for messages.
    package var kind: String {
        switch self {
        case .evaluate: "evaluation"
        case .perform: "attempt"
        case .reconcile: "look-up"
        case .askApproval: "approval"
        case .startTimer: "timer"
        case .undoChange: "undo"
        case .cancelTimer: "cancelled timer"
        case .abandon: "abandoned effect"
        case .note: "note"
        }
    }
}

/// What a timer is for.
package enum TimerPurpose: String, Sendable, Hashable, Codable {
    case timeout, heartbeat, retry, wait, reconcile, approval, run
}

/// One try of a task.
package struct TaskAttempt: Sendable, Hashable, Codable {
    package var state: String
    /// Counted from 1 over the whole run, also for the same state in a loop.
    package var visit: Int
    /// Counted from 1 within the visit.
    package var number: Int
    package var parameters: JSONValue

    package init(state: String, visit: Int, number: Int, parameters: JSONValue) {
        self.state = state
        self.visit = visit
        self.number = number
        self.parameters = parameters
    }
}

/// What happened, for timelines, audit lines and the live graph.
package enum RunNote: Sendable, Hashable, Codable {
    case entered(path: FramePath, visit: Int)
    /// Its condition did not hold.
    case skipped(path: FramePath)
    case attemptSucceeded(path: FramePath, attempt: Int)
    case attemptFailed(path: FramePath, attempt: Int, error: StepError)
    case retrying(path: FramePath, attempt: Int, after: Duration)
    case caught(path: FramePath, error: StepError, next: String)
    /// The state was left; `next` is nil when nothing comes after it.
    case left(path: FramePath, output: JSONValue, next: String?)
    /// The run has its verdict; `finally` comes next.
    case concluding(end: RunEnd)
    case finallyFailed(path: FramePath, error: StepError)
    case ended(end: RunEnd, containment: Containment)
    /// An answer came after the run had moved on; what it says of the world was kept.
    case learned(path: FramePath, changes: Int, containment: Containment?)
    case parked(reason: String)
    case resumed(by: String)
    case undoing(by: String)
    case changeKept(change: String, reason: String)
    case undoEnded(undone: Int, kept: Int)
    /// A change could not be taken back; older ones stay as they are.
    case undoStopped(change: String, reason: String)
}
