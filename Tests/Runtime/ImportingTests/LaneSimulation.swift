import AWSAPI
import Importing
import TestSupport
import Vocabulary

/// One lane, its findings and its service, event by event: nothing waits for real.
struct LaneSimulation {
    private(set) var hub: SimulatedHub
    private(set) var lane: ImportLane
    private(set) var imported: Set<UInt64> = []
    private(set) var parked: [UInt64: ImportFault] = [:]
    /// Tickets that had a second outcome.
    private(set) var toldTwice: Set<UInt64> = []
    private(set) var now = Timestamp(nanoseconds: 0)
    private var chance: SeededChance
    private var underway: [(batch: ImportBatch, answer: Result<JSONValue, AWSFault>, end: Timestamp)] = []
    private var busy: Set<String> = []
    /// No finding was ever in two calls at once.
    private(set) var isEachAlone = true

    init(seed: UInt64, hub: SimulatedHub, rules: ImportRules) {
        self.hub = hub
        chance = SeededChance(seed: seed &+ 1)
        lane = ImportLane(rules, at: now)
    }

    mutating func add(_ findings: [PendingFinding]) { for finding in findings { lane.add(finding, at: now) } }

    /// Runs until nothing is left; nil when it never ends.
    mutating func run(isDraining: Bool = true) -> Bool {
        for _ in 0..<100_000 {
            if lane.isEmpty { return true }
            switch lane.next(at: now, isDraining: isDraining) {
            case .send(let batch): send(batch)
            case .wait(let moment): advance(to: min(moment, nextEnd ?? moment))
            case .idle:
                guard let end = nextEnd else { return false }
                advance(to: end)
            }
        }
        return false
    }

    private var nextEnd: Timestamp? { underway.map(\.end).min() }

    private mutating func send(_ batch: ImportBatch) {
        if !busy.isDisjoint(with: batch.ids) { isEachAlone = false }
        busy.formUnion(batch.ids)
        let took = Duration.milliseconds(Int.random(in: 1...900, using: &chance))
        underway.append((batch, hub.call(batch.input, at: now), now.advanced(by: took)))
    }

    private mutating func advance(to moment: Timestamp) {
        now = max(now, moment)
        for call in underway.filter({ $0.end <= now }) {
            busy.subtract(call.batch.ids)
            let fraction = Double.random(in: 0..<1, using: &chance)
            for outcome in lane.settle(call.batch, call.answer, at: now, fraction: fraction) { take(outcome) }
        }
        underway.removeAll { $0.end <= now }
    }

    private mutating func take(_ outcome: ImportOutcome) {
        if imported.contains(outcome.ticket) || parked[outcome.ticket] != nil { toldTwice.insert(outcome.ticket) }
        switch outcome {
        case .imported(let ticket): imported.insert(ticket)
        case .parked(let ticket, _, let fault): parked[ticket] = fault
        }
    }
}
