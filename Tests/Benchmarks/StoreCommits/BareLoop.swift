internal import CSQLite
internal import Glibc
internal import TestSupport

/// What SQLite itself gives: one thread, one transaction for 64 rows that are all there already, nothing around it.
@safe struct BareLoop: ~Copyable {
    /// How much of the store's own work the loop does.
    enum Work {
        /// The row alone.
        case rows
        /// Also what the store promises: a savepoint each, the run looked up, its entries counted.
        case promises
    }

    private let database: OpaquePointer
    private let work: Work
    private let statements: [OpaquePointer]
    private let blob = [UInt8](repeating: 7, count: 600)

    init(_ path: String, _ work: Work, runs: Int) throws(BenchmarkFault) {
        self.work = work
        var made: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &made, flags, nil)
        guard code == SQLITE_OK, let made = unsafe made else {
            unsafe sqlite3_close_v2(made)
            throw BenchmarkFault("SQLite does not open \(path): code \(code)")
        }
        let schema = """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
            CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE progress (run INTEGER PRIMARY KEY, records INTEGER NOT NULL) STRICT;
            CREATE TABLE records (key INTEGER NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
            """
        let rows = (1...runs).map { run in
            "INSERT INTO runs VALUES (\(run), 'run-\(run)'); INSERT INTO progress VALUES (\(run), 0);"
        }
        var prepared: [OpaquePointer] = unsafe []
        do throws(BenchmarkFault) {
            unsafe try Self.execute(([schema, "BEGIN;"] + rows + ["COMMIT;"]).joined(separator: "\n"), made)
            for sql in Self.texts { unsafe prepared.append(try unsafe Self.statement(sql, made)) }
        } catch {
            for index in unsafe prepared.indices { unsafe sqlite3_finalize(prepared[index]) }
            unsafe sqlite3_close_v2(made)
            throw error
        }
        unsafe database = made
        unsafe statements = prepared
    }

    private static let texts = [
        "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT request", "RELEASE request",
        "SELECT number, records FROM runs JOIN progress ON run = number WHERE id = ?1",
        "INSERT INTO records VALUES (?1, ?2)", "UPDATE progress SET records = ?2 WHERE run = ?1",
    ]

    private static func execute(_ sql: String, _ database: OpaquePointer) throws(BenchmarkFault) {
        let code = unsafe sqlite3_exec(database, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw BenchmarkFault("SQLite makes no tables: code \(code)") }
    }

    private static func statement(
        _ sql: String,
        _ database: OpaquePointer
    ) throws(BenchmarkFault) -> OpaquePointer {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(database, sql, -1, 1, &statement, nil)
        guard code == SQLITE_OK, let statement = unsafe statement else {
            throw BenchmarkFault("SQLite does not take “\(sql)”: code \(code)")
        }
        return unsafe statement
    }

    deinit {
        for index in unsafe statements.indices { unsafe sqlite3_finalize(statements[index]) }
        unsafe sqlite3_close_v2(database)
    }

    /// Commits batches of one row for each run.
    func run(batches: Int, runs: Int, from first: Int) throws(BenchmarkFault) {
        let ids = (1...runs).map { "run-\($0)" }
        for batch in first..<first + batches {
            try step(0)
            for run in 1...runs { try add(batch, Int64(run), ids[run - 1]) }
            try step(1)
        }
    }

    private func add(_ batch: Int, _ run: Int64, _ id: String) throws(BenchmarkFault) {
        var number = Int64(batch) + 1
        if work == .promises {
            try step(2)
            let find = unsafe statements[4]
            unsafe csqlite_bind_text(find, 1, id, UInt64(id.utf8.count))
            guard unsafe sqlite3_step(find) == SQLITE_ROW else { throw BenchmarkFault("SQLite does not find \(id)") }
            number = unsafe sqlite3_column_int64(find, 1) + 1
            unsafe sqlite3_reset(find)
        }
        let insert = unsafe statements[5]
        unsafe sqlite3_bind_int64(insert, 1, run << 32 | number)
        unsafe blob.withUnsafeBytes { bytes in
            _ = unsafe csqlite_bind_bytes(insert, 2, bytes.baseAddress, UInt64(bytes.count))
        }
        try step(5)
        if work == .promises {
            unsafe sqlite3_bind_int64(statements[6], 1, run)
            unsafe sqlite3_bind_int64(statements[6], 2, number)
            try step(6)
            try step(3)
        }
    }

    private func step(_ index: Int) throws(BenchmarkFault) {
        let code = unsafe sqlite3_step(statements[index])
        guard code == SQLITE_DONE else { throw BenchmarkFault("SQLite ends “\(Self.texts[index])” with code \(code)") }
        unsafe sqlite3_reset(statements[index])
    }
}

/// What the disk itself gives: append and make durable, one after the other.
enum BareDisk {
    static func run(_ path: String, times: Int) throws(BenchmarkFault) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw BenchmarkFault("cannot write \(path): error \(errno)") }
        defer { close(descriptor) }
        let blob = [UInt8](repeating: 7, count: 600)
        for _ in 0..<times {
            let count = unsafe blob.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count == 600 && fdatasync(descriptor) == 0 else {
                throw BenchmarkFault("cannot write \(path): error \(errno)")
            }
        }
    }
}
