package import Runs
package import Vocabulary

/// Where a run is written down; append-only.
///
/// What is added may wait in memory until `flush`: nothing of it may have an effect outside before that returns.
package protocol RunJournal: Sendable {
    func add(_ record: RunRecord, _ standing: RunStanding) async
    func add(_ entry: LedgerEntry) async
    /// Returns when all that was added is durable.
    ///
    /// - Throws: when it is not; then nothing more may be sent, now or later.
    func flush() async throws
}

/// Where a run stands after an input, as lists show it.
package struct RunStanding: Sendable, Hashable, Codable {
    package var status: RunStatus
    package var containment: Containment
    /// Changes that are still in the world.
    package var standingChanges: Int
    /// One sentence for people.
    package var summary: String
    package var at: Timestamp
}

extension RunMachine {
    package var standing: RunStanding {
        RunStanding(
            status: status,
            containment: containment,
            standingChanges: standingChanges.count,
            summary: summary,
            at: now
        )
    }
}

/// Keeps a run for the life of the process: rehearsals and tests.
package actor MemoryJournal: RunJournal {
    package private(set) var records: [RunRecord] = []
    package private(set) var entries: [LedgerEntry] = []

    package init() {}

    package func add(_ record: RunRecord, _ standing: RunStanding) { records.append(record) }
    package func add(_ entry: LedgerEntry) { entries.append(entry) }
    package func flush() {}
}
