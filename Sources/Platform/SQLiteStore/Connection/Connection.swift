internal import CSQLite

/// Owns one `sqlite3 *`; used by one thread alone, and `deinit` is the only place that closes it.
@safe final class Connection {
    enum Access {
        case write, read, memory
    }

    let path: String
    private let access: Access
    private let raw: OpaquePointer

    /// - Source: https://www.sqlite.org/c3ref/open.html
    init(_ path: String, _ access: Access) throws(StoreFault) {
        self.path = path
        self.access = access
        // A leading slash or dot keeps the name from being read as a URI.
        let name = access == .memory ? ":memory:" : path.hasPrefix("/") ? path : "./" + path
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
        switch access {
        case .write: flags |= SQLITE_OPEN_READWRITE
        case .read: flags |= SQLITE_OPEN_READONLY
        case .memory: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
        }
        var made: OpaquePointer?
        let code = unsafe sqlite3_open_v2(name, &made, flags, nil)
        guard let made = unsafe made else { throw .unexpected(path: path, detail: "no memory for a connection") }
        // SQLite wants even a connection that failed to open to be closed: deinit does it.
        unsafe raw = made
        try check(code)
    }

    deinit { unsafe sqlite3_close_v2(raw) }

    func prepare(_ sql: String) throws(StoreFault) -> Statement {
        var made: OpaquePointer?
        try check(unsafe sqlite3_prepare_v3(raw, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let made = unsafe made else { throw .unexpected(path: path, detail: "an empty statement") }
        return unsafe Statement(takingOwnership: made, of: self)
    }

    /// Runs one statement that gives no rows that matter.
    func execute(_ sql: String) throws(StoreFault) {
        let statement = try prepare(sql)
        while try statement.step() {}
    }

    /// The first column of the first row as an integer.
    func integer(_ sql: String) throws(StoreFault) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// The first column of all rows as texts.
    func texts(_ sql: String) throws(StoreFault) -> [String] {
        let statement = try prepare(sql)
        var texts: [String] = []
        while try statement.step() { texts.append(statement.text(0)) }
        return texts
    }

    /// - Source: https://www.sqlite.org/c3ref/db_config.html
    func set(_ option: Int32, to isOn: Bool) throws(StoreFault) {
        try check(unsafe csqlite_switch(raw, option, isOn ? 1 : 0))
    }

    func setBusyTimeout(milliseconds: Int32) throws(StoreFault) {
        try check(unsafe sqlite3_busy_timeout(raw, milliseconds))
    }

    /// The longest text or blob that SQLite handles here.
    func setLengthLimit(_ bytes: Int) { unsafe sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, Int32(clamping: bytes)) }

    /// Whether a transaction is open: some failures end it by themselves.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(raw) == 0 }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    var changes: Int { Int(unsafe sqlite3_changes64(raw)) }

    /// Copies the whole database as it is now, in one step: the source is a snapshot, writers go on meanwhile.
    ///
    /// - Source: https://www.sqlite.org/c3ref/backup_finish.html
    func copy(to target: Connection) throws(StoreFault) {
        guard let backup = unsafe sqlite3_backup_init(target.raw, "main", raw, "main") else {
            throw target.fault(unsafe sqlite3_extended_errcode(target.raw))
        }
        let stepped = unsafe sqlite3_backup_step(backup, -1)
        let finished = unsafe sqlite3_backup_finish(backup)
        guard stepped == SQLITE_DONE || stepped == SQLITE_OK else { throw target.fault(stepped) }
        try target.check(finished)
    }
}

// MARK: - Faults

extension Connection {
    func check(_ code: Int32) throws(StoreFault) {
        guard code == SQLITE_OK else { throw fault(code) }
    }

    /// The one place where SQLite's codes become faults.
    ///
    /// - Source: https://www.sqlite.org/rescode.html
    func fault(_ code: Int32) -> StoreFault {
        let detail = "\(message) (\(code))"
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .busy(path: path)
        case SQLITE_FULL: return .full(path: path)
        case SQLITE_READONLY, SQLITE_PERM: return .readOnly(path: path)
        case SQLITE_CANTOPEN, SQLITE_AUTH: return .unreachable(path: path, detail: detail)
        case SQLITE_CORRUPT: return .corrupt(path: path, detail: detail)
        case SQLITE_NOTADB: return .notAStore(path: path, detail: detail)
        case SQLITE_IOERR where access == .read: return .unreachable(path: path, detail: detail)
        case SQLITE_IOERR: return .failed(path: path, detail: detail)
        default: return .unexpected(path: path, detail: detail)
        }
    }

    private var message: String {
        guard let text = unsafe sqlite3_errmsg(raw) else { return "no text" }
        return unsafe String(cString: text)
    }
}
