import SQLiteStore
import TestSupport
import Testing
import Vocabulary

@Suite("A store is private, has one writer, and knows what it opens")
struct StoreOpeningTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.path + "/deep/store"
    }

    private func mode(_ path: String) throws -> String {
        let (output, _) = try Command.run("stat -c %a '\(path)'")
        return output.split(separator: "\n").first.map(String.init) ?? ""
    }

    private func refusal(_ access: SQLiteStore.Access = .write, _ schema: StoreSchema = .current) async -> StoreFault? {
        await fault { () throws(StoreFault) in try await SQLiteStore.open(path, for: access, schema: schema) }
    }

    @Test("folders get mode 0700 and every file in them 0600")
    func modes() async throws {
        let store = try await SQLiteStore.open(path + "/")
        try await store.commit([.begin(Sample.run("a"))])
        #expect(try mode(scratch.path + "/deep") == "700")
        #expect(try mode(path) == "700")
        for name in ["firebreak.db", "firebreak.db-wal", "firebreak.db-shm", "lock"] {
            #expect(try mode(path + "/" + name) == "600", "\(name)")
        }
        await store.close()
        #expect(try Files.names(in: path) == ["firebreak.db", "lock"])
    }

    @Test("what others may use is refused, folder or file")
    func privacy() async throws {
        await (try SQLiteStore.open(path)).close()
        _ = try Command.run("chmod 750 '\(path)'")
        #expect(await refusal() == .openToOthers(path: path, mode: 0o750))
        #expect(await refusal(.read) == .openToOthers(path: path, mode: 0o750))
        _ = try Command.run("chmod 700 '\(path)'; chmod 604 '\(path)/firebreak.db'")
        #expect(await refusal() == .openToOthers(path: path + "/firebreak.db", mode: 0o604))
    }

    @Test("links, files in the place of folders and folders in the place of files are refused")
    func odd() async throws {
        _ = try Command.run("mkdir -p -m 700 '\(path)'; touch '\(scratch.path)/else'")
        _ = try Command.run("ln -s '\(scratch.path)/else' '\(path)/firebreak.db'")
        #expect(await refusal()?.report.code == "STORE-001")
        _ = try Command.run("rm '\(path)/firebreak.db'; mkdir '\(path)/firebreak.db'")
        #expect(await refusal()?.report.code == "STORE-001")
        _ = try Command.run("rm -r '\(path)'; touch '\(path)'")
        #expect(await refusal()?.report.code == "STORE-001")
    }

    @Test("a second writer hears who holds the store; readers may come; afterwards the lock is free")
    func oneWriter() async throws {
        let store = try await SQLiteStore.open(path)
        try await store.commit([.begin(Sample.run("a"))])
        let second = await refusal()
        guard case .held(path, let process?) = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        #expect(process > 1)
        let reader = try await SQLiteStore.open(path, for: .read)
        #expect(try await reader.run("a")?.run.id == "a")
        try await store.append(records: [[1]], to: "a")
        #expect(try await reader.all(.records, of: "a") == [[1]])
        let write = await fault { () throws(StoreFault) in try await reader.append(records: [[2]], to: "a") }
        #expect(write == .readOnly(path: path))
        await store.close()
        let next = try await SQLiteStore.open(path)
        #expect(try await next.all(.records, of: "a") == [[1]])
        await next.close()
        #expect(try await reader.all(.records, of: "a") == [[1]])
    }

    @Test("a store that is dropped without being closed lets go of its lock")
    func dropped() async throws {
        do {
            let store = try await SQLiteStore.open(path)
            try await store.commit([.begin(Sample.run("a"))])
        }
        for _ in 0..<400 {
            if await refusal() == nil { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the lock is still held")
    }

    @Test("a reader needs a store that is there")
    func readerAlone() async throws {
        #expect(await refusal(.read)?.report.code == "STORE-001")
        await (try SQLiteStore.open(path)).close()
        let reader = try await SQLiteStore.open(path, for: .read)
        #expect(try await reader.runs().rows.isEmpty)
    }

    @Test("other files are not taken for a store, and stay as they are")
    func foreign() async throws {
        _ = try Command.run("mkdir -p -m 700 '\(path)'")
        let text = Array(String(repeating: "this is a diary. ", count: 500).utf8)
        try Files.write(text, to: path + "/firebreak.db")
        _ = try Command.run("chmod 600 '\(path)/firebreak.db'")
        #expect(await refusal()?.report.code == "STORE-004")
        #expect(try Files.bytes(path + "/firebreak.db") == text)
    }

    @Test("a store grows with its schema; an older program then keeps away, a newer one reads after a writer came")
    func migration() async throws {
        let store = try await SQLiteStore.open(path)
        try await store.commit([.begin(Sample.run("a")), .append(StoreAppend(to: "a", records: [[1]]))])
        await store.close()
        let newer = StoreSchema(
            migrations: StoreSchema.current.migrations + [["CREATE TABLE leases (run TEXT) STRICT"]]
        )
        let database = path + "/firebreak.db"
        #expect(await refusal(.read, newer) == .older(path: database, found: 1, known: 2))
        let grown = try await SQLiteStore.open(path, schema: newer)
        #expect(try await grown.all(.records, of: "a") == [[1]])
        await grown.close()
        #expect(await refusal() == .newer(path: database, found: 2, known: 1))
        #expect(await refusal(.read) == .newer(path: database, found: 2, known: 1))
        let other = StoreSchema(
            migrations: StoreSchema.current.migrations + [["CREATE TABLE pauses (run TEXT) STRICT"]]
        )
        #expect(
            await refusal(.write, other) == .corrupt(path: database, detail: "its tables are not those of schema 2")
        )
    }

    @Test("a migration that fails leaves the store as it was")
    func failedMigration() async throws {
        await (try SQLiteStore.open(path)).close()
        let broken = StoreSchema(
            migrations: StoreSchema.current.migrations + [["CREATE TABLE leases (run TEXT) STRICT", "NONSENSE"]]
        )
        #expect(await refusal(.write, broken)?.report.code == "STORE-022")
        #expect(await refusal() == nil)
    }
}
