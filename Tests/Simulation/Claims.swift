import Orchestration
import Planning
import Runs
import Vocabulary

/// What a run says of the world, held against the world.
extension Universe {
    /// A visit's claims must have held at some time since its last write, or since it began.
    mutating func judge(_ step: StepPlan, _ containment: ContainmentReport?) {
        let since = max(lastInput, servers.arrivals.last { $0.life == life.number }?.number ?? 0)
        if containment?.verdict == .contained {
            lastClaim = since
            if !servers.held(since: since, \.isCutOff) { blame("\(step.state) says “contained”, and it is not so") }
        }
        guard [.verified, .alreadyDone].contains(step.status) else { return }
        switch step.action {
        case "cordon-node":
            if !servers.held(since: since, \.isCordoned) { blame("\(step.state) is verified, and no node is cordoned") }
        case "snapshot-volumes":
            let volumes = (step.plan.output["volumes"]?.array ?? []).compactMap(\.string)
            let isDone = servers.held(since: since) { truth in volumes.allSatisfy { truth.snapshots[$0] != nil } }
            if volumes.isEmpty || !isDone { blame("\(step.state) is verified, and snapshots are missing") }
        default: break
        }
    }

    /// The run as a whole, when its process has come to rest.
    mutating func judgeRest(_ driver: RunDriver) {
        guard driver.plan.containment?.verdict == .contained, !servers.truth.isCutOff, strangers.last < lastClaim else {
            return
        }
        blame("the run (\(driver.status)) says “contained”, and it is not so")
    }

    /// Each volume has one snapshot, unless its snapshots could not be seen for longer than anybody looked.
    mutating func judgeSnapshots(window: Duration) {
        let veils = servers.veils
        for (volume, count) in servers.truth.snapshots.sorted(by: { $0.key < $1.key }) where count > 1 {
            let wasBlind = veils.contains { veil in
                veil.intended.map { veil.until.duration(since: $0) > window } ?? false
            }
            if !wasBlind { blame("\(volume) has \(count) snapshots") }
        }
    }
}

// MARK: - What is written down, held against what happened

extension Universe {
    /// At the end the ledger knows of every effect, and of none that was not.
    mutating func judgeLedger(_ driver: RunDriver, window: Duration) {
        var last: [String: LedgerEntry] = [:]
        var undone: Set<String> = []
        for entry in disk.entries {
            switch entry {
            case .intent(_, _, let change, _): last[change.id] = entry
            case .succeeded(let id, _), .failed(let id, _), .unknown(let id, _), .found(let id, _), .missing(let id):
                last[id] = entry
            case .undone(let id): undone.insert(id)
            case .owed, .undoRequested, .undoing, .judged, .asked, .approved: break
            }
        }
        for (id, entry) in last.sorted(by: { $0.key < $1.key }) { judge(id, entry, driver, window) }
        for id in undone.sorted() where !servers.arrivals.contains(where: { $0.change == id && $0.isUndo }) {
            blame("the ledger says that \(id) was undone, and nobody ever asked for it")
        }
    }

    private mutating func judge(_ id: String, _ entry: LedgerEntry, _ driver: RunDriver, _ window: Duration) {
        let arrivals = servers.arrivals.filter { $0.change == id && !$0.isUndo }
        let tookEffect = arrivals.contains { $0.tookEffect }
        let isRecord = disk.intents[id]?.last?.change.semantics == .bestEffort
        switch entry {
        case .succeeded:
            if !arrivals.contains(where: \.isAccepted) {
                blame("the ledger says that \(id) succeeded, and it never did")
            }
        case .found:
            if !tookEffect, !isThereAnyway(id) { blame("the ledger says that \(id) was found, and it was never made") }
        case .failed, .missing:
            guard tookEffect, !isRecord, !wasBlind(id, window), strangers.last < 0 else { return }
            blame("\(id) took effect, and the ledger says that it did not: \(entry.inBrief)")
        case .unknown, .intent:
            guard tookEffect, !isRecord, !driver.plan.notes.contains(where: { $0.contains("(\(id))") }) else { return }
            blame("\(id) took effect, nobody wrote down that it did, and the plan does not say so")
        case .owed, .undoRequested, .undoing, .undone, .judged, .asked, .approved: break
        }
    }

    private func wasBlind(_ id: String, _ window: Duration) -> Bool {
        servers.veils.contains { veil in
            veil.change == id && veil.intended.map { veil.until.duration(since: $0) > window } ?? false
        }
    }

    /// Somebody else may have made the world as the change would have.
    private func isThereAnyway(_ id: String) -> Bool { strangers.last >= 0 }

    /// Every change that the run lists took effect, or was already so.
    mutating func judgeReplay(_ driver: RunDriver) {
        do throws(RunFault) {
            let machine = try RunMachine.replay(driver.definition, disk.records)
            let isSame =
                machine.status == driver.status && machine.containment == driver.containment
                && machine.changes == driver.changes
            if !isSame { blame("replayed it is \(machine.summary), the living one is \(driver.status)") }
        } catch {
            blame("the records do not replay: \(error.report)")
        }
        judgeAnswers(driver.definition)
    }

    /// Every effect is answered once, and no timer before its time.
    private mutating func judgeAnswers(_ definition: RunDefinition) {
        guard var machine = try? RunMachine(definition) else { return }
        var answered: Set<EffectID> = []
        var deadlines: [EffectID: Timestamp] = [:]
        for record in disk.records {
            if let effect = record.input.event.answers, !answered.insert(effect).inserted {
                blame("record \(record.sequence) answers \(effect) once more: \(record.input.event.kind)")
            }
            if case .timerFired(let effect) = record.input.event, let due = deadlines[effect], record.input.at < due {
                blame("record \(record.sequence): a timer fires \(due.duration(since: record.input.at)) early")
            }
            for case .startTimer(let id, _, let due, _) in (try? machine.apply(record.input)) ?? [] {
                deadlines[id] = due
            }
        }
    }
}

extension RunInput.Event {
    /// The effect that this answers for good.
    fileprivate var answers: EffectID? {
        switch self {
        case .evaluated(let effect, _), .ended(let effect, _), .timerFired(let effect), .reconciled(let effect, _),
            .approved(let effect, _), .rejected(let effect, _, _), .undone(let effect, _):
            effect
        case .started, .heartbeat, .refused, .cancelRequested, .parked, .resumed, .undoRequested, .containmentObserved:
            nil
        }
    }
}
