internal import Catalogue
package import Planning
package import Vocabulary

/// One entry of a run's history of effects, written before and after each change.
package enum LedgerEntry: Sendable, Hashable, Codable {
    /// About to send: after a crash, look before repeating.
    case intent(state: String, attempt: Int, change: PlannedChange)
    case succeeded(changeId: String)
    case failed(changeId: String, FaultReport)
    case unknown(changeId: String, FaultReport)
    case undone(changeId: String)
}

extension LedgerEntry {
    /// What is written after a change was sent.
    static func outcome(_ outcome: ChangeOutcome, of change: PlannedChange) -> LedgerEntry {
        switch outcome {
        case .succeeded: .succeeded(changeId: change.id)
        case .failed(let fault): .failed(changeId: change.id, fault.report)
        case .unknown(let report): .unknown(changeId: change.id, report)
        }
    }
}

/// Where entries are kept; append-only.
package protocol Ledger: Sendable {
    /// Returns when the entry is durable as far as this ledger can make it.
    func append(_ entry: LedgerEntry) async throws
}

/// Keeps entries for the life of the process: rehearsals and tests.
package actor MemoryLedger: Ledger {
    package private(set) var entries: [LedgerEntry] = []

    package init() {}

    package func append(_ entry: LedgerEntry) { entries.append(entry) }
}
