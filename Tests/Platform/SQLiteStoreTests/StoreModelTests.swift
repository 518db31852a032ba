import SQLiteStore
import TestSupport
import Testing
import Vocabulary

/// The store as a simple value.
struct StoreModel: Equatable {
    struct Run: Equatable {
        var run: StoredRun
        var records: [[UInt8]] = []
        var ledger: [[UInt8]] = []
    }

    var runs: [String: Run] = [:]
    var plans: [String: [UInt8]] = [:]
    var findings: [String: [UInt8]] = [:]

    mutating func commit(_ request: [StoreWrite]) throws(StoreFault) {
        var next = self
        for write in request { try next.perform(write) }
        self = next
    }

    private mutating func perform(_ write: StoreWrite) throws(StoreFault) {
        switch write {
        case .begin(let run):
            guard runs[run.id] == nil else { throw .runExists(run.id) }
            runs[run.id] = Run(run: run)
        case .append(let append):
            guard var run = runs[append.run] else { throw .unknownRun(append.run) }
            try Self.check(append.firstRecord, "records", run.records.count, append.run)
            try Self.check(append.firstLedger, "ledger", run.ledger.count, append.run)
            run.records += append.records
            run.ledger += append.ledger
            runs[append.run] = run
        case .update(let update):
            guard var run = runs[update.run] else { throw .unknownRun(update.run) }
            run.run.status = update.status ?? run.run.status
            run.run.updated = update.updated
            run.run.meta = update.meta ?? run.run.meta
            runs[update.run] = run
        case .keep(.plans, let key, let bytes):
            guard plans[key] ?? bytes == bytes else { throw .contentDiffers(table: "plans", key: key) }
            plans[key] = bytes
        case .keep(.findings, let key, let bytes):
            guard findings[key] ?? bytes == bytes else { throw .contentDiffers(table: "findings", key: key) }
            findings[key] = bytes
        }
    }

    private static func check(_ first: Int?, _ table: String, _ count: Int, _ run: String) throws(StoreFault) {
        guard let first, first != count + 1 else { return }
        throw .outOfOrder(run: run, table: table, expected: Int64(count + 1), found: Int64(first))
    }

    /// Everything that a store holds, as far as its lists tell; the keys are those that the model knows.
    static func read(_ store: SQLiteStore, keys: StoreModel) async throws(StoreFault) -> StoreModel {
        var model = StoreModel()
        var query = RunQuery()
        query.limit = 3
        repeat {
            let page = try await store.runs(query)
            for row in page.rows {
                let id = row.run.id
                model.runs[id] = Run(
                    run: row.run,
                    records: try await store.all(.records, of: id, limit: 5),
                    ledger: try await store.all(.ledger, of: id)
                )
            }
            query.after = page.next
        } while query.after != nil
        for key in keys.plans.keys { model.plans[key] = try await store.content(.plans, key) }
        for key in keys.findings.keys { model.findings[key] = try await store.content(.findings, key) }
        return model
    }
}

/// Random requests, some of which must be refused.
struct RandomRequests {
    var chance: SeededChance
    let runs = (0..<6).map { "r\($0)" }

    init(seed: UInt64) { chance = SeededChance(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &chance) }

    mutating func blob() -> [UInt8] {
        // Now and then one that does not fit into a page of the database.
        let size = number(0...19) == 0 ? number(4_000...20_000) : number(0...900)
        return (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
    }

    mutating func request(_ model: StoreModel) -> [StoreWrite] {
        (0..<number(1...4)).map { _ in write(model) }
    }

    private mutating func write(_ model: StoreModel) -> StoreWrite {
        let run = runs[number(0...5)]
        switch number(0...9) {
        case 0: return .begin(Sample.run(run, started: Int64(number(0...3))))
        case 1:
            let status = number(0...1) == 0 ? nil : "status-\(number(0...3))"
            let meta = number(0...1) == 0 ? nil : blob()
            return .update(RunUpdate(run: run, status: status, updated: .init(milliseconds: 7), meta: meta))
        case 2: return .keep(.plans, key: "p\(number(0...9))", bytes: [UInt8(number(0...1))])
        case 3: return .keep(.findings, key: "f\(number(0...9))", bytes: blob())
        default:
            // One in four numbers is a guess and mostly wrong once requests carry several appends.
            let first = number(0...3) == 0 ? (model.runs[run]?.records.count ?? 0) + 1 : nil
            let records = (0..<number(0...3)).map { _ in blob() }
            let ledger = (0..<number(0...2)).map { _ in blob() }
            return .append(StoreAppend(to: run, records: records, from: first, ledger: ledger))
        }
    }
}

@Suite("The store does what its model does", .timeLimit(.minutes(5)))
struct StoreModelTests {
    @Test("random requests get the model's answers, and opening again changes nothing", arguments: 1...4)
    func sequential(_ round: Int) async throws {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...1_000_000)
        let scratch = try Scratch()
        var requests = RandomRequests(seed: seed)
        var model = StoreModel()
        var store = try await SQLiteStore.open(scratch.path + "/store")
        for step in 0..<250 {
            let request = requests.request(model)
            var expected: StoreFault?
            do throws(StoreFault) { try model.commit(request) } catch { expected = error }
            let found = await fault { [store] () throws(StoreFault) in try await store.commit(request) }
            try #require(found == expected, "SEED=\(seed), round \(round), step \(step)")
            guard step % 60 == 59 else { continue }
            #expect(try await StoreModel.read(store, keys: model) == model, "SEED=\(seed), step \(step)")
            await store.close()
            store = try await SQLiteStore.open(scratch.path + "/store")
        }
        #expect(try await StoreModel.read(store, keys: model) == model, "SEED=\(seed)")
        let check = try await store.check()
        #expect(check.problems == [] && check.runs == model.runs.count, "SEED=\(seed)")
        #expect(check.records == model.runs.values.reduce(0) { $0 + $1.records.count })
    }

    @Test("64 tasks append at once: each finds its own in its order, together with nothing else")
    func concurrent() async throws {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...1_000_000)
        let scratch = try Scratch()
        let store = try await SQLiteStore.open(scratch.path + "/store")
        let runs = (0..<10).map { "r\($0)" }
        try await store.commit(runs.map { .begin(Sample.run($0)) })
        let sent = try await withThrowingTaskGroup(of: [String: [[UInt8]]].self) { group in
            for task in 0..<64 {
                group.addTask { try await Self.appends(of: task, to: runs, store, seed: seed) }
            }
            return try await group.reduce(into: [[String: [[UInt8]]]]()) { $0.append($1) }
        }
        var all: [String: [[UInt8]]] = [:]
        for run in runs {
            let stored = try await store.all(.records, of: run)
            #expect(stored.count == sent.reduce(0) { $0 + ($1[run]?.count ?? 0) }, "SEED=\(seed)")
            for (task, blobs) in stored.reduce(into: [UInt8: [[UInt8]]](), { $0[$1[0], default: []].append($1) }) {
                #expect(sent.contains { $0[run]?.first?[0] == task && $0[run] == blobs }, "SEED=\(seed)")
            }
            all[run] = stored
        }
        #expect(try await store.check().problems == [])
        await store.close()
        let again = try await SQLiteStore.open(scratch.path + "/store")
        for run in runs { #expect(try await again.all(.records, of: run) == all[run]) }
    }

    /// Forty requests of one task, every fourth of which fails at its end; what the others brought, by run.
    private static func appends(
        of task: Int,
        to runs: [String],
        _ store: SQLiteStore,
        seed: UInt64
    ) async throws -> [String: [[UInt8]]] {
        var chance = SeededChance(seed: seed &+ UInt64(task))
        var sent: [String: [[UInt8]]] = [:]
        for number in 0..<40 {
            let run = runs[Int.random(in: 0..<runs.count, using: &chance)]
            let blobs = (0..<Int.random(in: 1...3, using: &chance)).map { [UInt8(task), UInt8(number), UInt8($0)] }
            let append = StoreWrite.append(StoreAppend(to: run, records: blobs))
            if number % 4 == 3 {
                let found = await fault { () throws(StoreFault) in
                    try await store.commit([append, .append(StoreAppend(to: "nobody"))])
                }
                #expect(found == .unknownRun("nobody"))
            } else {
                try await store.commit([append])
                sent[run, default: []] += blobs
            }
        }
        return sent
    }
}
