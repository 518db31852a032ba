internal import Glibc
internal import SQLiteStore
internal import TestSupport
internal import Vocabulary

/// Durable commits a second with 64 requests in flight, beside SQLite alone and the disk alone, in one run.
@main
enum StoreCommits {
    private static let inFlight = 64
    private static let rounds = 15
    private static let perRound = 60
    /// Of the bare loop that keeps the same promises.
    ///
    /// The aim is 0.8 and more; a busy machine takes some of it away.
    private static let threshold = 0.65

    /// The argument is a folder on the disk to be measured.
    static func main() async {
        let place = CommandLine.arguments.dropFirst().first ?? "/var/tmp"
        let folder = "\(place)/firebreak-bench-\(getpid())"
        do {
            guard unsafe mkdir(folder, 0o700) == 0 else {
                throw BenchmarkFault("cannot make \(folder): error \(errno)")
            }
            let figures = try await measure(in: folder)
            remove(folder)
            if report(figures) < threshold { exit(1) }
        } catch {
            remove(folder)
            Benchmark.fail(error)
        }
    }

    private static func measure(in folder: String) async throws -> [String: [Double]] {
        let store = try await SQLiteStore.open(folder + "/store")
        try await store.commit((1...inFlight).map { .begin(run("run-\($0)")) })
        let promises = try BareLoop(folder + "/promises.db", .promises, runs: inFlight)
        let rows = try BareLoop(folder + "/rows.db", .rows, runs: inFlight)
        var figures: [String: [Double]] = [:]
        for round in 0..<rounds {
            let first = round * perRound
            figures["store", default: []].append(try await rate(of: inFlight * perRound) { try await drive(store) })
            figures["promises", default: []].append(
                try await rate(of: inFlight * perRound) {
                    try promises.run(batches: perRound, runs: inFlight, from: first)
                }
            )
            figures["rows", default: []].append(
                try await rate(of: inFlight * perRound) { try rows.run(batches: perRound, runs: inFlight, from: first) }
            )
            figures["disk", default: []].append(
                try await rate(of: 100) { try BareDisk.run(folder + "/disk", times: 100) }
            )
        }
        await store.close()
        return figures
    }

    private static func drive(_ store: SQLiteStore) async throws {
        let blob = [UInt8](repeating: 7, count: 600)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 1...inFlight {
                group.addTask {
                    for _ in 0..<perRound { try await store.append(records: [blob], to: "run-\(task)") }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func rate(of count: Int, _ work: () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await work()
        return Double(count) / ((clock.now - start) / .seconds(1))
    }

    private static func report(_ figures: [String: [Double]]) -> Double {
        let medians = figures.mapValues(Benchmark.median)
        func line(_ name: String, _ key: String) {
            let values = (figures[key] ?? []).sorted().map { "\(Int($0))" }
            print("\(name): \(Int(medians[key] ?? 0)) a second (rounds: \(values.joined(separator: " ")))")
        }
        line("SQLiteStore/append 600 B/64 in flight", "store")
        line("SQLite alone/the same promises/64 a commit", "promises")
        line("SQLite alone/rows without promises/64 a commit", "rows")
        line("disk alone/append 600 B + fdatasync", "disk")
        // Rounds that lie beside each other share the machine's mood.
        func ratio(to other: String) -> Double {
            let ratios = zip(figures["store"] ?? [], figures[other] ?? []).map { $0 / $1 }.sorted()
            return ratios.isEmpty ? 0 : ratios[ratios.count / 2]
        }
        func percent(_ ratio: Double) -> String { "\(Int(ratio * 100)) %" }
        print(
            """
            store to SQLite alone: \(percent(ratio(to: "promises"))) with the same promises, threshold \
            \(percent(threshold)); \(percent(ratio(to: "rows"))) of rows without promises
            store to the disk's own pace: \(Int(ratio(to: "disk"))) durable appends in the time of one fdatasync
            """
        )
        return ratio(to: "promises")
    }

    private static func run(_ id: String) -> StoredRun {
        let start = Timestamp(milliseconds: 0)
        return StoredRun(
            id: id,
            playbook: "p",
            subject: id,
            incident: id,
            status: "running",
            started: start,
            updated: start
        )
    }

    private static func remove(_ folder: String) {
        for path in ["/store", ""] {
            for name in ["firebreak.db", "lock", "disk"]
                + ["promises.db", "rows.db"].flatMap({ [$0, $0 + "-wal", $0 + "-shm"] })
            {
                unsafe unlink(folder + path + "/" + name)
            }
            unsafe rmdir(folder + path)
        }
    }
}
