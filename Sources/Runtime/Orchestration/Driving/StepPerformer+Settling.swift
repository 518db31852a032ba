internal import Catalogue
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

    /// Looks for what the run itself made, until it is seen or could have been: a service may show it only after a while.
    ///
    /// - Throws: when nobody could look, or no time was left.
    func awaitCreations(_ turn: StepTurn) async throws(ActionFault) {
        for made in applied.unseen {
            if case .unknown(let report)? = await executor.lookFor(
                made.change,
                since: made.sentAt,
                until: turn.deadline
            ) {
                throw ActionFault("Unverified", Self.unseen(made.change, report))
            }
            applied.noteSeen(made.change)
        }
    }

    private static func unseen(_ change: PlannedChange, _ report: FaultReport) -> FaultReport {
        FaultReport(
            code: "STEP-010",
            what: "“\(change.summary)” was done, and the service does not show it yet",
            location: report.location,
            remedy: "nothing is made a second time meanwhile; look for it in the account, or run the playbook once more"
        )
    }

    /// What a fresh plan no longer wants is there, and what stands in the world word for word; what it wants again was not
    /// made.
    ///
    /// `mayBeMissing`: false after a look that came too soon to tell that something is not there.
    func settle(_ turn: StepTurn, wanted: [PlannedChange], mayBeMissing: Bool = true) async {
        let ids = Set(wanted.named(turn.visit).map(\.id))
        for open in applied.uncertain(of: turn.visit) {
            // Somebody else's change may give the plan more to do under the same name.
            var isThere = !ids.contains(open.change.id)
            if !isThere { isThere = await executor.reader.isInPlace(open.change.change) ?? false }
            if isThere || (mayBeMissing && !open.change.isAtMostOnce) { await settle(open.change, isThere: isThere) }
        }
    }

    private func settle(_ change: PlannedChange, isThere: Bool) async {
        applied.settle(change, isThere: isThere)
        await executor.journal.add(isThere ? .found(changeId: change.id) : .missing(changeId: change.id))
    }
}
