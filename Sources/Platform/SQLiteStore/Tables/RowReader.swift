internal import Vocabulary

/// Reads rows and checks that they are what was written; one thread alone uses it.
final class RowReader {
    static let runColumns =
        "number, id, playbook, subject, incident, status, started, updated, meta, runs.checksum"
    private static let listColumns = "\(runColumns), run, records, ledger, progress.checksum"

    let connection: Connection
    private let limits: StoreLimits
    /// By their text, of which there are few: a clause is there or not.
    private var statements: [String: Statement] = [:]

    init(_ connection: Connection, limits: StoreLimits) {
        self.connection = connection
        self.limits = limits
    }

    /// Runs reads that must see the same state.
    func snapshot<Value>(_ body: () throws(StoreFault) -> Value) throws(StoreFault) -> Value {
        try connection.execute("BEGIN")
        // Ending a transaction that only read cannot lose anything.
        defer { try? connection.execute("ROLLBACK") }
        return try body()
    }

    func statement(_ sql: String) throws(StoreFault) -> Statement {
        if let known = statements[sql] {
            known.reset()
            return known
        }
        let made = try connection.prepare(sql)
        statements[sql] = made
        return made
    }

    // MARK: Runs

    func run(_ id: String) throws(StoreFault) -> ListedRun? {
        let find = try statement(
            "SELECT \(Self.listColumns) FROM runs LEFT JOIN progress ON run = number WHERE id = ?1"
        )
        try find.bind(1, id)
        defer { find.reset() }
        return try find.step() ? Self.listed(find) : nil
    }

    func runs(_ query: RunQuery) throws(StoreFault) -> StorePage<ListedRun, RunPlace> {
        let rowLimit = max(1, min(query.limit, limits.pageRows))
        let (sql, values) = Self.select(query)
        let select = try statement(sql)
        defer { select.reset() }
        for (index, value) in values.enumerated() {
            switch value {
            case .text(let text): try select.bind(Int32(index + 1), text)
            case .integer(let number): try select.bind(Int32(index + 1), number)
            }
        }
        // One row more than asked for tells whether there is a next page.
        try select.bind(Int32(values.count + 1), Int64(rowLimit + 1))
        var page = StorePage<ListedRun, RunPlace>(rows: [])
        var size = 0
        while try select.step() {
            if page.rows.count == rowLimit || (size >= limits.pageBytes && !page.rows.isEmpty) {
                page.next = page.rows.last?.place
                return page
            }
            let row = try Self.listed(select)
            size += row.run.size
            page.rows.append(row)
        }
        return page
    }

    private enum Value {
        case text(String)
        case integer(Int64)
    }

    /// The statement for a query, without its last parameter, the limit.
    private static func select(_ query: RunQuery) -> (sql: String, values: [Value]) {
        var clauses: [String] = []
        var values: [Value] = []
        for (column, text) in [
            ("status", query.status), ("playbook", query.playbook), ("subject", query.subject),
            ("incident", query.incident),
        ] {
            guard let text else { continue }
            clauses.append("\(column) = ?")
            values.append(.text(text))
        }
        if let from = query.from {
            clauses.append("started >= ?")
            values.append(.integer(from.nanoseconds))
        }
        if let until = query.until {
            clauses.append("started < ?")
            values.append(.integer(until.nanoseconds))
        }
        if let place = query.after {
            clauses.append("(started, number) \(query.order == .newestFirst ? "<" : ">") (?, ?)")
            values += [.integer(place.started.nanoseconds), .integer(place.number)]
        }
        let direction = query.order == .newestFirst ? "DESC" : "ASC"
        let condition = clauses.isEmpty ? "" : "WHERE " + clauses.joined(separator: " AND ")
        let sql = """
            SELECT \(listColumns) FROM runs LEFT JOIN progress ON run = number \(condition)
            ORDER BY started \(direction), number \(direction) LIMIT ?
            """
        return (sql, values)
    }

    /// Reads a row of `runColumns`.
    static func run(_ row: Statement) throws(StoreFault) -> (number: Int64, run: StoredRun) {
        let run = StoredRun(
            id: row.text(1),
            playbook: row.text(2),
            subject: row.text(3),
            incident: row.text(4),
            status: row.text(5),
            started: Timestamp(nanoseconds: row.integer(6)),
            updated: Timestamp(nanoseconds: row.integer(7)),
            meta: row.bytes(8)
        )
        let number = row.integer(0)
        guard run.checksum(number: number) == row.integer(9) else {
            throw .damagedRow(table: "runs", key: "\(number)", detail: "the checksum differs")
        }
        return (number, run)
    }

    private static func listed(_ row: Statement) throws(StoreFault) -> ListedRun {
        let (number, run) = try run(row)
        let progress = try Progress(row, at: 10, of: run.id)
        guard progress.run == number else {
            throw .damagedRow(table: "progress", key: run.id, detail: "the row is missing")
        }
        return ListedRun(
            run: run,
            records: Int(progress.records),
            ledger: Int(progress.ledger),
            place: RunPlace(started: run.started, number: number)
        )
    }

    // MARK: Histories

    /// Entries of a run from a number on, in order; a missing one is a fault, also at the end.
    func entries(
        _ history: StoreHistory,
        of run: String,
        from first: Int,
        limit: Int
    ) throws(StoreFault) -> StorePage<StoredEntry, Int> {
        guard let listed = try self.run(run) else { throw .unknownRun(run) }
        let count = history == .records ? listed.records : listed.ledger
        return try entries(history, listed, count, max(1, first), max(1, min(limit, limits.pageRows)))
    }

    private func entries(
        _ history: StoreHistory,
        _ run: ListedRun,
        _ count: Int,
        _ first: Int,
        _ limit: Int
    ) throws(StoreFault) -> StorePage<StoredEntry, Int> {
        var page = StorePage<StoredEntry, Int>(rows: [])
        guard first <= count else { return page }
        let select = try statement(
            "SELECT key, bytes, checksum FROM \(history.rawValue) WHERE key BETWEEN ?1 AND ?2 ORDER BY key"
        )
        let last = min(count, first + limit - 1)
        try select.bind(1, Progress.key(run: run.place.number, number: Int64(first)))
        try select.bind(2, Progress.key(run: run.place.number, number: Int64(last)))
        defer { select.reset() }
        var size = 0
        for number in first...last {
            if size >= limits.pageBytes {
                page.next = number
                return page
            }
            let key = Progress.key(run: run.place.number, number: Int64(number))
            guard try select.step(), select.integer(0) == key else {
                throw .damagedRow(table: history.rawValue, key: "\(run.run.id) \(number)", detail: "the row is missing")
            }
            let bytes = select.bytes(1)
            guard select.integer(2) == Progress.checksum(key: key, bytes) else {
                let name = "\(run.run.id) \(number)"
                throw .damagedRow(table: history.rawValue, key: name, detail: "the checksum differs")
            }
            size += bytes.count
            page.rows.append(StoredEntry(number: number, bytes: bytes))
        }
        page.next = last < count ? last + 1 : nil
        return page
    }

    // MARK: Content

    func content(_ content: StoreContent, _ key: String) throws(StoreFault) -> [UInt8]? {
        let find = try statement("SELECT bytes, checksum FROM \(content.rawValue) WHERE key = ?1")
        try find.bind(1, key)
        defer { find.reset() }
        guard try find.step() else { return nil }
        let bytes = find.bytes(0)
        guard find.integer(1) == Progress.checksum(key: key, bytes) else {
            throw .damagedRow(table: content.rawValue, key: key, detail: "the checksum differs")
        }
        return bytes
    }
}
