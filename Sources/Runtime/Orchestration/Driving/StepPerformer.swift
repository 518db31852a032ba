internal import Catalogue
internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// Carries out one action state: plans anew, compares with what was approved, applies, verifies, judges.
struct StepPerformer: Sendable {
    let executor: Executor
    let applied: AppliedChanges
    let clock: any RunClock
    let world: World
    private let reviewed: ReviewedRun
    private let planner: StepPlanner
    private let guardrails: StepGuardrails
    let reader: ExpectationReader
    private let watch: IngressWatch

    /// `applied`: what the ledger tells of the run, also while it goes on.
    init(
        request: RunRequest,
        reviewed: ReviewedRun,
        world: World,
        actions: [CataloguedAction],
        executor: Executor,
        clock: any RunClock,
        applied: AppliedChanges
    ) {
        self.reviewed = reviewed
        self.clock = clock
        self.world = world
        self.executor = executor
        watch = IngressWatch(prober: world.prober, clock: clock, ownNode: request.responder.node)
        planner = StepPlanner(request: request, actions: actions, world: world)
        guardrails = StepGuardrails(request: request, world: world, actions: actions)
        reader = ExpectationReader(world: world)
        self.applied = applied
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
        if let cause = await settleCreations(turn) {
            return .unknown(step, ActionPlan(), cause, changes: applied.all(of: turn.visit))
        }
        do throws(ActionFault) {
            guard case .planned(var planned) = try await planAfterSeeing(step, turn) else {
                return .failed(step, ActionPlan(), "Invalid", "a parameter has no value yet")
            }
            if await settle(turn, wanted: planned.plan.changes),
                case .planned(let again) = try await plan(step, turn)
            {
                planned = again
            }
            let fresh = await approval(for: planned, step)
            let before = applied.all(of: turn.visit)
            if let refusal = fresh.verdicts.first(where: { $0.verdict == .refuse }) {
                return .refused(step, planned.plan, refusal.reason, changes: before)
            }
            if !planned.plan.alreadyDone, let reason = turn.approval.reasonToAsk(for: fresh, of: turn.state.name) {
                return .waiting(step, planned.plan, fresh, reason, changes: before)
            }
            return await carryOut(step, planned, turn)
        } catch {
            let before = applied.all(of: turn.visit)
            return .failed(step, ActionPlan(), error.name, error.report.description, changes: before)
        }
    }

    /// What a yes to the step as it is planned now would cover.
    private func approval(for planned: StepPlanner.Planned, _ step: ActionStep) async -> StepApproval {
        let touched = applied.all.map(\.change)
        let verdicts = await guardrails.judge(
            planned.plan,
            of: step.call.name,
            after: touched,
            at: clock.now()
        )
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
                let cause = "a parameter has no value yet"
                return .failed(step, ActionPlan(), "Unverified", cause, changes: applied.all(of: turn.visit))
            }
            await settle(turn, wanted: planned.plan.changes, mayBeMissing: false)
            guard planned.plan.alreadyDone else {
                let cause = "the world does not show what the attempt should have left"
                return .failed(step, ActionPlan(), "Unverified", cause, changes: applied.all(of: turn.visit))
            }
            return try await judged(step, planned, turn, StepEvidence(control: await watch.control(planned.plan)))
        } catch {
            let before = applied.all(of: turn.visit)
            return .failed(step, ActionPlan(), error.name, error.report.description, changes: before)
        }
    }

    func undo(_ change: CompletedChange) async -> UndoResult {
        guard let planned = applied.change(change.id) else {
            return .failed(error: StepError("NotFound", cause: "no record of change \(change.id)"))
        }
        // An earlier process took it back and ended before the run heard of it.
        if applied.wasUndone(change.id) { return .done }
        let undo = applied.readopts ? planned.readoption ?? planned.undo : planned.undo
        let reversal = await executor.undo(planned, by: undo, wasTried: applied.wasTriedToUndo(change.id))
        return switch reversal {
        case .undone: .done
        case .kept(let reason): .refused(reason: reason)
        case .refused(let differences):
            .refused(reason: "somebody changed it since: " + differences.joined(separator: "; "))
        case .failed(let report): .failed(error: StepError("Unavailable", cause: report.description))
        case .unknown(let report): .failed(error: StepError("Unverified", cause: report.description))
        }
    }

    /// What the run made may not be seen yet: then it is waited for before more of it is made.
    private func planAfterSeeing(_ step: ActionStep, _ turn: StepTurn) async throws(ActionFault) -> StepPlanner.Outcome
    {
        let outcome = try await plan(step, turn)
        guard !applied.unseen.isEmpty, case .planned(let planned) = outcome,
            planned.plan.changes.contains(where: \.isAtMostOnce)
        else { return outcome }
        try await awaitCreations(turn)
        return try await plan(step, turn)
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

/// What an attempt brought to judge it by.
struct StepEvidence: Sendable {
    /// The answers to its changes, by the ids of the plan.
    var answers: [String: JSONValue] = [:]
    /// What of the pod could be reached from here before.
    var control: IngressProbe?
}

// MARK: - Applying and verifying

extension StepPerformer {
    /// Applies what was planned; where an answer was lost it plans again, which tells whether the change took effect.
    private func carryOut(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ turn: StepTurn
    ) async -> StepPerformance {
        var rest = planned.plan.changes
        var evidence = StepEvidence(control: await watch.control(planned.plan))
        var notes: [String] = []
        var last = Executor.Application()
        for round in 0..<Self.rounds {
            last = await executor.apply(
                applied.toApply(rest, in: turn.visit),
                state: step.state.name,
                attempt: turn.attempt.number,
                until: turn.deadline
            )
            notes += last.notes
            for (id, answer) in last.answers { evidence.answers[String(id.dropFirst(turn.visit.count))] = answer }
            // What was on its way when somebody looked may be what stands in the way now.
            if last.fault != nil, last.uncertain == nil, !applied.lost(of: turn.visit).isEmpty {
                let before = applied.lost(of: turn.visit).count
                await settle(turn, wanted: rest)
                guard applied.lost(of: turn.visit).count < before else { break }
            } else if last.uncertain == nil {
                break
            }
            // Not at once: a write that got no answer may still land.
            await clock.pass(.seconds(round + 1))
            // When nobody can look now, the attempt stays unknown, and the run looks again before it goes on.
            guard var again = await approvedPlan(step, turn) else { break }
            if await settle(turn, wanted: again.plan.changes) {
                guard let fresh = await approvedPlan(step, turn) else { break }
                again = fresh
            }
            guard applied.uncertain(of: turn.visit).isEmpty else { break }
            rest = again.plan.changes
            // The last time, what is still missing stays so, for the reason that is known.
            let isLeft = rest.contains { $0.semantics != .bestEffort }
            if !isLeft || round + 1 < Self.rounds { last = Executor.Application() }
        }
        var performance = await verified(step, planned, last, evidence, turn)
        let said = [performance.step.note] + notes
        performance.step.note = said.filter { !$0.isEmpty }.joined(separator: "; ")
        if let span = planned.request.expires, !applied.all(of: turn.visit).isEmpty {
            performance.step.holdsUntil = planned.request.now.advanced(by: span)
        }
        return performance
    }

    /// The step as it is planned now; nil when nobody can look, and when it is not what was approved.
    private func approvedPlan(_ step: ActionStep, _ turn: StepTurn) async -> StepPlanner.Planned? {
        guard case .planned(let again)? = try? await plan(step, turn) else { return nil }
        let fresh = await approval(for: again, step)
        guard !fresh.verdicts.contains(where: { $0.verdict == .refuse }),
            turn.approval.reasonToAsk(for: fresh, of: step.state.name) == nil
        else { return nil }
        return again
    }

    /// How often a step whose answers get lost is looked at and gone on with.
    private static let rounds = 4

    private func verified(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ last: Executor.Application,
        _ evidence: StepEvidence,
        _ turn: StepTurn
    ) async -> StepPerformance {
        let changes = applied.all(of: turn.visit)
        if let fault = last.fault {
            let cause = fault.report.description
            guard !applied.uncertain(of: turn.visit).isEmpty else {
                return .failed(step, planned.plan, fault.name, cause, changes: changes)
            }
            return .unknown(step, planned.plan, cause, changes: changes)
        }
        let findings = await reader.wait(for: planned.plan.expectations, on: clock, until: turn.deadline)
        if let unmet = findings.first(where: { !$0.holds }) {
            let cause = "\(unmet.expectation.summary): found \(unmet.found)"
            return .failed(step, planned.plan, "Unverified", cause, changes: changes)
        }
        do throws(ActionFault) {
            return try await judged(step, planned, turn, evidence)
        } catch {
            // The changes are in the world although nobody can look: they stay on record, and nothing is claimed.
            return .failed(step, planned.plan, error.name, error.report.description, changes: changes)
        }
    }

    /// What the world says of the containment after the step, if the step contains anything.
    private func judged(
        _ step: ActionStep,
        _ planned: StepPlanner.Planned,
        _ turn: StepTurn,
        _ evidence: StepEvidence
    ) async throws(ActionFault) -> StepPerformance {
        let changes = applied.all(of: turn.visit)
        let status: StepPlan.Status = planned.plan.alreadyDone && changes.isEmpty ? .alreadyDone : .verified
        let output = planner.output(planned, step, answers: evidence.answers)
        let success = StepPerformance(step, planned.plan, status, .succeeded(output: output), changes: changes)
        guard var containment = try await planner.judge(planned, step) else { return success }
        if let control = evidence.control {
            containment = containment.considering(await watch.settled(control, until: turn.deadline))
        }
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
