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
    private var timers: [EffectID: (path: FramePath, deadline: Timestamp)] = [:]
    /// What a yes covers, by state: the reviewed plan's steps, and what was approved since.
    private var approvals: [String: StepApproval]
    /// What waits for a yes, by the effect that asks for it.
    private var asked: [EffectID: (state: String, approval: StepApproval)] = [:]
    private var waiting: [String: StepApproval] = [:]
    /// What steps found of containment, latest last.
    private var reports: [ContainmentReport] = []
    private let isRehearsed: Bool
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
        limits: RunLimits = RunLimits(),
        tell: @escaping @Sendable (RunNote) -> Void = { _ in }
    ) throws(RunFault) {
        self.request = request
        self.clock = clock
        self.tell = tell
        isRehearsed = world.isRehearsed
        plan = reviewed.plan
        approvals = reviewed.approvals
        machine = try RunMachine(PlaybookCompiler.definition(of: request.playbook, limits: limits))
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
    /// What is known of it now, undone changes taken into account.
    package var containment: Containment { machine.containment }
    package var definition: RunDefinition { machine.definition }

    /// Runs until the run has ended, or waits for somebody; a fault of the machine parks it.
    ///
    /// `seed`: where jitter comes from.
    package mutating func run(seed: UInt64) async { await go(.started(seed: seed)) }

    /// Ends a run that a guardrail refused: nothing of it happens but what comes `finally`.
    package mutating func refuse(_ reason: String) async { await go(.refused(reason: reason)) }

    /// Says yes to everything that the run asks for now, as the plan shows it.
    package mutating func approve(by: String) async {
        for (effect, question) in asked.sorted(by: { $0.key.number < $1.key.number }) {
            approvals[question.state] = question.approval
            waiting[question.state] = nil
            asked[effect] = nil
            await go(.approved(effect: effect, by: by))
        }
    }

    /// Takes back what the run changed, newest first.
    ///
    /// - Throws: `requestRefused` when there is nothing that could be taken back now.
    package mutating func undo(by: String) async throws(RunFault) {
        try take(.undoRequested(by: by, keeping: []))
        await goOn()
    }

    private mutating func go(_ event: RunInput.Event) async {
        do throws(RunFault) {
            try take(event)
        } catch {
            return park(error)
        }
        await goOn()
    }

    private mutating func goOn() async {
        do throws(RunFault) {
            try await drain()
        } catch {
            park(error)
        }
        finish()
    }

    /// A human is needed; what the run did so far stays in its plan.
    private mutating func park(_ fault: RunFault) {
        plan.error = fault.report
        plan.errorName = "Parked"
        pending = []
        // A run that has ended cannot be parked: then the fault alone says what is wrong.
        try? take(.parked(reason: fault.report.what))
        for case .note(let note) in pending { tell(note) }
        pending = []
    }

    /// What the run did not come to was skipped; what ended it badly is said.
    private mutating func finish() {
        guard let end = machine.end, machine.status != .parked else { return }
        for place in plan.steps.indices where plan.steps[place].status == .planned {
            plan.steps[place].status = .skipped
            if plan.steps[place].note.isEmpty { plan.steps[place].note = "the run did not come here" }
        }
        guard case .failed(let error) = end, plan.error == nil else { return }
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

    private mutating func take(_ event: RunInput.Event) throws(RunFault) {
        let input = RunInput(at: clock.now(), event)
        var next = machine
        let effects = try next.apply(input)
        records.append(RunRecord(run: request.id, sequence: records.count + 1, input: input))
        machine = next
        plan.status = machine.status.rawValue
        plan.containment = containmentReport
        for effect in effects { note(effect) }
    }

    /// A state may fail before anything is attempted: its condition or its parameters cannot be evaluated.
    private mutating func noteFailure(_ path: FramePath, _ error: StepError) {
        guard let name = state(at: path)?.name, let place = plan.steps.firstIndex(where: { $0.state == name }),
            plan.steps[place].status == .planned
        else { return }
        plan.steps[place].status = .failed
        plan.steps[place].note = "\(error.name ?? "it failed"): \(error.cause ?? "")"
    }

    /// The machine's word, in the words of the step that found it; nil when nothing was contained.
    private var containmentReport: ContainmentReport? {
        let verdict = machine.containment
        guard verdict != .none else { return nil }
        return reports.last { $0.verdict.rawValue == verdict.rawValue }
            ?? .unproved("a step that should have contained did not come to prove anything", rehearsed: isRehearsed)
    }

    /// Timers and questions are kept at once; the rest is done in its turn.
    private mutating func note(_ effect: RunEffect) {
        switch effect {
        case .startTimer(let id, let path, let deadline, _): timers[id] = (path, deadline)
        case .cancelTimer(let id): timers[id] = nil
        case .askApproval(let id, let path, _):
            guard let state = state(at: path)?.name else { return }
            asked[id] = (state, waiting[state] ?? approvals[state] ?? StepApproval())
        case .abandon(let id):
            asked[id] = nil
            pending.removeAll { $0.answeredAs == id }
        case .note(.caught(let path, let error, _)), .note(.finallyFailed(let path, let error)):
            noteFailure(path, error)
            pending.append(effect)
        case .evaluate, .perform, .reconcile, .undoChange, .note: pending.append(effect)
        }
    }

    private mutating func drain() async throws(RunFault) {
        while true {
            if !pending.isEmpty {
                guard let event = await answer(pending.removeFirst()) else { continue }
                // An attempt may have taken longer than its state allows: the clock speaks first.
                try fireTimers()
                try take(event)
            } else if let next = timers.values.map(\.deadline).min() {
                await clock.pass(max(.zero, next.duration(since: clock.now())))
                try fireTimers()
            } else {
                return
            }
        }
    }

    /// Fires what is due, oldest first; one may cancel others.
    private mutating func fireTimers() throws(RunFault) {
        while let (effect, timer) = timers.min(by: {
            ($0.value.deadline, $0.key.number) < ($1.value.deadline, $1.key.number)
        }),
            timer.deadline <= clock.now()
        {
            timers[effect] = nil
            try take(.timerFired(effect: effect))
        }
    }

    private mutating func answer(_ effect: RunEffect) async -> RunInput.Event? {
        switch effect {
        case .evaluate(let id, let path, let asked):
            guard let state = state(at: path) else { return Self.lost(path) }
            let found = evaluator.evaluate(asked, state: state, scope: scope, now: clock.now())
            return .evaluated(effect: id, result: found)
        case .perform(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performer.perform(turn) else {
                return Self.lost(path)
            }
            return .ended(effect: id, report: adopt(performance, turn))
        case .reconcile(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performer.reconcile(turn) else {
                return Self.lost(path)
            }
            return .reconciled(effect: id, report: adopt(performance, turn))
        case .undoChange(let id, let change):
            return .undone(effect: id, result: await performer.undo(change))
        case .note(let note):
            tell(note)
            return nil
        case .startTimer, .cancelTimer, .askApproval, .abandon:
            return nil
        }
    }

    private func turn(_ path: FramePath, _ attempt: TaskAttempt) -> StepTurn? {
        guard let state = state(at: path) else { return nil }
        return StepTurn(
            state: state,
            attempt: attempt,
            subject: plan.subject,
            scope: scope,
            approval: approvals[state.name] ?? StepApproval(),
            deadline: timers.values.filter { $0.path == path }.map(\.deadline).min()
        )
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
    private mutating func adopt(_ performance: StepPerformance, _ turn: StepTurn) -> StepReport {
        if let containment = performance.containment { reports.append(containment) }
        if let asked = performance.asked { waiting[turn.state.name] = asked }
        let place = plan.steps.firstIndex { $0.state == turn.state.name } ?? plan.steps.endIndex
        var step = performance.step
        if place == plan.steps.endIndex { plan.steps.append(step) }
        step.isConditional = plan.steps[place].isConditional
        step.canonicalChanges = plan.steps[place].canonicalChanges
        if machine.end != nil, performance.asked != nil { step.status = .failed }
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
        return performance.report
    }
}
