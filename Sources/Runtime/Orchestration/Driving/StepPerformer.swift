internal import Catalogue
internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// Carries out one action state: plans anew, compares with what was approved, applies, verifies, judges.
struct StepPerformer: Sendable {
    private let request: RunRequest
    private let reviewed: ReviewedRun
    private let planner: StepPlanner
    private let guardrails: StepGuardrails
    private let executor: Executor
    private let reader: ExpectationReader
    private let clock: any RunClock
    private let world: World
    private let watch: IngressWatch
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
        watch = IngressWatch(prober: world.prober, clock: clock, ownNode: request.responder.node)
        planner = StepPlanner(request: request, actions: actions, world: world)
        guardrails = StepGuardrails(request: request, world: world, actions: actions)
        executor = Executor(world: world, ledger: ledger, clock: clock)
        reader = ExpectationReader(world: world)
    }

    /// Every change that the run applied in visits to this state, in order.
    func applied(by state: String) -> [PlannedChange] { applied.all(of: state + "/") }

    func perform(_ turn: StepTurn) async -> StepPerformance? {
        guard let step = ActionStep(turn.state, subject: turn.subject) else { return nil }
        var performance = await attempted(step, turn)
        // A containment that was changed and not proved is not known, whatever was known before.
        if case .failed(let error) = performance.report.outcome, step.call.provesContainment,
            performance.containment == nil, !performance.report.changes.isEmpty
        {
            let reason = "nothing was proved: the step failed with \(error.name ?? "an error")"
            performance.contain(.unproved(reason, rehearsed: world.isRehearsed), step.subject)
        }
        return performance
    }

    private func attempted(_ step: ActionStep, _ turn: StepTurn) async -> StepPerformance {
        do throws(ActionFault) {
            guard case .planned(let planned) = try await plan(step, turn) else {
                return .failed(step, ActionPlan(), "Invalid", "a parameter has no value yet")
            }
            let fresh = await approval(for: planned, step)
            if let refusal = fresh.verdicts.first(where: { $0.verdict == .refuse }) {
                return .refused(step, planned.plan, refusal.reason)
            }
            if !planned.plan.alreadyDone, let reason = turn.approval.reasonToAsk(for: fresh, of: turn.state.name) {
                return .waiting(step, planned.plan, fresh, reason)
            }
            return await carryOut(step, planned, turn)
        } catch {
            return .failed(step, ActionPlan(), error.name, error.report.description)
        }
    }

    /// What a yes to the step as it is planned now would cover.
    private func approval(for planned: StepPlanner.Planned, _ step: ActionStep) async -> StepApproval {
        let touched = applied.all.map(\.change)
        let verdicts = await guardrails.judge(planned.plan, of: step.call.name, after: touched)
        return StepApproval(
            canonicalChanges: planned.canonicalChanges,
            verdicts: planned.plan.verdicts + verdicts
        )
    }

    /// Looks whether a cut-short attempt took effect; sends nothing.
    func reconcile(_ turn: StepTurn) async -> StepPerformance? {
        guard let step = ActionStep(turn.state, subject: turn.subject) else { return nil }
        do throws(ActionFault) {
            guard case .planned(let planned) = try await plan(step, turn) else {
                return .failed(step, ActionPlan(), "Unverified", "a parameter has no value yet")
            }
            let found = Executor.Application(applied: applied.settle(turn.visit, wanted: planned.plan.changes))
            guard planned.plan.alreadyDone else {
                let cause = "the world does not show what the attempt should have left"
                return .failed(step, ActionPlan(), "Unverified", cause, changes: found.applied)
            }
            let control = await watch.control(planned.plan)
            return try await judged(step, planned, found, control, until: turn.deadline)
        } catch {
            return .failed(step, ActionPlan(), error.name, error.report.description)
        }
    }

    func undo(_ change: CompletedChange) async -> UndoResult {
        guard let planned = applied.change(change.id) else {
            return .failed(error: StepError("NotFound", cause: "no record of change \(change.id)"))
        }
        return switch await executor.undo(planned) {
        case .undone: .done
        case .kept(let reason): .refused(reason: reason)
        case .refused(let differences):
            .refused(reason: "somebody changed it since: " + differences.joined(separator: "; "))
        case .failed(let report): .failed(error: StepError("Unavailable", cause: report.description))
        }
    }

    private func plan(_ step: ActionStep, _ turn: StepTurn) async throws(ActionFault) -> StepPlanner.Outcome {
        try await planner.plan(
            step,
            scope: turn.scope,
            values: turn.attempt.parameters,
            reviewed: reviewed.late[step.state.name],
            now: clock.now()
        )
    }
}

// MARK: - Applying and verifying

extension StepPerformer {
    /// Applies what was planned; where an answer was lost it plans again, which tells whether the change took effect.
    private func carryOut(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ turn: StepTurn
    ) async -> StepPerformance {
        let control = await watch.control(planned.plan)
        var rest = planned.plan.changes
        var total = Executor.Application()
        for round in 0..<Self.rounds {
            if round > 0 { await clock.pass(.seconds(round)) }
            let part = await executor.apply(
                rest.named(turn.visit),
                state: step.state.name,
                attempt: turn.attempt.number,
                until: turn.deadline
            )
            total.add(part, without: turn.visit)
            // When nobody can look now, the attempt stays unknown, and the run looks again before it goes on.
            guard let uncertain = part.uncertain, case .planned(let again)? = try? await plan(step, turn),
                await turn.approval.reasonToAsk(for: approval(for: again, step), of: step.state.name) == nil
            else { break }
            rest = again.plan.changes
            guard !rest.named(turn.visit).contains(where: { $0.id == uncertain.id }) else { continue }
            total.applied.append(uncertain)
            total.uncertain = nil
            guard !rest.isEmpty else {
                total.settle()
                break
            }
        }
        applied.add(total)
        return await verified(step, planned, total, turn, control)
    }

    /// How often a step whose answers get lost is looked at and gone on with.
    private static let rounds = 4

    private func verified(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ application: Executor.Application,
        _ turn: StepTurn,
        _ control: IngressProbe?
    ) async -> StepPerformance {
        let changes = application.applied
        if let fault = application.fault {
            let cause = fault.report.description
            guard application.uncertain != nil else {
                return .failed(step, planned.plan, fault.name, cause, changes: changes)
            }
            let status: StepPlan.Status = changes.isEmpty ? .failed : .applied
            return StepPerformance(step, planned.plan, status, .unknown(cause: cause), changes: changes, note: cause)
        }
        let findings = await reader.wait(for: planned.plan.expectations, on: clock, until: turn.deadline)
        if let unmet = findings.first(where: { !$0.holds }) {
            let cause = "\(unmet.expectation.summary): found \(unmet.found)"
            return .failed(step, planned.plan, "Unverified", cause, changes: changes)
        }
        do throws(ActionFault) {
            return try await judged(step, planned, application, control, until: turn.deadline)
        } catch {
            // The changes are in the world although nobody can look: they stay on record, and nothing is claimed.
            return .failed(step, planned.plan, error.name, error.report.description, changes: changes)
        }
    }

    /// What the world says of the containment after the step, if the step contains anything.
    ///
    /// `control`: what of the pod could be reached from here before.
    private func judged(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ application: Executor.Application,
        _ control: IngressProbe? = nil,
        until deadline: Timestamp? = nil
    ) async throws(ActionFault) -> StepPerformance {
        let changes = application.applied
        let status: StepPlan.Status = planned.plan.alreadyDone ? .alreadyDone : .verified
        let output = planner.output(planned, step, answers: application.answers)
        let note = application.notes.joined(separator: "; ")
        let success = StepPerformance(
            step,
            planned.plan,
            status,
            .succeeded(output: output),
            changes: changes,
            note: note
        )
        guard var containment = try await planner.judge(planned, step) else { return success }
        if let control { containment = containment.considering(await watch.settled(control, until: deadline)) }
        let reasons = containment.reasons.joined(separator: "; ")
        var performance =
            switch containment.verdict {
            case .contained, .none: success
            case .leaking: StepPerformance.failed(step, planned.plan, "Leaking", reasons, changes: changes)
            case .unknown: StepPerformance.failed(step, planned.plan, "Unverified", reasons, changes: changes)
            }
        performance.contain(containment, step.subject)
        return performance
    }
}
