import SQLiteStore
import TestSupport
import Testing
import Vocabulary

@Suite("Runs are listed by status and time, page by page")
struct StoreReadingTests {
    private let scratch: Scratch
    private let store: SQLiteStore

    /// Runs r0 to r29, three in each millisecond, every third one finished.
    init() async throws {
        scratch = try Scratch()
        var limits = StoreLimits()
        limits.pageRows = 7
        limits.pageBytes = 4_000
        store = try await SQLiteStore.open(scratch.path + "/store", limits: limits)
        let runs = (0..<30).map { number in
            Sample.run("r\(number)", started: Int64(number / 3), status: number % 3 == 0 ? "succeeded" : "running")
        }
        try await store.commit(runs.map(StoreWrite.begin))
    }

    private func all(_ query: RunQuery) async throws -> [String] {
        var query = query
        var ids: [String] = []
        repeat {
            let page = try await store.runs(query)
            #expect(page.rows.count <= 7)
            ids += page.rows.map(\.run.id)
            query.after = page.next
        } while query.after != nil
        return ids
    }

    @Test("every run comes once, the newest first unless the oldest are asked for", arguments: [1, 3, 7, 1_000])
    func everything(_ limit: Int) async throws {
        var query = RunQuery()
        query.limit = limit
        let ids = (0..<30).map { "r\($0)" }
        #expect(try await all(query) == ids.reversed())
        query.order = .oldestFirst
        #expect(try await all(query) == ids)
    }

    @Test("conditions narrow the list")
    func conditions() async throws {
        var query = RunQuery()
        query.order = .oldestFirst
        query.status = "succeeded"
        #expect(try await all(query) == stride(from: 0, to: 30, by: 3).map { "r\($0)" })
        query.from = Timestamp(milliseconds: 2)
        query.until = Timestamp(milliseconds: 4)
        #expect(try await all(query) == ["r6", "r9"])
        query.status = nil
        #expect(try await all(query) == (6..<12).map { "r\($0)" })
        query.incident = "incident/r7"
        query.playbook = "contain-pod"
        query.subject = "pod/r7"
        #expect(try await all(query) == ["r7"])
        query.playbook = "other"
        #expect(try await all(query) == [])
    }

    @Test("a run that begins while a list is read does not disturb its pages")
    func growing() async throws {
        var query = RunQuery()
        query.limit = 5
        let first = try await store.runs(query)
        try await store.commit([.begin(Sample.run("late", started: 100))])
        query.after = first.next
        #expect(try await store.runs(query).rows.map(\.run.id) == (20..<25).reversed().map { "r\($0)" })
    }

    @Test("pages of a history are bounded in rows and bytes, and a large entry still fits")
    func pages() async throws {
        let large = [UInt8](repeating: 1, count: 10_000)
        let small = [UInt8](repeating: 2, count: 10)
        try await store.append(records: [small, large, small] + Array(repeating: small, count: 9), to: "r1")
        let first = try await store.entries(.records, of: "r1")
        #expect(first.rows.count == 2 && first.next == 3)
        let second = try await store.entries(.records, of: "r1", from: 3)
        #expect(second.rows.count == 7 && second.next == 10)
        let third = try await store.entries(.records, of: "r1", from: 10)
        #expect(third.rows.count == 3 && third.next == nil)
        #expect(try await store.entries(.records, of: "r1", from: 13).rows.isEmpty)
        #expect(try await store.entries(.records, of: "r1", from: -4, limit: 0).rows.map(\.number) == [1])
        #expect(try await store.entries(.records, of: "r1", from: .max).rows.isEmpty)
        #expect(try await store.all(.records, of: "r1", limit: 1).count == 12)
    }
}
