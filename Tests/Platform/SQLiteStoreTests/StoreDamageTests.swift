import SQLiteStore
import TestSupport
import Testing
import Vocabulary

@Suite("A damaged file gives a typed fault or what was written", .timeLimit(.minutes(5)))
struct StoreDamageTests {
    private let scratch: Scratch
    private let model: StoreModel
    private let database: [UInt8]
    private let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...1_000_000)

    init() async throws {
        scratch = try Scratch()
        var requests = RandomRequests(seed: 7)
        var model = StoreModel()
        let store = try await SQLiteStore.open(scratch.path + "/store")
        for _ in 0..<90 {
            let request = requests.request(model)
            // Refused requests leave no trace in either.
            do throws(StoreFault) { try model.commit(request) } catch { continue }
            try await store.commit(request)
        }
        await store.close()
        self.model = model
        database = try Files.bytes(scratch.path + "/store/firebreak.db")
    }

    private func folder(_ number: Int, _ files: [(String, [UInt8])]) throws -> String {
        let path = scratch.path + "/copy-\(number)"
        _ = try Command.run("mkdir -m 700 '\(path)'")
        for (name, bytes) in files { try Files.write(bytes, to: path + "/" + name) }
        _ = try Command.run("chmod 600 '\(path)'/*")
        return path
    }

    /// What a reader finds: nil for a typed fault.
    private func reading(_ path: String) async -> StoreModel? {
        do throws(StoreFault) {
            let store = try await SQLiteStore.open(path, for: .read)
            return try await StoreModel.read(store, keys: model)
        } catch {
            return nil
        }
    }

    private func isSound(_ path: String) async -> Bool {
        do throws(StoreFault) {
            let store = try await SQLiteStore.open(path, for: .read)
            return try await store.check().isSound
        } catch {
            return false
        }
    }

    @Test("whatever bytes are flipped, a row is right or refused, and a check sees what a list may miss")
    func flippedBytes() async throws {
        var chance = SeededChance(seed: seed)
        var faults = 0
        for round in 0..<120 {
            var bytes = database
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                bytes[place] ^= UInt8.random(in: 1...255, using: &chance)
            }
            let path = try folder(round, [("firebreak.db", bytes)])
            let found = await reading(path)
            if let found, found != model {
                #expect(!(await isSound(path)), "SEED=\(seed), round \(round): wrong and unnoticed")
                for (id, run) in found.runs {
                    #expect(model.runs[id] == run, "SEED=\(seed), round \(round): a wrong row")
                }
                for (key, plan) in found.plans { #expect(model.plans[key] == plan, "SEED=\(seed), round \(round)") }
                for (key, row) in found.findings { #expect(model.findings[key] == row, "SEED=\(seed), round \(round)") }
            }
            if found == nil {
                faults += 1
                #expect(!(await isSound(path)), "SEED=\(seed), round \(round): a fault that the check does not see")
            }
            // A writer must not crash on it either; it may refuse.
            _ = await fault { () throws(StoreFault) in
                let store = try await SQLiteStore.open(path)
                try await store.commit([.begin(Sample.run("new")), .append(StoreAppend(to: "r1", records: [[1]]))])
                await store.close()
            }
            _ = try Command.run("rm -r '\(path)'")
        }
        #expect(faults > 8, "SEED=\(seed): the flips hit nothing")
    }

    @Test("a file that was cut off is refused or complete")
    func cutOff() async throws {
        var chance = SeededChance(seed: seed)
        for round in 0..<40 {
            let length = Int.random(in: 0..<database.count, using: &chance)
            let path = try folder(round, [("firebreak.db", Array(database[..<length]))])
            let found = await reading(path)
            #expect(found == nil || found == model, "SEED=\(seed), round \(round)")
            _ = try Command.run("rm -r '\(path)'")
        }
    }

    /// A power cut leaves part of the log: whatever is left of it, runs are as they were at some moment.
    @Test("a log that was cut off or decayed gives an earlier moment, whole and without gaps")
    func tornLog() async throws {
        let live = scratch.path + "/live"
        let store = try await SQLiteStore.open(live)
        try await store.commit([.begin(Sample.run("a"))])
        for number in 1...40 {
            try await store.append(records: [[UInt8(number)], [UInt8(number)]], ledger: [[UInt8(number)]], to: "a")
        }
        // Another process copies: closing the database's file here would drop SQLite's locks on it.
        _ = try Command.run("cp -r '\(live)' '\(scratch.path)/still'; rm '\(scratch.path)/still/'*-shm")
        await store.close()
        let file = try Files.bytes(scratch.path + "/still/firebreak.db")
        let log = try Files.bytes(scratch.path + "/still/firebreak.db-wal")
        try #require(log.count > 40 * 4_096)
        var chance = SeededChance(seed: seed)
        var ends: Set<Int> = []
        for round in 0..<40 {
            var torn = log
            let place = Int.random(in: 0..<log.count, using: &chance)
            if round.isMultiple(of: 2) { torn = Array(log[..<place]) } else { torn[place] ^= 0x40 }
            let path = try folder(round, [("firebreak.db", file), ("firebreak.db-wal", torn)])
            let opened = try await SQLiteStore.open(path)
            #expect(try await opened.check().problems == [], "SEED=\(seed), round \(round)")
            if let run = try await opened.run("a") {
                #expect(run.records == 2 * run.ledger)
                let numbers = try await opened.all(.ledger, of: "a").map { Int($0[0]) }
                #expect(numbers == Array(1..<run.ledger + 1))
                ends.insert(run.ledger)
            }
            await opened.close()
            _ = try Command.run("rm -r '\(path)'")
        }
        #expect(ends.count > 5, "SEED=\(seed)")
    }
}
