internal import Catalogue
internal import Planning
internal import Playbooks
internal import Runs
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
    private let world: World
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
        self.world = world
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
        guard let step = ActionStep(state, subject: subject) else { return Self.nothing(state) }
        return unproved(await attempted(step, attempt, scope))
    }

    /// A containment that failed before anything was proved is not known, whatever catches the error.
    private func unproved(_ performance: StepPerformance) -> StepPerformance {
        guard case .failed(let error) = performance.report.outcome, performance.containment == nil,
            reviewed.plan.steps.contains(where: { $0.state == performance.step.state && $0.plan.containment != nil })
        else { return performance }
        let reason = "nothing was proved: the step failed with \(error.name ?? "an error")"
        var performance = performance
        performance.containment = ContainmentReport(
            policy: .unknown,
            enforcement: .unknown,
            flows: .unknown,
            rehearsed: world.isRehearsed,
            reasons: [reason]
        )
        performance.report.containment = .unknown
        return performance
    }

    private func attempted(
        _ step: ActionStep,
        _ attempt: TaskAttempt,
        _ scope: ExpressionScope
    ) async -> StepPerformance {
        do {
            guard case .planned(let planned) = try await plan(step, scope) else {
                return failed(step, ActionPlan(), "Invalid", "a parameter has no value yet")
            }
            if let refusal = planned.plan.verdicts.first(where: { $0.verdict == .refuse }) {
                return ended(step, planned.plan, .failed, .refused(reason: refusal.reason))
            }
            if let reason = difference(planned, step.state) {
                return ended(step, planned.plan, .failed, .needsApproval(reason: reason))
            }
            return try await carryOut(step, planned, scope, attempt)
        } catch let fault as ActionFault {
            return failed(step, ActionPlan(), fault.name, fault.report.description)
        } catch {
            return failed(step, ActionPlan(), "Unavailable", "the ledger does not take the intent: \(error)")
        }
    }

    /// Looks whether a cut-short attempt took effect; sends nothing.
    func reconcile(
        _ state: PlaybookState,
        attempt: TaskAttempt,
        subject: Subject,
        scope: ExpressionScope
    ) async -> StepPerformance {
        guard let step = ActionStep(state, subject: subject) else { return Self.nothing(state) }
        do throws(ActionFault) {
            guard case .planned(let planned) = try await plan(step, scope), planned.plan.alreadyDone else {
                let cause = "the world does not show what the attempt should have left"
                return failed(step, ActionPlan(), "Unverified", cause)
            }
            return try await judged(step, planned, Executor.Application())
        } catch {
            return failed(step, ActionPlan(), error.name, error.report.description)
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

    private func plan(_ step: ActionStep, _ scope: ExpressionScope) async throws(ActionFault) -> StepPlanner.Outcome {
        try await planner.plan(step, scope: scope, reviewed: reviewed.scopes[step.state.name], now: clock.now())
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
    /// Applies what was planned; where an answer was lost it plans again, which tells whether the change took effect.
    private func carryOut(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ scope: ExpressionScope,
        _ attempt: TaskAttempt
    ) async throws -> StepPerformance {
        let visit = "\(step.state.name)/\(attempt.visit)/"
        let before = applied.all(of: visit)
        var rest = planned.plan.changes
        var total = Executor.Application()
        for _ in 0..<Self.rounds {
            let part = try await executor.apply(rest.named(visit), state: step.state.name, attempt: attempt.number)
            total.add(part, without: visit)
            // When nobody can look now, the attempt stays unknown, and the run looks again before it goes on.
            guard let uncertain = part.uncertain, case .planned(let again)? = try? await plan(step, scope),
                difference(again, step.state) == nil
            else { break }
            rest = again.plan.changes
            guard !rest.named(visit).contains(where: { $0.id == uncertain.id }) else { continue }
            total.applied.append(uncertain)
            guard !rest.isEmpty else {
                total.settle()
                break
            }
        }
        applied.add(total.applied)
        var performance = await verified(step, planned, total)
        performance.appliedBefore = before
        return performance
    }

    /// How often a step whose answers get lost is looked at and gone on with.
    private static let rounds = 4

    private func verified(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ application: Executor.Application
    ) async -> StepPerformance {
        let changes = application.applied.map(Self.completed)
        if let fault = application.fault {
            let cause = fault.report.description
            let outcome: StepReport.Outcome =
                application.uncertain != nil
                ? .unknown(cause: cause) : .failed(error: StepError(fault.name, cause: cause))
            return ended(step, planned.plan, .failed, outcome, changes: changes, note: cause)
        }
        let unmet = await reader.wait(for: planned.plan.expectations, on: clock).first { !$0.holds }
        if let unmet {
            let cause = "\(unmet.expectation.summary): found \(unmet.found)"
            return failed(step, planned.plan, "Unverified", cause, changes: changes)
        }
        do throws(ActionFault) {
            return try await judged(step, planned, application)
        } catch {
            // The changes are in the world although nobody can look: they stay on record, and nothing is claimed.
            return failed(step, planned.plan, error.name, error.report.description, changes: changes)
        }
    }

    /// What the world says of the containment after the step, if the step contains anything.
    private func judged(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ application: Executor.Application
    ) async throws(ActionFault) -> StepPerformance {
        let changes = application.applied.map(Self.completed)
        let status: StepPlan.Status = planned.plan.alreadyDone ? .alreadyDone : .verified
        let output = planner.output(planned, step, answers: application.answers)
        let success = ended(step, planned.plan, status, .succeeded(output: output), changes: changes)
        guard let containment = try await planner.judge(planned, step) else { return success }
        let reasons = containment.reasons.joined(separator: "; ")
        var performance =
            switch containment.verdict {
            case .contained, .none: success
            case .leaking: failed(step, planned.plan, "Leaking", reasons, changes: changes)
            case .unknown: failed(step, planned.plan, "Unverified", reasons, changes: changes)
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
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ name: String,
        _ cause: String,
        changes: [CompletedChange] = []
    ) -> StepPerformance {
        let outcome = StepReport.Outcome.failed(error: StepError(name, cause: cause))
        let status: StepPlan.Status = changes.isEmpty ? .failed : .applied
        return ended(step, plan, status, outcome, changes: changes, note: "\(name): \(cause)")
    }

    private func ended(
        _ step: ActionStep,
        _ plan: ActionPlan,
        _ status: StepPlan.Status,
        _ outcome: StepReport.Outcome,
        changes: [CompletedChange] = [],
        note: String = ""
    ) -> StepPerformance {
        var done = StepPlan(state: step.state.name, action: step.call.name, status: status, plan: plan, note: note)
        switch outcome {
        case .refused(let reason), .needsApproval(let reason): done.note = reason
        case .succeeded, .failed, .unknown: break
        }
        return StepPerformance(step: done, report: StepReport(outcome, changes: changes))
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
