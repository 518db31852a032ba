package import ArgumentParser
internal import Host
internal import SQLiteStore
internal import Vocabulary

/// Where runs are kept.
package struct StoreOptions: ParsableArguments, Sendable {
    @Option(help: "The folder where runs are kept; else $XDG_STATE_HOME/firebreak, or ~/.local/state/firebreak.")
    package var store: String?

    package init() {}

    func path() throws -> String {
        if let store { return store }
        if let state = Host.environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/firebreak" }
        guard let home = Host.environment("HOME"), home.hasPrefix("/") else { throw StoreOptionsFault() }
        return home + "/.local/state/firebreak"
    }

    /// For the one process that writes; the store is made when it is not there.
    func openForWriting() async throws -> SQLiteStore { try await SQLiteStore.open(try path()) }

    /// Opens the store, reads from it, and gives it back whatever comes of that.
    ///
    /// - Throws: when the store is not there, and whatever the work throws.
    func reading<Value>(_ work: (SQLiteStore) async throws -> Value) async throws -> Value {
        try await Self.closing(try await Self.reader(try path()), after: work)
    }

    /// The same; nil when nothing was ever kept.
    func readingIfThere<Value>(_ work: (SQLiteStore) async throws -> Value) async throws -> Value? {
        guard let store = try await openIfThere() else { return nil }
        return try await Self.closing(store, after: work)
    }

    /// The same for the one process that writes.
    func writing<Value>(_ work: (SQLiteStore) async throws -> Value) async throws -> Value {
        try await Self.closing(try await openForWriting(), after: work)
    }

    private static func closing<Value>(
        _ store: SQLiteStore,
        after work: (SQLiteStore) async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await work(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    /// A store whose making was cut short holds nothing yet, and only a writer can finish it.
    private static func reader(_ path: String) async throws -> SQLiteStore {
        do {
            return try await SQLiteStore.open(path, for: .read)
        } catch .older(_, found: 0, _), .readOnly {
            await (try SQLiteStore.open(path)).close()
            return try await SQLiteStore.open(path, for: .read)
        }
    }

    /// Nil when nothing was ever kept.
    func openIfThere() async throws -> SQLiteStore? {
        let path = try path()
        return HostFiles.exists(path + "/firebreak.db") ? try await Self.reader(path) : nil
    }
}

/// Nothing says where this user's files are.
struct StoreOptionsFault: ActionableError {
    var report: FaultReport {
        FaultReport(
            code: "STORE-024",
            what: "nothing says where runs are to be kept: neither XDG_STATE_HOME nor HOME is set",
            location: "--store",
            remedy: "give a folder with --store"
        )
    }
}
