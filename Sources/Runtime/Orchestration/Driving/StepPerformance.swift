internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// One attempt that the run machine asked for, with all that it needs.
struct StepTurn: Sendable {
    var state: PlaybookState
    var attempt: TaskAttempt
    var subject: Subject
    var scope: ExpressionScope
    var approval: StepApproval
    /// When the attempt is cut short; nil when its state has no timeout.
    var deadline: Timestamp?

    /// What the ids of all changes of this visit begin with.
    var visit: String { "\(state.name)/\(attempt.visit)/" }
}

/// What came of one attempt at a step.
struct StepPerformance: Sendable {
    var step: StepPlan
    var report: StepReport
    var containment: ContainmentReport?
    /// What the attempt would have done, and why it did not: nobody approved it yet.
    var asked: StepApproval?

    init(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ status: StepPlan.Status,
        _ outcome: StepReport.Outcome,
        changes: [PlannedChange] = [],
        note: String = ""
    ) {
        self.step = StepPlan(state: step.state.name, action: step.call.name, status: status, plan: plan, note: note)
        report = StepReport(outcome, changes: changes.map(Self.completed))
    }

    /// An attempt that failed; what it applied before stays.
    static func failed(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ name: String,
        _ cause: String,
        changes: [PlannedChange] = []
    ) -> StepPerformance {
        StepPerformance(
            step,
            plan,
            changes.isEmpty ? .failed : .applied,
            .failed(error: StepError(name, cause: cause)),
            changes: changes,
            note: "\(name): \(cause)"
        )
    }

    /// Nobody knows whether a change took effect; what surely did is on record.
    static func unknown(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ cause: String,
        changes: [PlannedChange]
    ) -> StepPerformance {
        let status: StepPlan.Status = changes.isEmpty ? .failed : .applied
        return StepPerformance(step, plan, status, .unknown(cause: cause), changes: changes, note: cause)
    }

    static func refused(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ reason: String,
        changes: [PlannedChange]
    ) -> StepPerformance {
        StepPerformance(step, plan, .failed, .refused(reason: reason), changes: changes, note: reason)
    }

    static func waiting(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ asked: StepApproval,
        _ reason: String,
        changes: [PlannedChange]
    ) -> StepPerformance {
        var performance = StepPerformance(
            step,
            plan,
            .planned,
            .needsApproval(reason: reason),
            changes: changes,
            note: reason
        )
        performance.asked = asked
        return performance
    }

    /// Says what is known of the subject's containment now.
    mutating func contain(_ containment: ContainmentReport, _ subject: Subject) {
        self.containment = containment
        report.containment = Containment(rawValue: containment.verdict.rawValue)
        report.subject = subject.pod?.uid?.rawValue
    }

    private static func completed(_ planned: PlannedChange) -> CompletedChange {
        switch planned.undo {
        case .inverse: CompletedChange(id: planned.id)
        case .none(let reason): CompletedChange(id: planned.id, keptBecause: reason)
        }
    }
}
