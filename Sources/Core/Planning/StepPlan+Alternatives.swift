internal import Vocabulary

extension StepPlan {
    /// The step as it may be needed in either of two worlds: the changes of this plan, and those that only the other has.
    package func orElse(_ other: StepPlan?) -> StepPlan {
        guard let other, other.status != .failed else { return self }
        guard status != .failed else { return other }
        guard plan.changes.count == canonicalChanges.count, other.plan.changes.count == other.canonicalChanges.count
        else {
            return canonicalChanges == other.canonicalChanges ? self : both(other, adding: [])
        }
        let known = canonicalChanges
        let more = zip(other.plan.changes, other.canonicalChanges).filter { !known.contains($0.1) }
        return more.isEmpty ? self : both(other, adding: more.map(\.0))
    }

    private func both(_ other: StepPlan, adding changes: [PlannedChange]) -> StepPlan {
        var both = plan.changes.isEmpty && !isKnownLater ? other : self
        if !plan.changes.isEmpty { both.plan.changes = plan.changes + changes }
        both.canonicalChanges = canonicalChanges + other.canonicalChanges.filter { !canonicalChanges.contains($0) }
        if !plan.changes.isEmpty, !changes.isEmpty {
            both.note =
                "the last \(changes.count) of its changes stand in for the others when the steps before it have succeeded"
        }
        return both
    }
}
