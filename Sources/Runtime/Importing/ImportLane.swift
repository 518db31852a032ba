package import AWSAPI
package import Vocabulary

/// Everything that waits for one destination, and what is to be done next: it decides, somebody else calls.
///
/// A call may be repeated whatever became of it: Security Hub ignores an import whose UpdatedAt is not later than what it
/// holds. The same finding is never in two calls at once, nor twice in one.
package struct ImportLane: Sendable {
    package enum Step: Sendable {
        case send(ImportBatch)
        case wait(until: Timestamp)
        /// Nothing to do before a finding comes or a call ends.
        case idle
    }

    /// A finding that was not sent yet, and since when it waits.
    private struct Waiting {
        var finding: PendingFinding
        var since: Timestamp
    }

    private let rules: ImportRules
    private var budget: CallBudget
    /// By urgency, each in the order of arrival.
    private var waiting: [[Waiting]] = Array(repeating: [], count: PendingFinding.urgencies)
    /// What failed and is to go again as it is, the earliest first.
    private var again: [ImportBatch] = []
    /// Ids of findings that are under way or to be repeated: a newer state of one goes after it.
    private var busy: Set<String> = []
    private var calls = 0
    /// Nothing is tried again any more.
    private var isAbandoned = false

    package init(_ rules: ImportRules, at now: Timestamp) {
        self.rules = rules
        budget = CallBudget(rules, at: now)
    }

    package var isEmpty: Bool { calls == 0 && again.isEmpty && waiting.allSatisfy(\.isEmpty) }

    /// Nothing waits, and nothing would be forgotten with it.
    package mutating func isIdle(at now: Timestamp) -> Bool { isEmpty && budget.isFull(at: now) }

    package mutating func add(_ finding: PendingFinding, at now: Timestamp) {
        isAbandoned = false
        waiting[finding.urgency].append(Waiting(finding: finding, since: now))
    }

    // MARK: - What is next

    /// The call to make now, or when to ask again.
    ///
    /// While it is draining nothing more comes, so nobody waits for company.
    package mutating func next(at now: Timestamp, isDraining: Bool) -> Step {
        guard calls < rules.inFlight else { return .idle }
        if let place = again.firstIndex(where: { $0.notBefore.map { $0 <= now } ?? true }) {
            guard budget.take(at: now) else { return .wait(until: budget.next(at: now)) }
            return .send(start(again.remove(at: place), now))
        }
        let ripe = ripeness(now, isDraining)
        guard case .now = ripe else { return pause(ripe, now) }
        guard budget.take(at: now) else { return .wait(until: budget.next(at: now)) }
        return .send(start(ImportBatch(findings: gather()), now))
    }

    private enum Ripeness {
        case now
        case later(Timestamp)
        case never
    }

    /// Whether the findings that wait for their first call fill one, or are too urgent or too old to wait for company.
    private func ripeness(_ now: Timestamp, _ isDraining: Bool) -> Ripeness {
        var (count, weight) = (0, 0)
        var earliest: Timestamp?
        for (urgency, list) in waiting.enumerated() {
            for item in list where !busy.contains(item.finding.id) {
                if isDraining || urgency < 2 { return .now }
                count += 1
                weight += item.finding.weight
                if count >= ImportRules.callFindings || weight >= ImportRules.callBytes { return .now }
                let due = item.since.advanced(by: rules.linger)
                if due <= now { return .now }
                earliest = min(earliest ?? due, due)
            }
        }
        return earliest.map { .later($0) } ?? .never
    }

    private func pause(_ ripeness: Ripeness, _ now: Timestamp) -> Step {
        var moments: [Timestamp] = []
        if case .later(let due) = ripeness { moments.append(due) }
        for batch in again { moments.append(batch.notBefore ?? now) }
        return moments.min().map { .wait(until: $0) } ?? .idle
    }

    /// The most urgent that fit in one call.
    private mutating func gather() -> [PendingFinding] {
        var chosen: [PendingFinding] = []
        var (ids, weight): (Set<String>, Int) = ([], 0)
        for urgency in waiting.indices {
            var left: [Waiting] = []
            for item in waiting[urgency] {
                let finding = item.finding
                let fits =
                    chosen.count < ImportRules.callFindings && weight + finding.weight <= ImportRules.callBytes
                guard fits, !ids.contains(finding.id), !busy.contains(finding.id) else {
                    left.append(item)
                    // An older state that stays keeps the newer ones behind it.
                    ids.insert(finding.id)
                    continue
                }
                chosen.append(finding)
                ids.insert(finding.id)
                weight += finding.weight
            }
            waiting[urgency] = left
        }
        return chosen
    }

    private mutating func start(_ batch: ImportBatch, _ now: Timestamp) -> ImportBatch {
        var batch = batch
        batch.firstSent = batch.firstSent ?? now
        calls += 1
        busy.formUnion(batch.ids)
        return batch
    }

    // MARK: - What came of it

    /// Takes the answer to a call that `next` asked for; gives the findings that are done with, the others go again.
    ///
    /// The fraction, from 0 to less than 1, is for the pause before the next try.
    package mutating func settle(
        _ batch: ImportBatch,
        _ answer: Result<JSONValue, AWSFault>,
        at now: Timestamp,
        fraction: Double
    ) -> [ImportOutcome] {
        calls -= 1
        let outcomes =
            switch answer {
            case .success(let output): accepted(batch, ImportAnswer(output), now, fraction)
            case .failure(let fault): failed(batch, fault, now, fraction)
            }
        let done = Set(outcomes.map(\.ticket))
        for finding in batch.findings where done.contains(finding.ticket) { busy.remove(finding.id) }
        return outcomes
    }

    private mutating func accepted(
        _ batch: ImportBatch,
        _ answer: ImportAnswer,
        _ now: Timestamp,
        _ fraction: Double
    ) -> [ImportOutcome] {
        guard answer.accountsFor(batch.findings.count) else {
            return failed(batch, answer.senseless, now, fraction)
        }
        var outcomes: [ImportOutcome] = []
        for finding in batch.findings {
            guard let refusal = answer.refusals[finding.id] else {
                outcomes.append(.imported(ticket: finding.ticket))
                continue
            }
            outcomes += refused(batch.only([finding]), refusal, now, fraction)
        }
        return outcomes
    }

    /// One that the service names among those that failed goes again alone, or not at all.
    private mutating func refused(
        _ batch: ImportBatch,
        _ refusal: AWSFault,
        _ now: Timestamp,
        _ fraction: Double
    ) -> [ImportOutcome] {
        if refusal.kind.mayPass { return failed(batch, refusal, now, fraction) }
        return park(batch, .refused(code: refusal.code, message: refusal.message))
    }

    private mutating func failed(
        _ batch: ImportBatch,
        _ fault: AWSFault,
        _ now: Timestamp,
        _ fraction: Double
    ) -> [ImportOutcome] {
        if fault.isThrottling { budget.empty(at: now) }
        var batch = batch
        batch.failures += 1
        guard fault.mayPass else {
            // One finding can spoil a call for all: the rest is not to suffer for it.
            guard fault.kind == .invalid, batch.findings.count > 1 else { return park(batch, .notAccepted(fault)) }
            again += batch.halves()
            return []
        }
        let pause = rules.pause(after: batch.failures, isThrottled: fault.isThrottling, fraction: fraction)
        let next = now.advanced(by: pause)
        guard !isAbandoned, next <= (batch.firstSent ?? now).advanced(by: rules.patience) else {
            return park(batch, .outOfPatience(fault, attempts: batch.failures))
        }
        batch.notBefore = next
        again.append(batch)
        return []
    }

    private func park(_ batch: ImportBatch, _ fault: ImportFault) -> [ImportOutcome] {
        batch.findings.map { .parked(ticket: $0.ticket, $0.finding, fault) }
    }

    /// Gives up everything that is not under way, and what is when it fails; what is added later starts afresh.
    package mutating func abandon() -> [ImportOutcome] {
        isAbandoned = true
        let findings = again.flatMap(\.findings) + waiting.flatMap { $0.map(\.finding) }
        for batch in again { busy.subtract(batch.ids) }
        again = []
        waiting = waiting.map { _ in [] }
        return findings.map { .parked(ticket: $0.ticket, $0.finding, .abandoned) }
    }
}
