package import Vocabulary

/// What happened, and when; a run is the fold of its inputs.
package struct RunInput: Sendable, Hashable, Codable {
    package enum Event: Sendable, Hashable, Codable {
        /// `seed` is where jitter comes from.
        case started(seed: UInt64)
        case evaluated(effect: EffectID, result: Evaluation)
        case ended(effect: EffectID, report: StepReport)
        case heartbeat(effect: EffectID)
        case timerFired(effect: EffectID)
        case reconciled(effect: EffectID, report: StepReport)
        case approved(effect: EffectID, by: String)
        case rejected(effect: EffectID, by: String, reason: String)
        /// A guardrail or the kill switch said no.
        case refused(reason: String)
        case cancelRequested(by: String)
        case parked(reason: String)
        case resumed(by: String)
        /// `keeping` names changes that are to stay.
        case undoRequested(by: String, keeping: [String])
        case undone(effect: EffectID, result: UndoResult)
        /// What a watch over the held subjects found, during the run or long after it.
        case containmentObserved(state: String, containment: Containment)
    }

    package var at: Timestamp
    package var event: Event

    package init(at: Timestamp, _ event: Event) {
        self.at = at
        self.event = event
    }
}

extension RunInput.Event {
    /// The kind in a few words, for messages.
    package var kind: String {
        switch self {
        case .started: "start"
        case .evaluated: "evaluation"
        case .ended: "end of an attempt"
        case .heartbeat: "heartbeat"
        case .timerFired: "timer"
        case .reconciled: "look-up"
        case .approved: "approval"
        case .rejected: "rejection"
        case .refused: "refusal"
        case .cancelRequested: "cancel"
        case .parked: "parking"
        case .resumed: "resume"
        case .undoRequested: "undo"
        case .undone: "undone change"
        case .containmentObserved: "containment watch"
        }
    }
}
