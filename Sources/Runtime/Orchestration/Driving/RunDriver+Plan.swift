internal import Catalogue
internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// The plan, brought up to what became of the run.
extension RunDriver {
    /// What the run did not come to was skipped; what ended it badly is said.
    mutating func finish() {
        noteUncertain()
        guard let end = machine.end, machine.status != .parked else { return }
        for place in plan.steps.indices where plan.steps[place].status == .planned {
            plan.steps[place].status = .skipped
            if plan.steps[place].note.isEmpty { plan.steps[place].note = "the run did not come here" }
        }
        guard case .failed(let error) = end, plan.error == nil else { return }
        plan.error = Self.report(error)
        plan.errorName = error.name ?? ""
    }

    /// A change whose look-up failed as well is in no list of what was applied: people must know of it.
    private mutating func noteUncertain() {
        let doubt = "nobody knows whether this took effect: "
        // What was settled since is no longer said.
        plan.notes.removeAll { $0.hasPrefix(doubt) }
        plan.notes += performer.applied.uncertain().map { open in
            "\(doubt)\(open.change.summary) (\(open.change.id)); look for it"
        }
    }

    private static func report(_ error: StepError) -> FaultReport {
        FaultReport(
            code: "RUN-009",
            what: "the run failed with \(error.name ?? "an error without a name")"
                + (error.cause.map { ": \($0)" } ?? ""),
            remedy: "look at the step that failed; what was applied before stays and is listed"
        )
    }

    /// The run goes on in the store as far as it was written down; here it ends.
    mutating func unrecorded(_ error: any Error) {
        unwritten = Executor.noJournal(error).report
        plan.error = unwritten
        plan.errorName = "Unavailable"
        if !["failed", "refused"].contains(plan.status) { plan.status = "failed" }
    }

    /// A state may fail before anything is attempted: its condition or its parameters cannot be evaluated.
    mutating func noteFailure(_ path: FramePath, _ error: StepError) {
        guard let name = state(at: path)?.name, let place = plan.steps.firstIndex(where: { $0.state == name }),
            plan.steps[place].status == .planned
        else { return }
        plan.steps[place].status = .failed
        plan.steps[place].note = "\(error.name ?? "it failed"): \(error.cause ?? "")"
    }

    /// The machine's word, in the words of the step that found it; nil when nothing was contained.
    var containmentReport: ContainmentReport? {
        let verdict = machine.containment
        guard verdict != .none else { return nil }
        return reports.last { $0.verdict.rawValue == verdict.rawValue }
            ?? .unproved("a step that should have contained did not come to prove anything", rehearsed: isRehearsed)
    }

    /// Brings the plan's step up to what became of it.
    mutating func adopt(_ performance: StepPerformance, _ turn: StepTurn) async -> StepReport {
        if let containment = performance.containment { reports.append(containment) }
        if let asked = performance.asked {
            waiting[turn.state.name] = asked
            await journal.add(.asked(state: turn.state.name, asked))
        }
        let place = plan.steps.firstIndex { $0.state == turn.state.name } ?? plan.steps.endIndex
        var step = performance.step
        if place == plan.steps.endIndex { plan.steps.append(step) }
        step.isConditional = plan.steps[place].isConditional
        step.canonicalChanges = plan.steps[place].canonicalChanges
        if machine.end != nil, performance.asked != nil { step.status = .failed }
        step.holdsUntil = step.holdsUntil ?? plan.steps[place].holdsUntil
        // All that visits to the state ever applied stays on record; what was only planned is told apart by its status.
        let applied = performer.applied(by: turn.state.name)
        if !applied.isEmpty {
            if step.status == .planned, !step.plan.changes.isEmpty {
                step.note += "; \(step.plan.changes.count) change(s) wait and are not listed"
            }
            step.plan.changes = applied
            if step.plan.release.isEmpty { step.plan.release = plan.steps[place].plan.release }
            step.plan.blastRadius = step.plan.blastRadius.merged(with: plan.steps[place].plan.blastRadius)
            if step.status == .alreadyDone { step.status = .verified }
            if step.status == .failed || step.status == .planned { step.status = .applied }
        }
        plan.steps[place] = step
        await journal.add(.judged(step: step, containment: performance.containment))
        return performance.report
    }
}
