import SQLiteStore
import TestSupport
import Testing
import Vocabulary

@Suite("A store can be checked and backed up while it works")
struct StoreCareTests {
    private let scratch: Scratch
    private let store: SQLiteStore

    init() async throws {
        scratch = try Scratch()
        store = try await SQLiteStore.open(scratch.path + "/store")
        try await store.commit([.begin(Sample.run("a")), .keep(.plans, key: "p", bytes: [1])])
        for number in 0..<50 { try await store.append(records: [[UInt8(number)]], ledger: [[1]], to: "a") }
    }

    @Test("a check counts what there is")
    func check() async throws {
        let check = try await store.check()
        #expect(check.isSound)
        #expect(check.runs == 1 && check.records == 50 && check.ledger == 50 && check.plans == 1 && check.findings == 0)
    }

    @Test("a backup is one private file, opens as a store, and holds one moment of a busy store")
    func backup() async throws {
        let file = scratch.path + "/backup.db"
        async let busy: Void = {
            for number in 50..<250 {
                try await store.append(records: [[UInt8(number)]], from: number + 1, ledger: [[1]], to: "a")
            }
        }()
        try await store.backUp(to: file)
        try await busy
        #expect(try Command.run("stat -c %a '\(file)'").output == "600\n")
        #expect(try Files.names(in: scratch.path) == ["backup.db", "store"])
        _ = try Command.run("mkdir -m 700 '\(scratch.path)/new'; cp '\(file)' '\(scratch.path)/new/firebreak.db'")
        let restored = try await SQLiteStore.open(scratch.path + "/new")
        #expect(try await restored.check().problems == [])
        let run = try #require(try await restored.run("a"))
        #expect((50...250).contains(run.records) && run.ledger == run.records)
        #expect(try await store.run("a")?.records == 250)
    }

    @Test("a backup replaces nothing, and leaves nothing half done")
    func refusals() async throws {
        let file = scratch.path + "/backup.db"
        try Files.write([1], to: file)
        let taken = await fault { () throws(StoreFault) in try await store.backUp(to: file) }
        #expect(taken == .backupExists(path: file))
        #expect(try Files.bytes(file) == [1])
        let nowhere = await fault { () throws(StoreFault) in try await store.backUp(to: scratch.path + "/no/file") }
        #expect(nowhere?.report.code == "STORE-001")
        #expect(try Files.names(in: scratch.path) == ["backup.db", "store"])
    }

    @Test("a row that somebody changed by hand is found", .enabled(if: Command.exists("sqlite3")))
    func tampering() async throws {
        await store.close()
        let database = scratch.path + "/store/firebreak.db"
        let append = try Command.run("sqlite3 '\(database)' 'DELETE FROM records WHERE number = 7' 2>&1")
        #expect(append.output.contains("records are append only"))
        let line = "DROP TRIGGER records_refuse_update; UPDATE records SET bytes = x'"
        _ = try Command.run("sqlite3 '\(database)' \"\(line)ff' WHERE number = 7\" 2>&1")
        let found = await fault { () throws(StoreFault) in try await SQLiteStore.open(scratch.path + "/store") }
        #expect(found == .corrupt(path: database, detail: "its tables are not those of schema 1"))
        let trigger = "CREATE TRIGGER records_refuse_update BEFORE UPDATE ON records"
        let body = "BEGIN SELECT raise(ABORT, 'records are append only'); END"
        try Files.write(Array("\(trigger)\n\(body);\n".utf8), to: scratch.path + "/trigger.sql")
        _ = try Command.run("sqlite3 '\(database)' < '\(scratch.path)/trigger.sql'")
        let again = try await SQLiteStore.open(scratch.path + "/store")
        let read = await fault { () throws(StoreFault) in try await again.entries(.records, of: "a") }
        #expect(read == .damagedRow(table: "records", key: "a 7", detail: "the checksum differs"))
        #expect(try await again.entries(.records, of: "a", limit: 6).rows.count == 6)
        #expect(try await again.check().problems == ["records: entry 7 of run number 1 differs from its checksum"])
        // Other runs are not held up by it.
        try await again.commit([.begin(Sample.run("b")), .append(StoreAppend(to: "b", records: [[1]]))])
    }
}
