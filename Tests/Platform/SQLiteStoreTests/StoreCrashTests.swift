import Glibc
import SQLiteStore
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// Work that a process does until it is killed, and what must be left of it.
///
/// Each run's append n brings one ledger entry and n mod 3 + 1 records, so the ledger tells how many records there must be.
enum Toil {
    static let runs = (0..<8).map { "run-\($0)" }

    static func records(of append: Int) -> Int { append % 3 + 1 }
    static func blob(_ run: String, _ kind: String, _ number: Int) -> [UInt8] { Array("\(run) \(kind) \(number)".utf8) }

    /// Appends for ever, and notes each append that was acknowledged, by a write that outlives the process.
    static func work(in folder: String, crash: (@Sendable (CrashPoint) -> Void)?) async throws {
        let store = try await SQLiteStore.open(folder + "/store", crash: crash)
        let notes = unsafe open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(notes >= 0)
        await withTaskGroup(of: Void.self) { group in
            for run in runs {
                group.addTask {
                    do throws(StoreFault) { try await drive(run, store, notes) } catch {
                        // The parent sees that the process ended in another way than it should.
                        print(error)
                        exit(3)
                    }
                }
            }
        }
    }

    private static func drive(_ run: String, _ store: SQLiteStore, _ notes: Int32) async throws(StoreFault) {
        if try await store.run(run) == nil { try await store.commit([.begin(Sample.run(run))]) }
        var (record, entry) = (1, 1)
        if let known = try await store.run(run) { (record, entry) = (known.records + 1, known.ledger + 1) }
        while true {
            let count = records(of: entry)
            let blobs = (record..<record + count).map { blob(run, "record", $0) }
            try await store.append(
                records: blobs,
                from: record,
                ledger: [blob(run, "entry", entry)],
                ledgerFrom: entry,
                to: run
            )
            let note = Array("\(run) \(entry)\n".utf8)
            _ = unsafe note.withUnsafeBytes { unsafe write(notes, $0.baseAddress, $0.count) }
            record += count
            entry += 1
        }
    }

    /// Opens what a killed process left and compares it with what that process was told.
    static func inspect(_ folder: String) async throws {
        let store = try await SQLiteStore.open(folder + "/store")
        #expect(try await store.check().problems == [])
        var acknowledged: [String: Int] = [:]
        // A process that died before its first answer left no note.
        for line in ((try? Files.text(folder + "/acknowledged")) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            let number: Int = try #require(Int(words[1]))
            acknowledged[String(words[0])] = number
        }
        for run in runs {
            guard let known = try await store.run(run) else {
                #expect(acknowledged[run] == nil, "\(run) is missing")
                continue
            }
            #expect(known.ledger >= acknowledged[run] ?? 0, "\(run) lost acknowledged appends")
            let count = known.ledger == 0 ? 0 : (1...known.ledger).reduce(0) { $0 + Self.records(of: $1) }
            #expect(known.records == count, "\(run) has half of an append")
            let entries = try await store.all(.ledger, of: run)
            #expect(entries == (1..<known.ledger + 1).map { blob(run, "entry", $0) })
            let records = try await store.all(.records, of: run)
            #expect(records == (1..<known.records + 1).map { blob(run, "record", $0) })
        }
        await store.close()
    }
}

@Suite("A killed process loses nothing that was acknowledged", .serialized, .timeLimit(.minutes(5)))
struct StoreCrashTests {
    @Test("at each crash point, early and late, once and again on the same store", arguments: CrashPoint.allCases)
    func crashPoints(_ point: CrashPoint) async throws {
        let scratch = try Scratch()
        let folder = scratch.path
        for commits in [1, 2, 9, 40, 3, 150] {
            let name = point.rawValue
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, name = name as String, commits = commits as Int] in
                let passes = Atomic(0)
                try await Toil.work(in: folder) { reached in
                    guard reached.rawValue == name else { return }
                    if passes.add(1, ordering: .relaxed).newValue == commits { kill(getpid(), SIGKILL) }
                }
            }
            try await Toil.inspect(folder)
        }
    }

    @Test("at any moment, by a timer that no code waits for")
    func anyMoment() async throws {
        let scratch = try Scratch()
        let folder = scratch.path
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? UInt64.random(in: 0...10_000))
        for _ in 0..<12 {
            let pause = Int.random(in: 500...120_000, using: &chance)
            await #expect(processExitsWith: .signal(SIGALRM)) { [folder = folder as String, pause = pause as Int] in
                var timer = itimerval()
                timer.it_value.tv_usec = pause
                unsafe setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
                try await Toil.work(in: folder, crash: nil)
            }
            try await Toil.inspect(folder)
        }
        #expect(try Files.text(folder + "/acknowledged").split(separator: "\n").count > 50)
    }

    @Test("the lock of a killed writer is free at once")
    func lock() async throws {
        let scratch = try Scratch()
        let folder = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            _ = try await SQLiteStore.open(folder + "/store")
            kill(getpid(), SIGKILL)
        }
        await (try SQLiteStore.open(folder + "/store")).close()
    }

    @Test("another process hears the holder's number")
    func holder() async throws {
        let scratch = try Scratch()
        let folder = scratch.path
        let store = try await SQLiteStore.open(folder + "/store")
        let holder = getpid()
        await #expect(processExitsWith: .success) { [folder = folder as String, holder = holder as Int32] in
            do throws(StoreFault) {
                _ = try await SQLiteStore.open(folder + "/store")
                exit(3)
            } catch {
                guard error == .held(path: folder + "/store", process: holder) else { exit(4) }
            }
            let reader = try await SQLiteStore.open(folder + "/store", for: .read)
            guard try await reader.runs().rows.isEmpty else { exit(5) }
        }
        await store.close()
    }
}
