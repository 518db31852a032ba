internal import Planning
internal import Runs
internal import Vocabulary

/// What became of changes whose outcome nobody knows: an answer was lost, or the process ended before it wrote it down.
extension StepPerformer {
    /// Looks for creations that must never be made twice, before anything is planned.
    ///
    /// - Returns: why the attempt cannot go on, when nobody can tell; nil when all is settled.
    func settleCreations(_ turn: StepTurn) async -> String? {
        for open in applied.uncertain(of: turn.visit) {
            switch await executor.lookFor(open.change, since: open.sentAt, until: turn.deadline) {
            case nil: continue
            case .succeeded?: await settle(open.change, isThere: true)
            case .failed?: await settle(open.change, isThere: false)
            case .unknown(let report)?: return report.description
            }
        }
        return nil
    }

    /// What a fresh plan no longer wants is there; what it wants again was not made.
    ///
    /// `mayBeMissing`: false after a look that came too soon to tell that something is not there.
    func settle(_ turn: StepTurn, wanted: [PlannedChange], mayBeMissing: Bool = true) async {
        let ids = Set(wanted.named(turn.visit).map(\.id))
        for open in applied.uncertain(of: turn.visit) {
            let isThere = !ids.contains(open.change.id)
            let isCreation = if case .atMostOnce = open.change.semantics { true } else { false }
            if isThere || (mayBeMissing && !isCreation) { await settle(open.change, isThere: isThere) }
        }
    }

    private func settle(_ change: PlannedChange, isThere: Bool) async {
        applied.settle(change, isThere: isThere)
        await executor.journal.add(isThere ? .found(changeId: change.id) : .missing(changeId: change.id))
    }
}
