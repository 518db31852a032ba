package import Catalogue
package import Planning
internal import Playbooks
package import Runs
internal import Vocabulary

/// Drives one run in this process: one loop decides on a copy, records the input, adopts it, and does what it asks.
///
/// Nothing else sees the machine. Time is the clock's: a rehearsal's jumps to the next timer when nothing else is due.
package struct RunDriver: Sendable {
    private let request: RunRequest
    private let clock: any RunClock
    private let evaluator: RunEvaluator
    private let performer: StepPerformer
    private let tell: @Sendable (RunNote) -> Void
    private var machine: RunMachine
    private var pending: [RunEffect] = []
    private var timers: [EffectID: Timestamp] = [:]
    /// Every input so far, in order: replaying them gives the same machine.
    package private(set) var records: [RunRecord] = []
    /// The plan, its steps brought up to what became of them.
    package private(set) var plan: RunPlan

    /// - Throws: when the playbook cannot be run at all.
    package init(
        request: RunRequest,
        reviewed: ReviewedRun,
        world: World,
        actions: [CataloguedAction],
        ledger: any Ledger,
        clock: any RunClock,
        tell: @escaping @Sendable (RunNote) -> Void = { _ in }
    ) throws(RunFault) {
        self.request = request
        self.clock = clock
        self.tell = tell
        plan = reviewed.plan
        machine = try RunMachine(PlaybookCompiler.definition(of: request.playbook))
        evaluator = RunEvaluator(playbook: request.playbook)
        performer = StepPerformer(
            request: request,
            reviewed: reviewed,
            world: world,
            actions: actions,
            ledger: ledger,
            clock: clock
        )
    }

    package var status: RunStatus { machine.status }
    package var definition: RunDefinition { machine.definition }

    /// Runs until the run has ended, or waits for somebody.
    ///
    /// `seed`: where jitter comes from.
    package mutating func run(seed: UInt64) async throws(RunFault) {
        try take(.started(seed: seed))
        try await drain()
        finish()
    }

    /// Ends a run that a guardrail refused: nothing of it happens but what comes `finally`.
    package mutating func refuse(_ reason: String) async throws(RunFault) {
        try take(.refused(reason: reason))
        try await drain()
        finish()
    }

    /// What the run did not come to was skipped; what ended it badly is said.
    private mutating func finish() {
        guard let end = machine.end, machine.status != .parked else { return }
        for place in plan.steps.indices where plan.steps[place].status == .planned {
            plan.steps[place].status = .skipped
            if plan.steps[place].note.isEmpty { plan.steps[place].note = "the run did not come here" }
        }
        guard case .failed(let error) = end else { return }
        plan.error = Self.report(error)
        plan.errorName = error.name ?? ""
    }

    private static func report(_ error: StepError) -> FaultReport {
        FaultReport(
            code: "RUN-009",
            what: "the run failed with \(error.name ?? "an error without a name")"
                + (error.cause.map { ": \($0)" } ?? ""),
            remedy: "look at the step that failed; what was applied before stays and is listed"
        )
    }

    /// Takes back what the run changed, newest first.
    package mutating func undo(by: String) async throws(RunFault) {
        try take(.undoRequested(by: by, keeping: []))
        try await drain()
    }

    private mutating func take(_ event: RunInput.Event) throws(RunFault) {
        let input = RunInput(at: clock.now(), event)
        var next = machine
        let effects = try next.apply(input)
        records.append(RunRecord(run: request.id, sequence: records.count + 1, input: input))
        machine = next
        pending += effects
        plan.status = machine.status.rawValue
    }

    private mutating func drain() async throws(RunFault) {
        while true {
            if !pending.isEmpty {
                if let event = await answer(pending.removeFirst()) { try take(event) }
            } else if let (effect, deadline) = timers.min(by: { $0.value < $1.value }) {
                timers[effect] = nil
                await clock.pass(max(.zero, deadline.duration(since: clock.now())))
                try take(.timerFired(effect: effect))
            } else {
                return
            }
        }
    }

    private mutating func answer(_ effect: RunEffect) async -> RunInput.Event? {
        switch effect {
        case .evaluate(let id, let path, let asked):
            guard let state = state(at: path) else { return Self.lost(path) }
            let found = evaluator.evaluate(asked, state: state, scope: scope, now: clock.now())
            return .evaluated(effect: id, result: found)
        case .perform(let id, let path, let attempt):
            guard let state = state(at: path) else { return Self.lost(path) }
            let performance = await performer.perform(
                state,
                attempt: attempt,
                subject: plan.subject,
                scope: scope
            )
            return .ended(effect: id, report: adopt(performance, of: state))
        case .reconcile(let id, let path, let attempt):
            guard let state = state(at: path) else { return Self.lost(path) }
            let performance = await performer.reconcile(
                state,
                attempt: attempt,
                subject: plan.subject,
                scope: scope
            )
            return .reconciled(effect: id, report: adopt(performance, of: state))
        case .startTimer(let id, _, let deadline, _):
            timers[id] = deadline
        case .cancelTimer(let id):
            timers[id] = nil
        case .undoChange(let id, let change):
            return .undone(effect: id, result: await performer.undo(change))
        case .note(let note):
            tell(note)
        case .askApproval, .abandon:
            break
        }
        return nil
    }

    private static func lost(_ path: FramePath) -> RunInput.Event {
        .parked(reason: "the playbook has no state at \(path)")
    }

    private func state(at path: FramePath) -> PlaybookState? {
        switch path.steps.last {
        case .state(let name)?: request.playbook.state(name)
        case .finally(let index)?:
            request.playbook.finally.indices.contains(index) ? request.playbook.finally[index] : nil
        case .branch?, .item?, nil: nil
        }
    }

    /// What expressions see now: the start's variables, and what the run brought since.
    private var scope: ExpressionScope {
        var scope = RunScopes.start(request, subject: plan.subject)
        for member in machine.scope.object ?? JSONObject() where member.key != "run" {
            scope[member.key] = member.value
        }
        var run = scope["run"]?.object ?? JSONObject()
        for member in machine.scope["run"]?.object ?? JSONObject() { run[member.key] = member.value }
        scope["run"] = .object(run)
        return scope
    }

    /// Brings the plan's step up to what became of it.
    private mutating func adopt(_ performance: StepPerformance, of state: PlaybookState) -> StepReport {
        if let containment = performance.containment { plan.containment = containment }
        guard let place = plan.steps.firstIndex(where: { $0.state == state.name }) else {
            plan.steps.append(performance.step)
            return performance.report
        }
        var step = performance.step
        step.isConditional = plan.steps[place].isConditional
        step.canonicalChanges = plan.steps[place].canonicalChanges
        // A retry plans only what is left: what earlier attempts applied stays on record.
        step.plan.changes = performance.appliedBefore + step.plan.changes
        plan.steps[place] = step
        return performance.report
    }
}
