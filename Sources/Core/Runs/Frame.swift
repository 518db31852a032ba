internal import Vocabulary

/// One open state of a run: where it is, which try it is on, and what it waits for.
package struct Frame: Sendable, Hashable, Codable {
    /// What a frame waits for; each names the effects that are open for it.
    package enum Activity: Sendable, Hashable, Codable {
        /// Only within one input. → any other
        case entering
        /// → `performing`, `awaitingApproval`, `waiting`, `pausing`, left
        case evaluating(effect: EffectID)
        /// → `performing`; a no ends the run
        case awaitingApproval(effect: EffectID, expiry: EffectID?)
        /// → `evaluating`, `reconciling`, `pausing`, `awaitingApproval`, left
        case performing(effect: EffectID, timeout: EffectID?, heartbeat: EffectID?)
        /// The attempt was cut short; `instead` is the error that stands if it did not take effect. → as `performing`
        case reconciling(effect: EffectID, attempt: EffectID, expiry: EffectID, instead: StepError?)
        /// Between two attempts. → `evaluating`, `performing`, `awaitingApproval`
        case pausing(timer: EffectID)
        /// A `wait`. → `evaluating`, left
        case waiting(timer: EffectID)
    }

    package let path: FramePath
    package let state: StateDefinition
    package let visit: Int
    package internal(set) var attempt = 0
    package internal(set) var activity = Activity.entering
    /// How often each retrier was used during this visit.
    var retries: [Int]
    var request = TaskRequest(parameters: .object([:]))
    var isApproved = false

    init(path: FramePath, state: StateDefinition, visit: Int) {
        self.path = path
        self.state = state
        self.visit = visit
        retries = Array(repeating: 0, count: state.retry.count)
    }

    var taskAttempt: TaskAttempt {
        TaskAttempt(state: state.name, visit: visit, number: attempt, parameters: request.parameters)
    }
}

/// The open frames of a run, whose paths make the tree; without open branches there is one.
package struct FrameTree: Sendable, Hashable, Codable {
    package private(set) var frames: [Frame] = []

    package subscript(path: FramePath) -> Frame? { frames.first { $0.path == path } }

    mutating func put(_ frame: Frame) {
        if let place = frames.firstIndex(where: { $0.path == frame.path }) {
            frames[place] = frame
        } else {
            frames.append(frame)
        }
    }

    mutating func drop(_ path: FramePath) { frames.removeAll { $0.path == path } }
}
