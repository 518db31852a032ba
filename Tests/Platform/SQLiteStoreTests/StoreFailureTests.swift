import Glibc
import SQLiteStore
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("A disk that fails gives a typed fault, and loses nothing that was acknowledged", .timeLimit(.minutes(5)))
struct StoreFailureTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.path + "/store"
    }

    /// Appends blobs of 8 KiB until one is refused.
    private static func fill(_ store: SQLiteStore) async -> (count: Int, fault: StoreFault?) {
        let blob = [UInt8](repeating: 7, count: 8_192)
        for count in 0..<10_000 {
            if let found = await fault({ () throws(StoreFault) in try await store.append(records: [blob], to: "a") }) {
                return (count, found)
            }
        }
        return (10_000, nil)
    }

    @Test("a database that reaches its bound says so, goes on reading, and takes more when it may grow")
    func bound() async throws {
        var limits = StoreLimits()
        limits.databaseBytes = 1 << 20
        let store = try await SQLiteStore.open(path, limits: limits)
        try await store.commit([.begin(Sample.run("a"))])
        let (count, found) = await Self.fill(store)
        #expect(found == .full(path: path + "/firebreak.db") && count > 50)
        #expect(try await store.all(.records, of: "a").count == count)
        // Still no space, and still the same answer.
        let more = await Self.fill(store)
        #expect(more.fault == found)
        await store.close()
        let larger = try await SQLiteStore.open(path)
        try await larger.append(records: [[1]], from: count + more.count + 1, to: "a")
        #expect(try await larger.check().problems == [])
    }

    /// Tried once: containers may forbid it even to root.
    private static let canMount: Bool = {
        guard let scratch = try? Scratch() else { return false }
        let place = "'\(scratch.path)'"
        return (try? Command.run("mount -t tmpfs tmpfs \(place) 2>/dev/null && umount -l \(place)").status == 0)
            ?? false
    }()

    @Test(
        "a full file system says so; with space again the same store goes on",
        .enabled(if: canMount, "no file system can be mounted here")
    )
    func fullDisk() async throws {
        let mount = scratch.path + "/small"
        let line = "mkdir '\(mount)' && mount -t tmpfs -o size=3m,mode=700 tmpfs '\(mount)' 2>/dev/null"
        try #require(try Command.run(line).status == 0)
        defer { _ = try? Command.run("umount -l '\(mount)'") }
        let store = try await SQLiteStore.open(mount + "/store")
        try await store.commit([.begin(Sample.run("a"))])
        try Files.write([UInt8](repeating: 0, count: 1 << 20), to: mount + "/ballast")
        let (count, found) = await Self.fill(store)
        #expect(found == .full(path: mount + "/store/firebreak.db") && count > 20)
        #expect(try await store.all(.records, of: "a").count == count)
        _ = try Command.run("rm '\(mount)/ballast'")
        try await store.append(records: [[1]], from: count + 1, to: "a")
        #expect(try await store.check().problems == [])
        await store.close()
        let again = try await SQLiteStore.open(mount + "/store")
        #expect(try await again.run("a")?.records == count + 1)
        await again.close()
        _ = try Command.run("mount -o remount,ro '\(mount)'")
        let refused = await fault { () throws(StoreFault) in try await SQLiteStore.open(mount + "/store") }
        #expect(refused == .readOnly(path: mount + "/store/lock"))
    }

    @Test("a write error in the middle stops the store: its outcome is unknown, and nothing is built on it")
    func writeError() async throws {
        let path = path
        await #expect(processExitsWith: .success) { [path = path as String] in
            let store = try await SQLiteStore.open(path)
            try await store.commit([.begin(Sample.run("a"))])
            try await store.append(records: [[1]], to: "a")
            // A bound on file sizes makes write(2) fail as a broken disk does.
            signal(SIGXFSZ, SIG_IGN)
            var bound = rlimit(rlim_cur: 200_000, rlim_max: .max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
            let (_, found) = await Self.fill(store)
            guard case .failed = found, found?.report.retry == .unknown else { exit(3) }
            bound.rlim_cur = .max
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
            let next = await fault { () throws(StoreFault) in try await store.append(records: [[1]], to: "a") }
            guard case .stopped = next else { exit(4) }
        }
        let store = try await SQLiteStore.open(path)
        #expect(try await store.check().problems == [])
        #expect(try await store.entries(.records, of: "a").rows.first?.bytes == [1])
    }

    @Test(
        "files that are moved or removed under a running store stop it",
        arguments: [
            "rm -r STORE", "mv STORE STORE.away", "rm STORE/firebreak.db-wal", "rm STORE/firebreak.db",
            "cp STORE/firebreak.db STORE/copy && mv STORE/copy STORE/firebreak.db",
        ]
    )
    func gone(_ line: String) async throws {
        let store = try await SQLiteStore.open(path)
        try await store.commit([.begin(Sample.run("a"))])
        let words = line.split(separator: "STORE", omittingEmptySubsequences: false)
        #expect(try Command.run(words.joined(separator: path)).status == 0)
        let found = await fault { () throws(StoreFault) in try await store.append(records: [[1]], to: "a") }
        #expect(found == .gone(path: path))
        let next = await fault { () throws(StoreFault) in try await store.append(records: [[1]], to: "a") }
        #expect(next?.report.code == "STORE-013")
        await store.close()
    }

    @Test("requests that wait share one commit, and too many are refused at once")
    func queue() async throws {
        var limits = StoreLimits()
        limits.waitingRequests = 40
        let gate = Gate()
        let store = try await SQLiteStore.open(path, limits: limits) { point in
            if point == .beforeWrite { gate.pass() }
        }
        try await store.commit([.begin(Sample.run("a"))])
        gate.isShut.store(true, ordering: .relaxed)
        let faults = await withTaskGroup(of: StoreFault?.self) { group in
            group.addTask { await fault { () throws(StoreFault) in try await store.append(records: [[0]], to: "a") } }
            // The writer has taken the first when it stands at the gate.
            while gate.passes.load(ordering: .relaxed) < 2 { await Task.yield() }
            for _ in 0..<60 {
                group.addTask {
                    await fault { () throws(StoreFault) in try await store.append(records: [[1]], to: "a") }
                }
            }
            var faults: [StoreFault] = []
            for await answer in group {
                if let answer { faults.append(answer) }
                // Those that found no place answer first; then the gate may open.
                if faults.count == 20 { gate.isShut.store(false, ordering: .relaxed) }
            }
            return faults
        }
        #expect(faults == Array(repeating: .overloaded(path: path, waiting: 40), count: 20))
        #expect(gate.passes.load(ordering: .relaxed) == 3)
        #expect(try await store.run("a")?.records == 41)
    }
}

/// Holds a store's writer back, and counts how often it comes by.
final class Gate: Sendable {
    let isShut = Atomic(false)
    let passes = Atomic(0)

    func pass() {
        passes.add(1, ordering: .relaxed)
        while isShut.load(ordering: .relaxed) { usleep(200) }
    }
}
