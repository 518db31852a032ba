internal import Runs

/// A journal that tells a run's account of its changes what is written down, in the same order.
struct AccountedJournal: RunJournal {
    let journal: any RunJournal
    let applied: AppliedChanges

    func add(_ record: RunRecord, _ standing: RunStanding) async { await journal.add(record, standing) }

    func add(_ entry: LedgerEntry) async {
        applied.note(entry)
        await journal.add(entry)
    }

    func flush() async throws { try await journal.flush() }
}
