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
    private let journal: any RunJournal
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
    /// The change at which an undo stopped in this process, and why.
    package private(set) var undoStop: (change: String, reason: String)?
    /// How many inputs were recorded so far.
    private var recorded = 0
    /// The plan, its steps brought up to what became of them.
    package private(set) var plan: RunPlan

    /// `past`: what a journal holds of the run, to go on where an earlier process ended.
    ///
    /// - Throws: when the playbook cannot be run at all, or its history does not replay.
    package init(
        request: RunRequest,
        reviewed: ReviewedRun,
        world: World,
        actions: [CataloguedAction],
        journal: any RunJournal,
        clock: any RunClock,
        limits: RunLimits = RunLimits(),
        reconcileWindow: Duration = .seconds(120),
        past: RunPast = RunPast(),
        tell: @escaping @Sendable (RunNote) -> Void = { _ in }
    ) throws(RunFault) {
        self.request = request
        self.clock = clock
        self.tell = tell
        self.journal = journal
        isRehearsed = world.isRehearsed
        plan = reviewed.plan
        approvals = reviewed.approvals
        machine = try RunMachine.replay(
            PlaybookCompiler.definition(of: request.playbook, limits: limits),
            past.records
        )
        recorded = past.records.count
        evaluator = RunEvaluator(playbook: request.playbook)
        performer = StepPerformer(
            request: request,
            reviewed: reviewed,
            world: world,
            actions: actions,
            executor: Executor(world: world, journal: journal, clock: clock, reconcileWindow: reconcileWindow),
            clock: clock,
            past: past.entries
        )
        remember(past)
    }

    package var status: RunStatus { machine.status }
    /// What is known of it now, undone changes taken into account.
    package var containment: Containment { machine.containment }
    package var definition: RunDefinition { machine.definition }
    /// Everything that it changed, with what became of it since.
    package var changes: [CompletedChange] { machine.changes }
    /// The same as they were planned, each bound to what it made; also those of an attempt that was cut short.
    package var appliedChanges: [PlannedChange] { performer.applied.all }
    /// Changes of which nobody knows whether they took effect.
    package var uncertainChanges: [PlannedChange] { performer.applied.uncertain().map(\.change) }
    /// Of all that it applied or may have applied: what a person may name.
    package var changeIds: [String] {
        let open = performer.applied.uncertain() + performer.applied.lost()
        return appliedChanges.map(\.id) + open.map(\.change.id)
    }
    /// Whether the ledger says that a change was taken back, whatever the run heard of it.
    package func wasUndone(_ id: String) -> Bool { performer.applied.wasUndone(id) }
    /// What it waits to hear yes to, by state.
    package var questions: [(state: String, approval: StepApproval)] {
        asked.sorted { $0.key.number < $1.key.number }.map { ($0.value.state, $0.value.approval) }
    }

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
            await journal.add(.approved(state: question.state, question.approval))
            waiting[question.state] = nil
            asked[effect] = nil
            await go(.approved(effect: effect, by: by))
        }
    }

    /// Says no to everything that the run asks for now.
    package mutating func reject(by: String, reason: String) async {
        for effect in asked.keys.sorted(by: { $0.number < $1.number }) where asked[effect] != nil {
            asked[effect] = nil
            await go(.rejected(effect: effect, by: by, reason: reason))
        }
    }

    /// Ends the run where it is; what is in flight is looked up first.
    ///
    /// - Throws: `requestRefused` when it already ends in another way.
    package mutating func cancel(by: String) async throws(RunFault) {
        try await take(.cancelRequested(by: by))
        await goOn()
    }

    /// Takes back what the run changed, newest first.
    ///
    /// - Throws: `requestRefused` when there is nothing that could be taken back now.
    ///
    /// `keeping`: ids of changes that stay, such as one that somebody else changed since; `readopting`: detached pods go
    /// back to their controllers, which may delete them as surplus. An undo that was cut short is gone on with as it began.
    package mutating func undo(
        by: String,
        keeping: [String] = [],
        readopting: Bool = false
    ) async throws(RunFault) {
        undoStop = nil
        guard machine.status != .undoing else {
            await recover(by: by)
            return await takeBackUnknown(keeping)
        }
        try await take(.undoRequested(by: by, keeping: keeping))
        await journal.add(.undoRequested(readopting: readopting))
        performer.applied.readopt(readopting)
        await goOn()
        await takeBackUnknown(keeping)
    }

    /// Changes of which the run itself never heard whether they took effect, once all others are back.
    private mutating func takeBackUnknown(_ keeping: [String]) async {
        guard undoStop == nil, machine.status != .undoing else { return }
        let left = await performer.undoUnknown(to: Set(machine.changes.map(\.id)), keeping: keeping)
        if let first = left.first { undoStop = (first.change.id, first.reason) }
        do { try await journal.flush() } catch { unrecorded(error) }
    }

    private mutating func go(_ event: RunInput.Event) async {
        do throws(RunFault) {
            try await take(event)
        } catch {
            return await park(error)
        }
        await goOn()
    }

    private mutating func goOn() async {
        do throws(RunFault) {
            try await drain()
        } catch {
            await park(error)
        }
        finish()
        // What waits to be written is written before anybody hears how the run stands.
        do { try await journal.flush() } catch { unrecorded(error) }
    }

    /// The run goes on in the store as far as it was written down; here it ends.
    private mutating func unrecorded(_ error: any Error) {
        plan.error = Executor.noJournal(error).report
        plan.errorName = "Unavailable"
        if !["failed", "refused"].contains(plan.status) { plan.status = "failed" }
    }

    /// A human is needed; what the run did so far stays in its plan.
    private mutating func park(_ fault: RunFault) async {
        plan.error = fault.report
        plan.errorName = "Parked"
        pending = []
        // A run that has ended cannot be parked: then the fault alone says what is wrong.
        try? await take(.parked(reason: fault.report.what))
        for case .note(let note) in pending { tell(note) }
        pending = []
    }

    /// What the run did not come to was skipped; what ended it badly is said.
    private mutating func finish() {
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
        for open in performer.applied.uncertain() {
            let note = "nobody knows whether this took effect: \(open.change.summary) (\(open.change.id)); look for it"
            if !plan.notes.contains(note) { plan.notes.append(note) }
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

    /// Decides on a copy and writes the input down.
    ///
    /// It is durable before it has an effect outside: the journal is flushed before anything is sent or waited for, and
    /// before the caller hears how the run stands. Notes of its progress may run ahead of that.
    private mutating func take(_ event: RunInput.Event) async throws(RunFault) {
        let input = RunInput(at: clock.now(), event)
        var next = machine
        let effects = try next.apply(input)
        recorded += 1
        await journal.add(RunRecord(run: request.id, sequence: recorded, input: input), next.standing)
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
                try await fireTimers()
                try await take(event)
            } else if let next = timers.values.map(\.deadline).min() {
                try await flush()
                await clock.pass(max(.zero, next.duration(since: clock.now())))
                try await fireTimers()
            } else {
                return
            }
        }
    }

    private func flush() async throws(RunFault) {
        do { try await journal.flush() } catch { throw .notRecorded("\(error)") }
    }

    /// Fires what is due, oldest first; one may cancel others.
    private mutating func fireTimers() async throws(RunFault) {
        while let (effect, timer) = timers.min(by: {
            ($0.value.deadline, $0.key.number) < ($1.value.deadline, $1.key.number)
        }),
            timer.deadline <= clock.now()
        {
            timers[effect] = nil
            try await take(.timerFired(effect: effect))
        }
    }

    private mutating func answer(_ effect: RunEffect) async -> RunInput.Event? {
        switch effect {
        case .evaluate(let id, let path, let asked):
            guard let state = state(at: path) else { return Self.lost(path) }
            let found = evaluator.evaluate(asked, state: state, scope: scope, now: clock.now())
            return .evaluated(effect: id, result: found)
        case .perform(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performed(turn) else {
                return Self.lost(path)
            }
            return .ended(effect: id, report: await adopt(performance, turn))
        case .reconcile(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performer.reconcile(turn) else {
                return Self.lost(path)
            }
            return .reconciled(effect: id, report: await adopt(performance, turn))
        case .undoChange(let id, let change):
            return .undone(effect: id, result: await performer.undo(change))
        case .note(let note):
            if case .undoStopped(let change, let reason) = note { undoStop = (change, reason) }
            tell(note)
            return nil
        case .startTimer, .cancelTimer, .askApproval, .abandon:
            return nil
        }
    }

    /// An attempt is cut short when its state's time is over; what it knows by then it tells.
    private func performed(_ turn: StepTurn) async -> StepPerformance? {
        let performer = performer
        return await clock.limit(until: turn.deadline) { await performer.perform(turn) }
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
    private mutating func adopt(_ performance: StepPerformance, _ turn: StepTurn) async -> StepReport {
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

// MARK: - After a crash

extension RunDriver {
    /// Goes on where an earlier process ended: what was in flight is looked up in the world before it is repeated.
    ///
    /// Time while nobody ran does not count against an attempt's timeout.
    package mutating func recover(by: String) async {
        if machine.status == .parked {
            do throws(RunFault) { try await take(.resumed(by: by)) } catch { return await park(error) }
        }
        let idle = max(.zero, clock.now().duration(since: machine.now))
        pending = []
        for effect in machine.openEffects {
            switch effect {
            case .startTimer(let id, let path, let deadline, let purpose):
                timers[id] = (path, purpose.countsIdleTime ? deadline : deadline.advanced(by: idle))
            default: note(effect)
            }
        }
        await goOn()
    }

    /// Takes over what a journal tells of the run, without doing anything.
    private mutating func remember(_ past: RunPast) {
        guard !past.records.isEmpty else { return }
        for entry in past.entries {
            switch entry {
            case .judged(let step, let containment):
                if let containment { reports.append(containment) }
                let place = plan.steps.firstIndex { $0.state == step.state } ?? plan.steps.endIndex
                if place == plan.steps.endIndex { plan.steps.append(step) } else { plan.steps[place] = step }
            case .asked(let state, let approval): waiting[state] = approval
            case .approved(let state, let approval):
                approvals[state] = approval
                waiting[state] = nil
            case .owed, .intent, .succeeded, .failed, .unknown, .found, .missing, .undoRequested, .undoing, .undone:
                break
            }
        }
        for case .askApproval(let id, let path, _) in machine.openEffects {
            guard let state = state(at: path)?.name else { continue }
            asked[id] = (state, waiting[state] ?? approvals[state] ?? StepApproval())
        }
        plan.status = machine.status.rawValue
        plan.containment = containmentReport
        finish()
    }
}

extension TimerPurpose {
    /// Whether it tells a time of the world, which passes also while nobody runs.
    fileprivate var countsIdleTime: Bool {
        switch self {
        case .wait, .approval, .run, .retry: true
        case .timeout, .heartbeat, .reconcile: false
        }
    }
}
