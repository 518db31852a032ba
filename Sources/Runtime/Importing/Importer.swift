package import AWSAPI
package import Vocabulary

/// Makes the calls that bring findings to Security Hub.
package protocol ImportGateway: Sendable {
    /// One BatchImportFindings, once.
    func call(_ input: JSONValue, to destination: ImportDestination) async -> Result<JSONValue, AWSFault>
}

/// Brings findings to Security Hub, as fast as the service takes them, and says what became of each.
///
/// The lanes decide; this one keeps the time, makes the calls, and holds back whoever hands in too much.
package actor Importer {
    private let gateway: any ImportGateway
    private let time: any TimeAndChance
    private let rules: ImportRules
    private let report: @Sendable (ImportOutcome) -> Void
    private var lanes: [ImportDestination: ImportLane] = [:]
    private var (held, heldBytes) = (0, 0)
    private var isDraining = false
    /// The moment for which a timer is set.
    private var alarm: Timestamp?
    private var blocked: [CheckedContinuation<Void, Never>] = []
    private var finishers: [CheckedContinuation<Void, Never>] = []

    /// Outcomes are reported exactly once for each finding, one after the other.
    package init(
        gateway: any ImportGateway,
        time: any TimeAndChance,
        rules: ImportRules = ImportRules(),
        report: @escaping @Sendable (ImportOutcome) -> Void
    ) {
        self.gateway = gateway
        self.time = time
        self.rules = rules
        self.report = report
    }

    /// Accounts and Regions that are remembered.
    package var destinations: Int { lanes.count }

    /// Hands in a finding; waits while too many are waiting.
    ///
    /// The ticket, another one for each, is what its outcome is told with.
    package func submit(_ finding: JSONValue, ticket: UInt64) async {
        while held >= rules.backlog || heldBytes >= rules.backlogBytes {
            await withCheckedContinuation { blocked.append($0) }
        }
        do throws(ImportFault) {
            let pending = try PendingFinding(finding, ticket: ticket)
            held += 1
            heldBytes += pending.weight
            let now = time.now()
            forgetIdleLanes(now)
            lanes[pending.destination, default: ImportLane(rules, at: now)].add(pending, at: now)
            pump()
        } catch {
            report(.parked(ticket: ticket, finding, error))
        }
    }

    /// Waits until every finding that was handed in has its outcome.
    package func finish() async {
        isDraining = true
        pump()
        if held > 0 { await withCheckedContinuation { finishers.append($0) } }
        isDraining = false
    }

    /// The same, but what has no outcome at the deadline is parked; calls under way are waited for.
    package func finish(by deadline: Timestamp) async {
        let alarm = Task {
            await time.pause(for: max(.zero, deadline.duration(since: time.now())))
            if !Task.isCancelled { abandon() }
        }
        await finish()
        alarm.cancel()
    }

    /// Parks what is not under way; `finish` then waits for what is.
    package func abandon() {
        for destination in Array(lanes.keys) { tell(lanes[destination]?.abandon() ?? []) }
        pump()
    }

    /// Accounts come from records: whoever writes many into them must not fill our memory.
    private func forgetIdleLanes(_ now: Timestamp) {
        guard lanes.count >= 64 else { return }
        for destination in Array(lanes.keys) where lanes[destination]?.isIdle(at: now) ?? false {
            lanes[destination] = nil
        }
    }

    /// Starts every call that may be made now, and sets a timer for the next one.
    private func pump() {
        var next: Timestamp?
        for destination in Array(lanes.keys) {
            if let moment = advance(destination) { next = min(next ?? moment, moment) }
        }
        if let next { wake(at: next) }
    }

    /// - Returns: when the lane wants to be looked at again.
    private func advance(_ destination: ImportDestination) -> Timestamp? {
        guard var lane = lanes[destination] else { return nil }
        defer { lanes[destination] = lane }
        while true {
            switch lane.next(at: time.now(), isDraining: isDraining) {
            case .idle: return nil
            case .wait(let moment): return moment
            case .send(let batch): send(batch, destination)
            }
        }
    }

    private func send(_ batch: ImportBatch, _ destination: ImportDestination) {
        Task {
            let answer = await gateway.call(batch.input, to: destination)
            settle(batch, answer, destination)
        }
    }

    private func settle(_ batch: ImportBatch, _ answer: Result<JSONValue, AWSFault>, _ destination: ImportDestination) {
        let outcomes =
            lanes[destination]?.settle(batch, answer, at: time.now(), fraction: time.fraction()) ?? []
        let done = Set(outcomes.map(\.ticket))
        for finding in batch.findings where done.contains(finding.ticket) { heldBytes -= finding.weight }
        tell(outcomes)
        pump()
    }

    private func tell(_ outcomes: [ImportOutcome]) {
        held -= outcomes.count
        for outcome in outcomes { report(outcome) }
        if held < rules.backlog {
            for waiter in blocked { waiter.resume() }
            blocked = []
        }
        guard held == 0 else { return }
        heldBytes = 0
        for finisher in finishers { finisher.resume() }
        finishers = []
    }

    private func wake(at moment: Timestamp) {
        if let alarm, alarm <= moment { return }
        alarm = moment
        Task {
            await time.pause(for: max(.zero, moment.duration(since: time.now())))
            ring(moment)
        }
    }

    private func ring(_ moment: Timestamp) {
        // An earlier timer was set meanwhile, and this one came too late to matter.
        if alarm == moment { alarm = nil }
        pump()
    }
}
