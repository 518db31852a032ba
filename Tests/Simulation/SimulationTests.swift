import Glibc
import TestSupport
import Testing
import Vocabulary

/// Whole runs in simulated worlds, each from one number: `SEED=n` plays it again and tells all of it.
@Suite("Whatever happens to processes, requests, disks and worlds, runs keep their promises")
struct SimulationTests {
    private static let shards = 4

    /// How many seeds are played, and from which on.
    private static let seeds = number("FIREBREAK_SEEDS") ?? 300
    private static let first = number("FIREBREAK_FIRST_SEED") ?? 1
    /// After so many failures a shard says no more.
    private static let enough = number("FIREBREAK_FAILURES") ?? 3

    private static func number(_ name: String) -> Int? {
        unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
    }

    @Test("over many seeds", .timeLimit(.minutes(60)), arguments: 0..<shards)
    func keepsItsPromises(_ shard: Int) async throws {
        let stages = try await Stages.shared.all()
        if let seed = Seed.fromEnvironment() {
            if shard == 0 { try await tell(stages, seed) }
            return
        }
        var tally = Tally()
        for number in stride(from: shard, to: Self.seeds, by: Self.shards) {
            let outcome = try await Scenario.play(stages, seed: UInt64(Self.first + number))
            tally.add(outcome)
            guard !outcome.problems.isEmpty else { continue }
            try await tell(stages, outcome.seed)
            if tally.failures >= Self.enough { break }
        }
        print("simulation, shard \(shard): \(tally)")
        #expect(tally.failures == 0)
    }

    /// Plays a seed with its trace; a failing one is told in full.
    private func tell(_ stages: [Stage], _ seed: UInt64) async throws {
        let outcome = try await Scenario.play(stages, seed: seed, isTraced: true)
        print(outcome.trace.joined(separator: "\n"))
        print("SEED=\(seed) \(outcome.stage): \(outcome.status) after \(outcome.lives) lives")
        #expect(outcome.problems.isEmpty, "SEED=\(seed)")
    }
}

/// What was played, to see that it was worth it.
struct Tally: CustomStringConvertible {
    private(set) var seeds = 0
    private(set) var failures = 0
    private var lives = 0
    private var requests = 0
    private var effects = 0
    private var ends: [String: Int] = [:]

    mutating func add(_ outcome: Scenario.Outcome) {
        seeds += 1
        lives += outcome.lives
        requests += outcome.requests
        effects += outcome.effects
        failures += outcome.problems.isEmpty ? 0 : 1
        ends[outcome.status, default: 0] += 1
    }

    var description: String {
        let ended = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "\(seeds) seeds, \(failures) failed; \(lives) lives, \(requests) requests, \(effects) effects; \(ended)"
    }
}
