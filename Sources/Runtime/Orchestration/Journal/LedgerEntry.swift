internal import Catalogue
package import Planning
package import Vocabulary

/// One entry of a run's history of effects: what was about to be sent, what came of it, what steps came to.
package enum LedgerEntry: Sendable, Hashable, Codable {
    /// Records that go with what comes next; those without an outcome are still to be made after a crash.
    case owed(changes: [PlannedChange])
    /// About to send: after a crash, look before repeating.
    case intent(state: String, attempt: Int, change: PlannedChange, at: Timestamp)
    /// `made`: the uid of the object that was created; nil where nothing was.
    case succeeded(changeId: String, made: String?)
    case failed(changeId: String, FaultReport)
    case unknown(changeId: String, FaultReport)
    /// A look at the world found that a change whose answer was lost did take effect.
    case found(changeId: String, made: String?)
    /// A look at the world found that it did not.
    case missing(changeId: String)
    /// An undo began; `readopting`: detached pods go back to their controllers.
    case undoRequested(readopting: Bool)
    /// About to take back.
    case undoing(changeId: String, at: Timestamp)
    case undone(changeId: String)
    /// What became of a visit to a state, and what it found of containment.
    case judged(step: StepPlan, containment: ContainmentReport?)
    /// A state asks for a yes to this.
    case asked(state: String, StepApproval)
    case approved(state: String, StepApproval)
}

extension LedgerEntry {
    /// What is written after a change was sent.
    static func outcome(_ outcome: ChangeOutcome, of change: PlannedChange) -> LedgerEntry {
        switch outcome {
        case .succeeded(let answer): .succeeded(changeId: change.id, made: answer["metadata"]?["uid"]?.nonBlank)
        case .failed(let fault): .failed(changeId: change.id, fault.report)
        case .unknown(let report): .unknown(changeId: change.id, report)
        }
    }
}
