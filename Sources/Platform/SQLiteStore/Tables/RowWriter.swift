internal import Vocabulary

/// Writes rows inside of a transaction that somebody else opens and ends.
final class RowWriter {
    private let connection: Connection
    private let limits: StoreLimits
    private let insertRun: Statement
    private let insertProgress: Statement
    private let findProgress: Statement
    private let moveProgress: Statement
    private let findRun: Statement
    private let updateRun: Statement
    private let insertEntry: [StoreHistory: Statement]
    private let insertContent: [StoreContent: Statement]
    private let findContent: [StoreContent: Statement]

    init(_ connection: Connection, limits: StoreLimits) throws(StoreFault) {
        self.connection = connection
        self.limits = limits
        insertRun = try connection.prepare(
            """
            INSERT INTO runs (number, id, playbook, subject, incident, status, started, updated, meta, checksum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """
        )
        insertProgress = try connection.prepare(
            "INSERT INTO progress (run, records, ledger, checksum) VALUES (?1, 0, 0, ?2)"
        )
        findProgress = try connection.prepare(
            """
            SELECT runs.number, records, ledger, progress.checksum FROM runs
            LEFT JOIN progress ON progress.run = runs.number WHERE id = ?1
            """
        )
        moveProgress = try connection.prepare(
            "UPDATE progress SET records = ?2, ledger = ?3, checksum = ?4 WHERE run = ?1"
        )
        findRun = try connection.prepare("SELECT \(RowReader.runColumns) FROM runs WHERE id = ?1")
        updateRun = try connection.prepare(
            "UPDATE runs SET status = ?2, updated = ?3, meta = ?4, checksum = ?5 WHERE number = ?1"
        )
        var entries: [StoreHistory: Statement] = [:]
        for history in StoreHistory.allCases {
            let sql = "INSERT INTO \(history.rawValue) (key, bytes, checksum) VALUES (?1, ?2, ?3)"
            entries[history] = try connection.prepare(sql)
        }
        insertEntry = entries
        var inserts: [StoreContent: Statement] = [:]
        var finds: [StoreContent: Statement] = [:]
        for content in StoreContent.allCases {
            let table = content.rawValue
            inserts[content] = try connection.prepare(
                "INSERT INTO \(table) (key, bytes, checksum) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
            )
            finds[content] = try connection.prepare("SELECT bytes, checksum FROM \(table) WHERE key = ?1")
        }
        insertContent = inserts
        findContent = finds
    }

    func perform(_ write: StoreWrite) throws(StoreFault) {
        switch write {
        case .begin(let run): try begin(run)
        case .append(let append): try self.append(append)
        case .update(let update): try self.update(update)
        case .keep(let content, let key, let bytes): try keep(content, key, bytes)
        }
    }

    // MARK: Runs

    private func begin(_ run: StoredRun) throws(StoreFault) {
        guard try progress(of: run.id) == nil else { throw .runExists(run.id) }
        let number = (try connection.integer("SELECT max(number) FROM runs") ?? 0) + 1
        guard number < Progress.runLimit else {
            throw .tooLarge(what: "the number of runs", size: Int(number), limit: Int(Progress.runLimit))
        }
        try insertRun.bind(1, number)
        try insertRun.bind(2, run.id)
        try insertRun.bind(3, run.playbook)
        try insertRun.bind(4, run.subject)
        try insertRun.bind(5, run.incident)
        try insertRun.bind(6, run.status)
        try insertRun.bind(7, run.started.nanoseconds)
        try insertRun.bind(8, run.updated.nanoseconds)
        try insertRun.bind(9, run.meta)
        try insertRun.bind(10, run.checksum(number: number))
        try insertRun.run()
        try insertProgress.bind(1, number)
        try insertProgress.bind(2, Progress(run: number, records: 0, ledger: 0).checksum)
        try insertProgress.run()
    }

    private func update(_ update: RunUpdate) throws(StoreFault) {
        guard let (number, found) = try run(update.run) else { throw .unknownRun(update.run) }
        var run = found
        run.status = update.status ?? run.status
        run.updated = update.updated
        run.meta = update.meta ?? run.meta
        try updateRun.bind(1, number)
        try updateRun.bind(2, run.status)
        try updateRun.bind(3, run.updated.nanoseconds)
        try updateRun.bind(4, run.meta)
        try updateRun.bind(5, run.checksum(number: number))
        try updateRun.run()
    }

    private func run(_ id: String) throws(StoreFault) -> (number: Int64, run: StoredRun)? {
        try findRun.bind(1, id)
        defer { findRun.reset() }
        return try findRun.step() ? RowReader.run(findRun) : nil
    }

    private func progress(of id: String) throws(StoreFault) -> Progress? {
        try findProgress.bind(1, id)
        defer { findProgress.reset() }
        return try findProgress.step() ? Progress(findProgress, at: 0, of: id) : nil
    }

    // MARK: Histories

    private func append(_ append: StoreAppend) throws(StoreFault) {
        guard var progress = try progress(of: append.run) else { throw .unknownRun(append.run) }
        progress.records = try add(append.records, from: append.firstRecord, to: .records, of: append.run, progress)
        progress.ledger = try add(append.ledger, from: append.firstLedger, to: .ledger, of: append.run, progress)
        try moveProgress.bind(1, progress.run)
        try moveProgress.bind(2, progress.records)
        try moveProgress.bind(3, progress.ledger)
        try moveProgress.bind(4, progress.checksum)
        try moveProgress.run()
        // A run without its progress was found a moment ago: only damage takes it away.
        guard connection.changes == 1 else {
            throw .damagedRow(table: "progress", key: append.run, detail: "the row is missing")
        }
    }

    /// - Returns: how many the history has then.
    private func add(
        _ blobs: [[UInt8]],
        from first: Int?,
        to history: StoreHistory,
        of run: String,
        _ progress: Progress
    ) throws(StoreFault) -> Int64 {
        let count = progress.count(of: history)
        if let first, Int64(first) != count + 1 {
            let table = history.rawValue
            throw .outOfOrder(run: run, table: table, expected: count + 1, found: Int64(first))
        }
        guard count + Int64(blobs.count) < Progress.limit else {
            let size = Int(count) + blobs.count
            throw .tooLarge(what: "\(history.rawValue) of a run", size: size, limit: Int(Progress.limit))
        }
        guard let insert = insertEntry[history] else { return count }
        for (offset, bytes) in blobs.enumerated() {
            let key = Progress.key(run: progress.run, number: count + 1 + Int64(offset))
            try insert.bind(1, key)
            try insert.bind(2, bytes)
            try insert.bind(3, Progress.checksum(key: key, bytes))
            try insert.run()
        }
        return count + Int64(blobs.count)
    }

    // MARK: Content

    private func keep(_ content: StoreContent, _ key: String, _ bytes: [UInt8]) throws(StoreFault) {
        guard let insert = insertContent[content], let find = findContent[content] else { return }
        try insert.bind(1, key)
        try insert.bind(2, bytes)
        try insert.bind(3, Progress.checksum(key: key, bytes))
        try insert.run()
        guard connection.changes == 0 else { return }
        try find.bind(1, key)
        defer { find.reset() }
        guard try find.step(), find.bytes(0) == bytes else {
            throw .contentDiffers(table: content.rawValue, key: key)
        }
    }
}
