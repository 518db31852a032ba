/// The tables, as steps that each bring a store from one version to the next.
package struct StoreSchema: Sendable {
    /// `migrations[n]` leads from version n to n + 1.
    package var migrations: [[String]]

    package init(migrations: [[String]]) { self.migrations = migrations }

    package var version: Int64 { Int64(migrations.count) }

    /// “Fire” in ASCII: what `PRAGMA application_id` says of every store.
    static let applicationID: Int64 = 0x4669_7265

    package static let current = StoreSchema(migrations: [first])

    /// The first tables.
    ///
    /// A key of `records` and `ledger` is run number × 2³² + number in the run, so that no number comes twice. Rows lie
    /// in the order of arrival and only their keys by run: a commit for many runs then touches few pages. The two
    /// virtual columns are for people.
    private static let first =
        [
            """
            CREATE TABLE runs (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                playbook TEXT NOT NULL,
                subject TEXT NOT NULL,
                incident TEXT NOT NULL,
                status TEXT NOT NULL,
                started INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                meta BLOB NOT NULL,
                checksum INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX runs_by_start ON runs (started, number)",
            "CREATE INDEX runs_by_status ON runs (status, started, number)",
            "CREATE INDEX runs_by_incident ON runs (incident, playbook, started, number)",
            "CREATE INDEX runs_by_subject ON runs (subject, started, number)",
            """
            CREATE TABLE progress (
                run INTEGER PRIMARY KEY REFERENCES runs (number),
                records INTEGER NOT NULL,
                ledger INTEGER NOT NULL,
                checksum INTEGER NOT NULL
            ) STRICT
            """,
        ] + ["records", "ledger"].flatMap(numbered) + ["plans", "findings"].flatMap(keyed)

    private static func numbered(_ table: String) -> [String] {
        [
            """
            CREATE TABLE \(table) (
                key INTEGER NOT NULL UNIQUE,
                bytes BLOB NOT NULL,
                checksum INTEGER NOT NULL,
                run INTEGER AS (key >> 32) VIRTUAL,
                number INTEGER AS (key & 4294967295) VIRTUAL
            ) STRICT
            """
        ] + kept(table)
    }

    private static func keyed(_ table: String) -> [String] {
        [
            """
            CREATE TABLE \(table) (
                number INTEGER PRIMARY KEY,
                key TEXT NOT NULL UNIQUE,
                bytes BLOB NOT NULL,
                checksum INTEGER NOT NULL
            ) STRICT
            """
        ] + kept(table)
    }

    /// Append only, also for whoever opens the file with other tools.
    private static func kept(_ table: String) -> [String] {
        ["UPDATE", "DELETE"].map { verb in
            """
            CREATE TRIGGER \(table)_refuse_\(verb.lowercased()) BEFORE \(verb) ON \(table)
            BEGIN SELECT raise(ABORT, '\(table) are append only'); END
            """
        }
    }
}

// MARK: - Against a database

extension StoreSchema {
    /// Brings the database to this version in one transaction; an empty file becomes a store.
    func migrate(_ connection: Connection) throws(StoreFault) {
        let found = try found(in: connection)
        guard found < version else { return try verify(connection) }
        try connection.execute("BEGIN IMMEDIATE")
        do throws(StoreFault) {
            try apply(from: Int(found), to: connection)
            try connection.execute("COMMIT")
        } catch {
            // The failure that is thrown matters more than one of taking back, which closing does anyway.
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
        try verify(connection)
    }

    /// Refuses what is no store, or one of another version or with other tables.
    func check(_ connection: Connection) throws(StoreFault) {
        let found = try found(in: connection)
        guard found == version else { throw .older(path: connection.path, found: found, known: version) }
        try verify(connection)
    }

    /// The version of a store, 0 for an empty file.
    func found(in connection: Connection) throws(StoreFault) -> Int64 {
        let application = try connection.integer("PRAGMA application_id") ?? 0
        let found = try connection.integer("PRAGMA user_version") ?? 0
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0 && found == 0 && tables == 0 { return 0 }
        guard application == Self.applicationID else {
            throw .notAStore(path: connection.path, detail: "the database belongs to another program")
        }
        guard found >= 0 && found <= version else {
            throw .newer(path: connection.path, found: found, known: version)
        }
        return found
    }

    private func apply(from found: Int, to connection: Connection) throws(StoreFault) {
        for statement in migrations[found...].joined() { try connection.execute(statement) }
        try connection.execute("PRAGMA application_id = \(Self.applicationID)")
        try connection.execute("PRAGMA user_version = \(version)")
    }

    /// Compares the tables with those that the migrations make in an empty database.
    private func verify(_ connection: Connection) throws(StoreFault) {
        let model = try Connection(connection.path, .memory)
        try apply(from: 0, to: model)
        let tables = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
        guard try connection.texts(tables) == model.texts(tables) else {
            throw .corrupt(path: connection.path, detail: "its tables are not those of schema \(version)")
        }
    }
}
