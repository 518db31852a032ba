import SQLiteStore
import TestSupport
import Testing
import Vocabulary

@Suite("What is written is there, in order, all of it or nothing")
struct StoreWritingTests {
    private let scratch: Scratch
    private let store: SQLiteStore

    init() async throws {
        scratch = try Scratch()
        store = try await SQLiteStore.open(scratch.path + "/store")
        try await store.commit([.begin(Sample.run("a"))])
    }

    @Test("records and ledger entries are numbered from one, each on their own")
    func numbers() async throws {
        try await store.append(records: [Sample.blob("r1"), Sample.blob("r2")], ledger: [Sample.blob("l1")], to: "a")
        try await store.append(records: [[]], from: 3, ledger: [Sample.blob("l2")], ledgerFrom: 2, to: "a")
        let records = try await store.entries(.records, of: "a")
        #expect(records.rows.map(\.number) == [1, 2, 3])
        #expect(records.rows.map(\.bytes) == [Sample.blob("r1"), Sample.blob("r2"), []])
        #expect(try await store.all(.ledger, of: "a") == [Sample.blob("l1"), Sample.blob("l2")])
        let run = try #require(try await store.run("a"))
        #expect(run.records == 3 && run.ledger == 2 && run.run == Sample.run("a"))
    }

    @Test("a number that is taken or leaves a gap is refused, and nothing of the request stays")
    func order() async throws {
        try await store.append(records: [[1]], to: "a")
        for first in [1, 3, 0, -1] {
            let found = await fault { () throws(StoreFault) in
                try await store.append(records: [[2]], from: first, ledger: [[9]], to: "a")
            }
            #expect(found == .outOfOrder(run: "a", table: "records", expected: 2, found: Int64(first)))
        }
        let late = await fault { () throws(StoreFault) in
            try await store.append(records: [[2]], from: 2, ledger: [[9]], ledgerFrom: 5, to: "a")
        }
        #expect(late == .outOfOrder(run: "a", table: "ledger", expected: 1, found: 5))
        #expect(try await store.all(.records, of: "a") == [[1]])
        #expect(try await store.all(.ledger, of: "a") == [])
    }

    @Test("a request of several writes takes effect as one")
    func atomic() async throws {
        let update = RunUpdate(run: "b", status: "succeeded", updated: Timestamp(milliseconds: 9))
        let request: [StoreWrite] = [
            .begin(Sample.run("b")), .append(StoreAppend(to: "b", records: [[1]])), .update(update),
            .keep(.plans, key: "sha256:1", bytes: [7]), .keep(.findings, key: "sha256:2", bytes: [8]),
        ]
        let refused = await fault { () throws(StoreFault) in
            try await store.commit(request + [.append(StoreAppend(to: "nobody", records: [[1]]))])
        }
        #expect(refused == .unknownRun("nobody"))
        #expect(try await store.run("b") == nil)
        #expect(try await store.content(.plans, "sha256:1") == nil)
        try await store.commit(request)
        let run = try #require(try await store.run("b"))
        #expect(
            run.run.status == "succeeded" && run.run.updated == update.updated && run.run.meta == Sample.run("b").meta
        )
        #expect(try await store.content(.plans, "sha256:1") == [7])
        #expect(try await store.content(.findings, "sha256:2") == [8])
    }

    @Test("a run begins once, and only a run that is there is updated")
    func identity() async throws {
        #expect(
            await fault { () throws(StoreFault) in try await store.commit([.begin(Sample.run("a"))]) }
                == .runExists("a")
        )
        let update = RunUpdate(run: "z", updated: Timestamp(milliseconds: 1))
        #expect(await fault { () throws(StoreFault) in try await store.commit([.update(update)]) } == .unknownRun("z"))
        #expect(await fault { () throws(StoreFault) in try await store.entries(.records, of: "z") } == .unknownRun("z"))
    }

    @Test("content is kept once, and never changes under its key")
    func content() async throws {
        try await store.commit([.keep(.findings, key: "k", bytes: [1])])
        try await store.commit([.keep(.findings, key: "k", bytes: [1])])
        let other = await fault { () throws(StoreFault) in
            try await store.commit([.keep(.findings, key: "k", bytes: [2])])
        }
        #expect(other == .contentDiffers(table: "findings", key: "k"))
        #expect(try await store.content(.findings, "k") == [1])
        #expect(try await store.check().findings == 1)
    }

    @Test("ids are bytes: texts that only look equal are different runs, and any text comes back")
    func texts() async throws {
        let names = ["é", "e\u{301}", "a\0b", "'; DROP TABLE runs; --", "", "🧱"]
        for name in names { try await store.commit([.begin(Sample.run(name))]) }
        for name in names {
            let found = try #require(try await store.run(name))
            #expect(Array(found.run.id.utf8) == Array(name.utf8))
        }
    }

    @Test("what is too large is refused before it is written")
    func bounds() async throws {
        var limits = StoreLimits()
        limits.blobBytes = 1_000
        limits.keyBytes = 10
        limits.requestBytes = 3_000
        let small = try await SQLiteStore.open(scratch.path + "/small", limits: limits)
        let run = StoredRun(
            id: "x",
            playbook: "p",
            subject: "s",
            incident: "i",
            status: "r",
            started: .init(nanoseconds: 0),
            updated: .init(nanoseconds: 0)
        )
        try await small.commit([.begin(run)])
        let blob = [UInt8](repeating: 1, count: 1_000)
        try await small.append(records: [blob], to: "x")
        let large = await fault { () throws(StoreFault) in try await small.append(ledger: [blob + [1]], to: "x") }
        #expect(large == .tooLarge(what: "a ledger entry", size: 1_001, limit: 1_000))
        let many = await fault { () throws(StoreFault) in try await small.append(records: [blob, blob, blob], to: "x") }
        #expect(many == .tooLarge(what: "a request", size: 3_160, limit: 3_000))
        let key = await fault { () throws(StoreFault) in
            try await small.commit([.keep(.plans, key: "12345678901", bytes: [])])
        }
        #expect(key == .tooLarge(what: "a key of plans", size: 11, limit: 10))
        #expect(try await small.all(.records, of: "x") == [blob])
    }

    @Test("one failing request does not take down those that share its commit")
    func isolation() async throws {
        for number in 0..<20 { try await store.commit([.begin(Sample.run("r\(number)"))]) }
        let faults = await withTaskGroup(of: (Int, StoreFault?).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let run = number.isMultiple(of: 5) ? "missing" : "r\(number % 20)"
                    return (
                        number, await fault { () throws(StoreFault) in try await store.append(records: [[1]], to: run) }
                    )
                }
            }
            return await group.reduce(into: [Int: StoreFault]()) { $0[$1.0] = $1.1 }
        }
        #expect(faults.count == 40 && faults.values.allSatisfy { $0 == .unknownRun("missing") })
        let check = try await store.check()
        #expect(check.problems == [] && check.records == 160)
    }

    @Test("a closed store takes nothing more, and what was handed over before is kept")
    func closing() async throws {
        async let appended: Void = store.append(records: [[1]], to: "a")
        try await appended
        await store.close()
        await store.close()
        let refused = await fault { () throws(StoreFault) in try await store.append(records: [[2]], to: "a") }
        #expect(refused == .stopped(path: scratch.path + "/store", reason: "it was closed"))
        let again = try await SQLiteStore.open(scratch.path + "/store")
        #expect(try await again.all(.records, of: "a") == [[1]])
    }
}
