import FoundationEssentials
import Orchestration
import Planning
import Runs
import Vocabulary

/// What is durable of a run.
struct Disk: Sendable {
    /// An intent that was durable before something was sent.
    struct Intent: Sendable {
        var change: PlannedChange
        var at: Timestamp
    }

    private(set) var records: [RunRecord] = []
    private(set) var entries: [LedgerEntry] = []
    /// By change id, oldest first.
    private(set) var intents: [String: [Intent]] = [:]
    /// Ids of intents, latest last.
    private(set) var order: [String] = []
    private(set) var undoings: [String: Int] = [:]
    private(set) var made: [String: String] = [:]
    private var past = RunPast()

    mutating func commit(_ records: [RunRecord], _ entries: [LedgerEntry]) {
        self.records += records
        self.entries += entries
        for entry in entries {
            switch entry {
            case .intent(_, _, let change, let at):
                intents[change.id, default: []].append(Intent(change: change, at: at))
                order.removeAll { $0 == change.id }
                order.append(change.id)
            case .undoing(let id, _): undoings[id, default: 0] += 1
            case .succeeded(let id, let made), .found(let id, let made): if let made { self.made[id] = made }
            case .owed, .failed, .unknown, .missing, .undoRequested, .undone, .judged, .asked, .approved: break
            }
        }
    }

    /// What another process reads: everything once through bytes, as the store keeps it.
    mutating func read() throws -> RunPast {
        past.records += try Self.throughBytes(Array(records[past.records.count...]))
        past.entries += try Self.throughBytes(Array(entries[past.entries.count...]))
        return past
    }

    private static func throughBytes<Value: Codable>(_ values: [Value]) throws -> [Value] {
        try JSONDecoder().decode([Value].self, from: JSONEncoder().encode(values))
    }
}
