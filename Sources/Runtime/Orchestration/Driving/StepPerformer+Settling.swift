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
            case .succeeded?: await settle(open, isThere: true)
            case .failed?: await settle(open, isThere: false)
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

    /// Looks for what may have taken effect, and for what an earlier look came too soon to find.
    ///
    /// Of a change to the cluster the object itself tells. Of others the fresh plan does: what it no longer wants is there.
    /// `mayBeMissing`: false after a look that came too soon to tell that something is not there.
    /// - Returns: whether something was found that the plan wants all the same: it landed while the plan was made.
    @discardableResult
    func settle(_ turn: StepTurn, wanted: [PlannedChange], mayBeMissing: Bool = true) async -> Bool {
        let before = applied.all.count
        for late in applied.lost(of: turn.visit) {
            if case .inPlace(let uid) = await reader.look(at: late.change.change) {
                await settle(late, isThere: true, uid: uid)
            }
        }
        let ids = Set(wanted.named(turn.visit).map(\.id))
        for open in applied.uncertain(of: turn.visit) {
            switch await reader.look(at: open.change.change) {
            case .inPlace(let uid): await settle(open, isThere: true, uid: uid)
            case .notInPlace: if mayBeMissing { await settle(open, isThere: false) }
            case .blind:
                guard case .aws = open.change.change else { continue }
                let plain = open.change.id.split(separator: "~").first.map(String.init) ?? open.change.id
                let isThere = !ids.contains(plain)
                if isThere || (mayBeMissing && !open.change.isAtMostOnce) { await settle(open, isThere: isThere) }
            }
        }
        return applied.all.dropFirst(before).contains { ids.contains($0.id) }
    }

    private func settle(_ open: AppliedChanges.Uncertain, isThere: Bool, uid: String? = nil) async {
        let id = open.change.id
        await executor.journal.add(isThere ? .found(changeId: id, made: uid) : .missing(changeId: id))
    }

    /// Takes back what the run itself does not know of.
    ///
    /// These are changes whose outcome nobody knew, looked for once more, and those that were found so before. For runs that
    /// have ended: nothing of them is on its way any more.
    ///
    /// `known`: ids of the changes that the run takes back by itself.
    /// - Returns: what could not be taken back, or not be looked for, each with the reason.
    func undoUnknown(to known: Set<String>, keeping: [String]) async -> [(change: PlannedChange, reason: String)] {
        var left: [(change: PlannedChange, reason: String)] = []
        for open in applied.lost() + applied.uncertain() where !keeping.contains(open.change.id) {
            switch await reader.look(at: open.change.change) {
            case .notInPlace: await settle(open, isThere: false)
            case .inPlace(let uid): await settle(open, isThere: true, uid: uid)
            case .blind:
                guard case .inverse = open.change.undo else { continue }
                left.append((open.change, "nobody can tell whether it took effect"))
            }
        }
        for change in applied.all.reversed() where !known.contains(change.id) && !keeping.contains(change.id) {
            guard !applied.wasUndone(change.id) else { continue }
            let reversal = await executor.undo(change, wasTried: applied.wasTriedToUndo(change.id))
            switch reversal {
            case .undone, .kept: continue
            case .refused(let differences): left.append((change, differences.joined(separator: "; ")))
            case .failed(let report), .unknown(let report): left.append((change, report.description))
            }
        }
        return left
    }
}
