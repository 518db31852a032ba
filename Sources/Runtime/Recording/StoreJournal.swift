package import Orchestration
internal import Planning
package import Runs
package import SQLiteStore
internal import Vocabulary

/// Writes one run down in a store: one transaction for all that waits, made durable by `flush`.
package actor StoreJournal: RunJournal {
    private let store: SQLiteStore
    private let run: String
    private var card: RunCard
    /// What is still to be written for the run to be in the store at all; nil once it is.
    private var beginning: [StoreWrite]?
    private var records: [[UInt8]] = []
    private var entries: [[UInt8]] = []
    private var written: (records: Int, entries: Int)
    /// Why nothing more is taken: what became of the last commit is not known.
    private var failure: (any Error)?

    /// A run that the store does not have yet; it gets there with the first `flush`.
    ///
    /// `fingerprint`: SHA-256 of bytes in lower-case hexadecimal.
    package init(
        beginning dossier: RunDossier,
        _ card: RunCard,
        in store: SQLiteStore,
        fingerprint: ([UInt8]) -> String
    ) throws {
        let bytes = try RecordCoder.encode(dossier)
        var card = card
        card.dossier = fingerprint(bytes)
        let row = StoredRun(
            id: dossier.run,
            playbook: dossier.plan.playbook,
            subject: dossier.plan.subject.key,
            incident: card.footprint.incidentKey,
            status: RunStatus.waiting.rawValue,
            started: dossier.now,
            updated: dossier.now,
            meta: try RecordCoder.encode(card)
        )
        self.store = store
        self.card = card
        run = dossier.run
        beginning = [.keep(.plans, key: card.dossier, bytes: bytes), .begin(row)]
        written = (0, 0)
    }

    /// A run that the store has.
    package init(continuing recorded: RecordedRun, in store: SQLiteStore) {
        self.store = store
        run = recorded.dossier.run
        card = recorded.card
        written = (recorded.past.records.count, recorded.past.entries.count)
    }

    package func add(_ record: RunRecord, _ standing: RunStanding) {
        card.standing = standing
        add(record, to: &records)
    }

    package func add(_ entry: LedgerEntry) {
        card.note(entry)
        add(entry, to: &entries)
    }

    private func add(_ value: some Encodable, to list: inout [[UInt8]]) {
        do { list.append(try RecordCoder.encode(value)) } catch { failure = failure ?? error }
    }

    package func flush() async throws {
        if let failure { throw failure }
        guard !records.isEmpty || !entries.isEmpty else { return }
        do {
            try await store.commit(try waiting())
        } catch {
            failure = error
            throw error
        }
        beginning = nil
        written = (written.records + records.count, written.entries + entries.count)
        records = []
        entries = []
    }

    private func waiting() throws -> [StoreWrite] {
        var writes = beginning ?? []
        writes.append(
            .append(
                StoreAppend(
                    to: run,
                    records: records,
                    from: written.records + 1,
                    ledger: entries,
                    ledgerFrom: written.entries + 1
                )
            )
        )
        if let standing = card.standing {
            writes.append(
                .update(
                    RunUpdate(
                        run: run,
                        status: standing.status.rawValue,
                        updated: standing.at,
                        meta: try RecordCoder.encode(card)
                    )
                )
            )
        }
        return writes
    }
}
