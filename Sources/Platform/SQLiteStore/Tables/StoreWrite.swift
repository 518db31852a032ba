package import Vocabulary

/// One thing to write; a request is a list of them, of which all take effect or none.
package enum StoreWrite: Sendable, Hashable {
    case begin(StoredRun)
    case append(StoreAppend)
    case update(RunUpdate)
    /// Kept once: the same bytes under the same key change nothing.
    case keep(StoreContent, key: String, bytes: [UInt8])
}

/// What is kept under a key that is made from its bytes.
package enum StoreContent: String, Sendable, Hashable, CaseIterable {
    case plans, findings
}

/// The two histories of a run.
package enum StoreHistory: String, Sendable, Hashable, CaseIterable {
    case records, ledger
}

/// What is added to the histories of one run.
package struct StoreAppend: Sendable, Hashable {
    package var run: String
    package var records: [[UInt8]]
    package var ledger: [[UInt8]]
    /// The number that the first of them must get; nil takes the next one, whichever it is.
    package var firstRecord: Int?
    package var firstLedger: Int?

    package init(
        to run: String,
        records: [[UInt8]] = [],
        from firstRecord: Int? = nil,
        ledger: [[UInt8]] = [],
        ledgerFrom firstLedger: Int? = nil
    ) {
        self.run = run
        self.records = records
        self.ledger = ledger
        self.firstRecord = firstRecord
        self.firstLedger = firstLedger
    }
}

/// What changes of a run besides its histories; nil stays.
package struct RunUpdate: Sendable, Hashable {
    package var run: String
    package var status: String?
    package var updated: Timestamp
    package var meta: [UInt8]?

    package init(run: String, status: String? = nil, updated: Timestamp, meta: [UInt8]? = nil) {
        self.run = run
        self.status = status
        self.updated = updated
        self.meta = meta
    }
}

// MARK: - Bounds

extension StoreWrite {
    /// About how many bytes it brings; a row costs some, even an empty one.
    var size: Int {
        switch self {
        case .begin(let run): run.size + 256
        case .append(let append): (append.records + append.ledger).reduce(64) { $0 + $1.count + 32 }
        case .update(let update): (update.meta?.count ?? 0) + 256
        case .keep(_, let key, let bytes): key.utf8.count + bytes.count + 64
        }
    }

    func check(_ limits: StoreLimits) throws(StoreFault) {
        for (what, key) in keys where key.utf8.count > limits.keyBytes {
            throw .tooLarge(what: what, size: key.utf8.count, limit: limits.keyBytes)
        }
        for (what, size) in blobSizes where size > limits.blobBytes {
            throw .tooLarge(what: what, size: size, limit: limits.blobBytes)
        }
    }

    private var keys: [(String, String)] {
        switch self {
        case .begin(let run):
            [
                ("a run's id", run.id), ("a playbook's name", run.playbook), ("a subject's key", run.subject),
                ("an incident's key", run.incident), ("a status", run.status),
            ]
        case .append(let append): [("a run's id", append.run)]
        case .update(let update): [("a run's id", update.run), ("a status", update.status ?? "")]
        case .keep(let content, let key, _): [("a key of \(content.rawValue)", key)]
        }
    }

    private var blobSizes: [(String, Int)] {
        switch self {
        case .begin(let run): [("a run's meta", run.meta.count)]
        case .append(let append):
            append.records.map { ("a record", $0.count) } + append.ledger.map { ("a ledger entry", $0.count) }
        case .update(let update): [("a run's meta", update.meta?.count ?? 0)]
        case .keep(let content, _, let bytes): [("one of \(content.rawValue)", bytes.count)]
        }
    }
}
