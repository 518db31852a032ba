import Orchestration
import Runs
import Vocabulary

/// One process from its start to its end; what it did not write down dies with it.
struct Life: Sendable {
    static let requestLimit = 6_000
    static let inputLimit = 4_000

    let number: Int
    var doom = Doom.none
    var weather = Weather.calm
    /// The flush, counted from 1, from which on the disk takes nothing; nil for a good disk.
    var fullAt: Int?
    private(set) var isDead = false
    /// It would go on for ever.
    private(set) var isRunaway = false
    var isDiskFull = false
    var points = 0
    var writes = 0
    var flushes = 0
    var requests = 0
    var inputs = 0
    /// When what it does now is cut short.
    var deadline: Timestamp?
    var records: [RunRecord] = []
    var entries: [LedgerEntry] = []

    init(number: Int) { self.number = number }

    mutating func die() {
        isDead = true
        records = []
        entries = []
    }

    mutating func runAway() {
        isRunaway = true
        die()
    }

    /// Whether it dies here, before or after a request.
    mutating func dies(atRequest isWrite: Bool, after: Bool) -> Bool {
        points += 1
        if isWrite, !after { writes += 1 }
        guard doom == .point(points) || (isWrite && doom == .write(writes, after: after)) else { return false }
        die()
        return true
    }

    mutating func dies(atFlush after: Bool) -> Bool {
        points += 1
        if !after { flushes += 1 }
        guard doom == .point(points) || doom == .flush(flushes, after: after) else { return false }
        die()
        return true
    }
}
