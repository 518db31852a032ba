internal import CSQLite

extension Connection {
    /// Opens a store's database for its one writer: settings made and read back, tables up to date.
    static func writing(
        to folder: StoreFolder,
        schema: StoreSchema,
        limits: StoreLimits
    ) throws(StoreFault) -> Connection {
        let connection = try Connection(folder.database, .write)
        try connection.harden(limits)
        // Looks before it touches: the journal mode is written into the file.
        try connection.refuseForeign(schema)
        guard try connection.texts("PRAGMA journal_mode = WAL") == ["wal"] else {
            throw .unsuitable(path: folder.database, detail: "SQLite cannot keep a write-ahead log on this file system")
        }
        try connection.demand("synchronous", 2)
        try connection.demand("foreign_keys", 1)
        try connection.execute("PRAGMA journal_size_limit = \(64 << 20)")
        let pageSize = try connection.integer("PRAGMA page_size") ?? 4_096
        try connection.execute("PRAGMA max_page_count = \(max(1, Int64(limits.databaseBytes) / pageSize))")
        try schema.migrate(connection)
        return connection
    }

    /// Opens a store's database for reading alone.
    static func reading(
        _ folder: StoreFolder,
        schema: StoreSchema,
        limits: StoreLimits
    ) throws(StoreFault) -> Connection {
        let connection = try Connection(folder.database, .read)
        try connection.harden(limits)
        try schema.check(connection)
        return connection
    }

    /// What a file from elsewhere must not be able to do.
    ///
    /// - Source: https://www.sqlite.org/security.html
    private func harden(_ limits: StoreLimits) throws(StoreFault) {
        try set(SQLITE_DBCONFIG_DEFENSIVE, to: true)
        try set(SQLITE_DBCONFIG_TRUSTED_SCHEMA, to: false)
        try set(SQLITE_DBCONFIG_ENABLE_VIEW, to: false)
        try set(SQLITE_DBCONFIG_DQS_DML, to: false)
        try set(SQLITE_DBCONFIG_DQS_DDL, to: false)
        try setBusyTimeout(milliseconds: 5_000)
        // A row has a blob, some keys and little else.
        setLengthLimit(limits.blobBytes + 8 * limits.keyBytes + 65_536)
        try demand("cell_size_check", 1)
        try demand("mmap_size", 0)
        try execute("PRAGMA cache_size = -8192")
    }

    private func refuseForeign(_ schema: StoreSchema) throws(StoreFault) { _ = try schema.found(in: self) }

    /// Makes a setting and refuses to go on when SQLite did not take it.
    private func demand(_ name: String, _ value: Int64) throws(StoreFault) {
        try execute("PRAGMA \(name) = \(value)")
        // A build without memory mapping answers nothing, which is as good as zero.
        guard try integer("PRAGMA \(name)") ?? value == value else {
            throw .unsuitable(path: path, detail: "SQLite does not take \(name) = \(value)")
        }
    }
}
