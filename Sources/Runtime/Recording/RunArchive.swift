package import Orchestration
package import Planning
package import Runs
package import SQLiteStore
package import Vocabulary

/// A run as the store holds it.
package struct RecordedRun: Sendable {
    package var listed: ListedRun
    package var card: RunCard
    package var dossier: RunDossier
    package var past: RunPast
}

/// Reads runs back from a store.
package struct RunArchive: Sendable {
    private let store: SQLiteStore

    package init(_ store: SQLiteStore) { self.store = store }

    /// - Throws: `RecordingFault` when there is no such run or it cannot be read back, `StoreFault`.
    package func run(_ id: String) async throws -> RecordedRun {
        guard let listed = try await store.run(id) else { throw RecordingFault.noRun(id) }
        let card = try Self.card(listed)
        guard let bytes = try await store.content(.plans, card.dossier) else {
            throw RecordingFault.unreadable(id, "its dossier is not in the store")
        }
        let dossier = try RecordCoder.decode(RunDossier.self, bytes, "the dossier of \(id)")
        guard dossier.version == RunDossier.currentVersion else {
            throw RecordingFault.otherVersion(id, found: dossier.version, known: RunDossier.currentVersion)
        }
        let past = RunPast(
            records: try await entries(.records, of: id, RunRecord.self),
            entries: try await entries(.ledger, of: id, LedgerEntry.self)
        )
        return RecordedRun(listed: listed, card: card, dossier: dossier, past: past)
    }

    package static func card(_ listed: ListedRun) throws -> RunCard {
        try RecordCoder.decode(RunCard.self, listed.run.meta, "the card of \(listed.run.id)")
    }

    private func entries<Value: Decodable>(
        _ history: StoreHistory,
        of run: String,
        _ type: Value.Type
    ) async throws -> [Value] {
        var values: [Value] = []
        var next: Int? = 1
        while let first = next {
            let page = try await store.entries(history, of: run, from: first)
            for row in page.rows {
                values.append(try RecordCoder.decode(type, row.bytes, "\(history.rawValue) \(row.number) of \(run)"))
            }
            next = page.next
        }
        return values
    }

    /// Every run that a query finds, page by page, newest first unless it says otherwise.
    package func runs(_ query: RunQuery) async throws -> [ListedRun] {
        var query = query
        var rows: [ListedRun] = []
        let wanted = query.limit
        while rows.count < wanted {
            query.limit = min(wanted - rows.count, 500)
            let page = try await store.runs(query)
            rows += page.rows
            guard let next = page.next else { break }
            query.after = next
        }
        return rows
    }

    /// Runs that have not ended.
    package func open() async throws -> [ListedRun] {
        var rows: [ListedRun] = []
        for status in RunStatus.allCases where !status.isEnd {
            var query = RunQuery()
            query.status = status.rawValue
            query.order = .oldestFirst
            query.limit = .max
            rows += try await runs(query)
        }
        return rows.sorted { ($0.run.started, $0.run.id) < ($1.run.started, $1.run.id) }
    }

    /// What runs since a moment touched, as budgets and cooldowns count it.
    ///
    /// `left`: a run that does not count, because it is the one that asks.
    package func history(since moment: Timestamp, without left: String = "") async throws -> RunHistory {
        var query = RunQuery()
        query.from = moment
        query.order = .oldestFirst
        query.limit = .max
        var history = RunHistory()
        for listed in try await runs(query) where listed.run.id != left {
            let card = try Self.card(listed)
            // A run that was refused before it did anything touched nothing that budgets are about.
            guard listed.run.status != RunStatus.refused.rawValue || card.acted else { continue }
            history.entries.append(card.footprint)
        }
        return history
    }

    /// - Throws: `stillOpen` when a run of this playbook and incident has not ended.
    package func requireNoneOpen(playbook: String, incident: String) async throws {
        var query = RunQuery()
        query.playbook = playbook
        query.incident = incident
        query.limit = .max
        for listed in try await runs(query) {
            guard let status = RunStatus(rawValue: listed.run.status), !status.isEnd else { continue }
            throw RecordingFault.stillOpen(run: listed.run.id, status: status.rawValue)
        }
    }
}

extension RunStatus {
    /// Nothing more happens by itself.
    package var isEnd: Bool {
        switch self {
        case .succeeded, .failed, .refused, .cancelled: true
        case .pendingApproval, .running, .waiting, .undoing, .parked: false
        }
    }
}
