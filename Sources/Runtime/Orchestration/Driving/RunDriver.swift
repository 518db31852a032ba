package import Catalogue
package import Planning
internal import Playbooks
package import Runs
package import Vocabulary

/// Drives one run in this process: one loop decides on a copy, records the input, adopts it, and does what it asks.
///
/// Nothing else sees the machine. Time is the clock's: a rehearsal's jumps to the next timer when nothing else is due.
package struct RunDriver: Sendable {
    let request: RunRequest
    let clock: any RunClock
    let evaluator: RunEvaluator
    let performer: StepPerformer
    let journal: any RunJournal
    let tell: @Sendable (RunNote) -> Void
    var machine: RunMachine
    var pending: [RunEffect] = []
    var timers: [EffectID: (path: FramePath, deadline: Timestamp)] = [:]
    /// What a yes covers, by state: the reviewed plan's steps, and what was approved since.
    var approvals: [String: StepApproval]
    /// What waits for a yes, by the effect that asks for it.
    var asked: [EffectID: (state: String, approval: StepApproval)] = [:]
    var waiting: [String: StepApproval] = [:]
    /// What steps found of containment, latest last.
    var reports: [ContainmentReport] = []
    let isRehearsed: Bool
    /// The change at which an undo stopped in this process, and why.
    package internal(set) var undoStop: (change: String, reason: String)?
    /// Why something that happened could not be written down; nil while all is.
    package internal(set) var unwritten: FaultReport?
    /// How many inputs were recorded so far.
    private var recorded = 0
    /// The plan, its steps brought up to what became of them.
    package internal(set) var plan: RunPlan

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
        let applied = AppliedChanges(past.entries)
        let journal = AccountedJournal(journal: journal, applied: applied)
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
            applied: applied
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

    mutating func go(_ event: RunInput.Event) async {
        do throws(RunFault) {
            try await take(event)
        } catch {
            return await park(error)
        }
        await goOn()
    }

    mutating func goOn() async {
        do throws(RunFault) {
            try await drain()
        } catch {
            await park(error)
        }
        finish()
        // What waits to be written is written before anybody hears how the run stands.
        do { try await journal.flush() } catch { unrecorded(error) }
    }

    /// A human is needed; what the run did so far stays in its plan.
    mutating func park(_ fault: RunFault) async {
        plan.error = fault.report
        plan.errorName = "Parked"
        pending = []
        // A run that has ended cannot be parked: then the fault alone says what is wrong.
        try? await take(.parked(reason: fault.report.what))
        for case .note(let note) in pending { tell(note) }
        pending = []
    }

    /// Decides on a copy and writes the input down.
    ///
    /// It is durable before it has an effect outside: the journal is flushed before anything is sent or waited for, and
    /// before the caller hears how the run stands. Notes of its progress may run ahead of that.
    mutating func take(_ event: RunInput.Event) async throws(RunFault) {
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

    /// Timers and questions are kept at once; the rest is done in its turn.
    mutating func note(_ effect: RunEffect) {
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
}
