package import Runs

/// What a journal holds of a run.
package struct RunPast: Sendable {
    package var records: [RunRecord]
    package var entries: [LedgerEntry]

    package init(records: [RunRecord] = [], entries: [LedgerEntry] = []) {
        self.records = records
        self.entries = entries
    }
}
