import Orchestration
import Planning
import Runs
import TestSupport
import Vocabulary

/// All that outlives a process: time, the servers, the disk; and the one process that lives now.
struct Universe: Sendable {
    var now: Timestamp
    var servers: Servers
    var disk = Disk()
    var life = Life(number: 0)
    var strangers = Strangers()
    var chance: SeededChance
    /// What is wrong with the product, one sentence each.
    private(set) var problems: [String] = []
    private(set) var trace: [String] = []
    let isTraced: Bool
    /// The number of requests when the process last wrote down an input.
    var lastInput = 0
    /// The request since which the last “contained” was found out.
    var lastClaim = 0
    /// How often each change was sent, and each inverse.
    var sendings: [String: Int] = [:]

    init(_ stage: Stage, seed: UInt64, isTraced: Bool) {
        now = stage.start
        servers = Servers(stage)
        chance = SeededChance(seed: seed)
        self.isTraced = isTraced
    }

    func isAlive(_ number: Int) -> Bool { number == life.number && !life.isDead }

    mutating func say(_ text: @autoclosure () -> String) {
        guard isTraced else { return }
        trace.append("\(now.text(fractionDigits: 1)) life \(life.number) #\(servers.requests): \(text())")
    }

    mutating func blame(_ problem: String) {
        say("PROBLEM: \(problem)")
        if problems.count < 20 { problems.append(problem) }
    }

    /// Another process begins; the one before it is gone.
    mutating func begin(_ life: Life) {
        self.life = life
        say("begins: \(life.doom), \(life.weather), disk full at \(life.fullAt.map(String.init) ?? "never")")
    }

    /// False when the process is gone.
    mutating func pass(_ duration: Duration, by number: Int) -> Bool {
        guard isAlive(number) else { return false }
        let end = now.advanced(by: max(.zero, duration))
        // What is cut short wakes up at once.
        now = life.deadline.map { max(now, min(end, $0)) } ?? end
        return true
    }

    mutating func add(_ record: RunRecord, _ standing: RunStanding, by number: Int) {
        guard isAlive(number) else { return }
        life.inputs += 1
        guard life.inputs <= Life.inputLimit else {
            blame("the run takes input after input without end, last: \(record.input.event.kind)")
            return life.runAway()
        }
        lastInput = servers.requests
        life.records.append(record)
        say("input \(record.sequence): \(record.input.event.kind) → \(standing.status), \(standing.containment)")
    }

    mutating func add(_ entry: LedgerEntry, by number: Int) {
        guard isAlive(number) else { return }
        life.entries.append(entry)
        say("ledger: \(entry.inBrief)")
        if case .judged(let step, let containment) = entry { judge(step, containment) }
    }

    /// False when nothing is durable, or nobody is there any more to hear that it is.
    mutating func flush(by number: Int) -> Bool {
        guard isAlive(number), !life.isDiskFull else { return false }
        guard !life.records.isEmpty || !life.entries.isEmpty else { return true }
        if life.dies(atFlush: false) { return said("dies before a flush") }
        if let full = life.fullAt, life.flushes >= full { return fill() }
        disk.commit(life.records, life.entries)
        life.records = []
        life.entries = []
        say("flushed")
        if life.dies(atFlush: true) { return said("dies after a flush") }
        return true
    }

    /// Nobody knows what became of the commit that failed.
    private mutating func fill() -> Bool {
        life.isDiskFull = true
        let isThere = chance.isOneIn(2)
        if isThere { disk.commit(life.records, life.entries) }
        life.records = []
        life.entries = []
        return said("the disk fails; what was flushed is \(isThere ? "there" : "lost")")
    }

    private mutating func said(_ text: String) -> Bool {
        say(text)
        return false
    }
}

extension LedgerEntry {
    /// Its kind, and what it is about.
    var inBrief: String {
        switch self {
        case .owed(let changes): "owed \(changes.map(\.id))"
        case .intent(_, let attempt, let change, _): "intent \(change.id), attempt \(attempt)"
        case .succeeded(let id, _): "succeeded \(id)"
        case .failed(let id, let report): "failed \(id): \(report.code)"
        case .unknown(let id, _): "unknown \(id)"
        case .found(let id, _): "found \(id)"
        case .undoRequested(let readopting): "undo requested\(readopting ? ", giving back" : "")"
        case .missing(let id): "missing \(id)"
        case .undoing(let id, _): "undoing \(id)"
        case .undone(let id): "undone \(id)"
        case .judged(let step, let containment):
            "judged \(step.state): \(step.status), \(containment?.verdict.rawValue ?? "-"), \(step.note.prefix(150))"
        case .asked(let state, _): "asked \(state)"
        case .approved(let state, _): "approved \(state)"
        }
    }
}
