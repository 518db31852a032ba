internal import Catalogue
internal import Planning
internal import Playbooks
internal import Runs
internal import Synchronization
internal import Vocabulary

/// What came of one attempt at a step.
struct StepPerformance: Sendable {
    var step: StepPlan
    var report: StepReport
    var containment: ContainmentReport?
    /// Changes that earlier attempts at the same state applied.
    var appliedBefore: [PlannedChange] = []
}

/// Carries out one action state: plans anew, compares with what was reviewed, applies, verifies, judges.
struct StepPerformer: Sendable {
    private let request: RunRequest
    private let reviewed: ReviewedRun
    private let planner: StepPlanner
    private let executor: Executor
    private let reader: ExpectationReader
    private let clock: any RunClock
    private let applied = AppliedChanges()

    init(
        request: RunRequest,
        reviewed: ReviewedRun,
        world: World,
        actions: [CataloguedAction],
        ledger: any Ledger,
        clock: any RunClock
    ) {
        self.request = request
        self.reviewed = reviewed
        self.clock = clock
        planner = StepPlanner(request: request, actions: actions, world: world)
        executor = Executor(world: world, ledger: ledger, clock: clock)
        reader = ExpectationReader(world: world)
    }

    func perform(
        _ state: PlaybookState,
        attempt: TaskAttempt,
        subject: Subject,
        scope: ExpressionScope
    ) async -> StepPerformance {
        guard case .action(let call) = state.kind else { return Self.nothing(state) }
        do {
            let outcome = try await plan(state, call, subject, scope)
            guard case .planned(let planned) = outcome else {
                return failed(state, call, ActionPlan(), "Invalid", "a parameter has no value yet")
            }
            if let refusal = planned.plan.verdicts.first(where: { $0.verdict == .refuse }) {
                return ended(state, call, planned.plan, .failed, .refused(reason: refusal.reason))
            }
            if let reason = difference(planned, state) {
                return ended(state, call, planned.plan, .failed, .needsApproval(reason: reason))
            }
            return try await carryOut(state, call, planned, attempt)
        } catch let fault as ActionFault {
            return failed(state, call, ActionPlan(), fault.name, fault.report.description)
        } catch {
            return failed(state, call, ActionPlan(), "Unavailable", "the ledger does not take the intent: \(error)")
        }
    }

    /// Looks whether a cut-short attempt took effect; sends nothing.
    func reconcile(
        _ state: PlaybookState,
        attempt: TaskAttempt,
        subject: Subject,
        scope: ExpressionScope
    ) async -> StepPerformance {
        guard case .action(let call) = state.kind else { return Self.nothing(state) }
        do throws(ActionFault) {
            guard case .planned(let planned) = try await plan(state, call, subject, scope), planned.plan.alreadyDone
            else {
                return failed(
                    state,
                    call,
                    ActionPlan(),
                    "Unverified",
                    "the world does not show what the attempt should have left"
                )
            }
            return try await judged(state, call, planned, changes: [])
        } catch {
            return failed(state, call, ActionPlan(), error.name, error.report.description)
        }
    }

    func undo(_ change: CompletedChange) async -> UndoResult {
        guard let planned = applied.change(change.id) else {
            return .failed(error: StepError("NotFound", cause: "no record of change \(change.id)"))
        }
        do {
            switch try await executor.undo(planned) {
            case .undone: return .done
            case .kept(let reason): return .refused(reason: reason)
            case .refused(let differences):
                return .refused(reason: "somebody changed it since: " + differences.joined(separator: "; "))
            case .failed(let report): return .failed(error: StepError("Unavailable", cause: report.description))
            }
        } catch {
            return .failed(error: StepError("Unavailable", cause: "the ledger does not take the entry: \(error)"))
        }
    }

    private func plan(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ subject: Subject,
        _ scope: ExpressionScope
    ) async throws(ActionFault) -> StepPlanner.Outcome {
        let start = RunScopes.start(request, subject: subject)
        let key = RunScopes.incidentKey(request, subject: subject, scope: start)
        return try await planner.plan(
            state,
            call,
            subject: subject,
            incidentKey: key,
            scope: scope,
            reviewed: reviewed.scopes[state.name],
            now: clock.now()
        )
    }

    /// Why the step is not the one that was reviewed; nil when it is, or is less.
    private func difference(_ planned: StepPlanner.Planned, _ state: PlaybookState) -> String? {
        guard !planned.plan.alreadyDone else { return nil }
        let seen = reviewed.plan.steps.first { $0.state == state.name }?.canonicalChanges ?? []
        let fresh = planned.canonicalChanges.filter { !seen.contains($0) }
        guard !fresh.isEmpty else { return nil }
        return "the world moved on since the plan was reviewed: \(fresh.count) change(s) of state \(state.name) are new"
    }
}

// MARK: - Applying and verifying

extension StepPerformer {
    private func carryOut(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ planned: StepPlanner.Planned,
        _ attempt: TaskAttempt
    ) async throws -> StepPerformance {
        let named = planned.plan.changes.map { change in
            var change = change
            change.id = "\(state.name)/\(attempt.visit)/\(change.id)"
            return change
        }
        let application = try await executor.apply(named, state: state.name, attempt: attempt.number)
        let before = applied.all(of: "\(state.name)/\(attempt.visit)/")
        applied.add(application.applied)
        let changes = application.applied.map(Self.completed)
        if let fault = application.fault {
            let outcome: StepReport.Outcome =
                application.isUncertain
                ? .unknown(cause: fault.report.description)
                : .failed(error: StepError(fault.name, cause: fault.report.description))
            var performance = ended(
                state,
                call,
                planned.plan,
                .failed,
                outcome,
                changes: changes,
                note: "\(fault.report)"
            )
            performance.appliedBefore = before
            return performance
        }
        let unmet = await reader.wait(for: planned.plan.expectations, on: clock).filter { !$0.holds }
        if let first = unmet.first {
            let cause = "\(first.expectation.summary): found \(first.found)"
            return failed(state, call, planned.plan, "Unverified", cause, changes: changes)
        }
        var performance = try await judged(state, call, planned, changes: changes)
        performance.appliedBefore = before
        return performance
    }

    private func judged(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ planned: StepPlanner.Planned,
        changes: [CompletedChange]
    ) async throws(ActionFault) -> StepPerformance {
        let status: StepPlan.Status = planned.plan.alreadyDone ? .alreadyDone : .verified
        let output = StepReport.Outcome.succeeded(output: planned.plan.output)
        guard let containment = try await planner.judge(planned, call) else {
            return ended(state, call, planned.plan, status, output, changes: changes)
        }
        var performance: StepPerformance
        switch containment.verdict {
        case .contained, .none:
            performance = ended(state, call, planned.plan, status, output, changes: changes)
        case .leaking:
            performance = failed(
                state,
                call,
                planned.plan,
                "Leaking",
                containment.reasons.joined(separator: "; "),
                changes: changes
            )
        case .unknown:
            performance = failed(
                state,
                call,
                planned.plan,
                "Unverified",
                containment.reasons.joined(separator: "; "),
                changes: changes
            )
        }
        performance.containment = containment
        performance.report.containment = Containment(rawValue: containment.verdict.rawValue)
        return performance
    }

    private static func completed(_ planned: PlannedChange) -> CompletedChange {
        switch planned.undo {
        case .inverse: CompletedChange(id: planned.id)
        case .none(let reason): CompletedChange(id: planned.id, keptBecause: reason)
        }
    }

    private func failed(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ plan: ActionPlan,
        _ name: String,
        _ cause: String,
        changes: [CompletedChange] = []
    ) -> StepPerformance {
        let outcome = StepReport.Outcome.failed(error: StepError(name, cause: cause))
        let status: StepPlan.Status = changes.isEmpty ? .failed : .applied
        return ended(state, call, plan, status, outcome, changes: changes, note: "\(name): \(cause)")
    }

    private func ended(
        _ state: PlaybookState,
        _ call: PlaybookState.ActionCall,
        _ plan: ActionPlan,
        _ status: StepPlan.Status,
        _ outcome: StepReport.Outcome,
        changes: [CompletedChange] = [],
        note: String = ""
    ) -> StepPerformance {
        var step = StepPlan(state: state.name, action: call.name, status: status, plan: plan)
        step.note = note
        if note.isEmpty, case .refused(let reason) = outcome { step.note = reason }
        if note.isEmpty, case .needsApproval(let reason) = outcome { step.note = reason }
        return StepPerformance(step: step, report: StepReport(outcome, changes: changes))
    }

    private static func nothing(_ state: PlaybookState) -> StepPerformance {
        StepPerformance(
            step: StepPlan(state: state.name, action: "", status: .failed),
            report: StepReport(
                .failed(error: StepError("Invalid", cause: "\(state.mark): not an action state", isTerminal: true))
            )
        )
    }
}

/// Changes that a run applied, by id, so that they can be taken back.
private final class AppliedChanges: Sendable {
    private let changes = Mutex<[PlannedChange]>([])

    func add(_ more: [PlannedChange]) { changes.withLock { $0 += more } }
    func change(_ id: String) -> PlannedChange? { changes.withLock { $0.last { $0.id == id } } }
    func all(of prefix: String) -> [PlannedChange] { changes.withLock { $0.filter { $0.id.hasPrefix(prefix) } } }
}
