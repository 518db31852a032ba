import Orchestration
import Planning
import Runs
import Synchronization
import TestSupport
import Vocabulary

/// One seed: a run with its faults, lives and strangers, its undo, and the judgement of both.
struct Scenario {
    /// What became of a seed.
    struct Outcome: Sendable {
        var seed: UInt64
        var stage: String
        var status: String
        var lives: Int
        var requests: Int
        var effects: Int
        var problems: [String]
        var trace: [String]
    }

    private static let livesWithFaults = 5
    private static let livesAtMost = 40

    private let stage: Stage
    private let seed: UInt64
    private let universe: SharedUniverse
    private var chance: SeededChance
    private var lives = 0
    private var faultyLives: Int

    init(_ stages: [Stage], seed: UInt64, isTraced: Bool = false) {
        var chance = SeededChance(seed: seed)
        stage = chance.pick(stages)
        self.seed = seed
        var universe = Universe(stage, seed: chance.next(), isTraced: isTraced)
        let blindness = Duration.seconds(chance.pick([0, 0, 0, 10, 45, 110, 119, 200]))
        universe.servers.blindness = blindness
        universe.strangers.plans = Strangers.drawn(&chance, within: 1..<200, effects: 1..<9)
        universe.say("playbook \(stage.name), blind for \(blindness)")
        faultyLives = chance.pick([0, 1, 1, 2, 3, Self.livesWithFaults])
        self.universe = SharedUniverse(universe)
        self.chance = chance
    }

    static func play(_ stages: [Stage], seed: UInt64, isTraced: Bool = false) async throws -> Outcome {
        var scenario = Scenario(stages, seed: seed, isTraced: isTraced)
        return try await scenario.play()
    }

    private mutating func play() async throws -> Outcome {
        let driver = try await run()
        if let driver {
            judge(driver)
            if let released = try await undo(driver) { judge(released, isReleased: true) }
        }
        let (seed, stage, lives) = (seed, stage.name, lives)
        return universe.with { universe in
            Outcome(
                seed: seed,
                stage: stage,
                status: driver.map { "\($0.status)" } ?? "lost",
                lives: lives,
                requests: universe.servers.requests,
                effects: universe.servers.arrivals.count { $0.tookEffect },
                problems: universe.problems,
                trace: universe.trace
            )
        }
    }

    // MARK: lives

    /// A process that goes on with what the disk has; nil when there were too many.
    private mutating func begin(_ notes: NoteBox = NoteBox()) throws -> RunDriver? {
        lives += 1
        guard lives <= Self.livesAtMost else {
            universe.with { $0.blame("it does not come to an end within \(Self.livesAtMost) lives") }
            return nil
        }
        var life = Life(number: lives)
        if faultyLives > 0 {
            faultyLives -= 1
            life.doom = .drawn(&chance)
            life.weather = .drawn(&chance)
            life.fullAt = chance.isOneIn(6) ? Int.random(in: 1...14, using: &chance) : nil
        }
        let pause = lives == 1 ? 0 : chance.pick([0, 1, 30, 100, 600, 7_200, 100_000])
        let past = universe.with { [life, pause] universe in
            universe.now = universe.now.advanced(by: .seconds(pause))
            universe.begin(life)
            return Result { try universe.disk.read() }
        }
        let driver = try stage.driver(universe, life: lives, past: past.get()) { note in notes.add(note) }
        if !(try past.get().records.isEmpty) { expectSame(driver) }
        return driver
    }

    /// What was read back is what was written.
    private func expectSame(_ driver: RunDriver) { universe.with { $0.judgeReplay(driver) } }

    private var isDown: Bool { universe.with { $0.life.isDead || $0.life.isDiskFull } }

    /// Lives on until the run has ended; nil when it never does.
    private mutating func run() async throws -> RunDriver? {
        guard var driver = try begin() else { return nil }
        await driver.run(seed: seed)
        while true {
            if isDown || driver.status == .parked {
                guard let next = try begin() else { return nil }
                driver = next
                if universe.with({ $0.disk.records.isEmpty }) {
                    await driver.run(seed: seed)
                } else if driver.status != .pendingApproval, !driver.status.isEnded {
                    await driver.recover(by: "the simulation")
                }
                // Whatever is still to be said is said on the next turn, if it lives.
                if isDown { continue }
            }
            rest(driver)
            if driver.status.isEnded { return driver }
            guard driver.status == .pendingApproval else {
                universe.with { $0.blame("a run that lives comes to rest as \(driver.status)") }
                return nil
            }
            try await answer(&driver)
        }
    }

    /// Somebody answers what the run asks.
    private mutating func answer(_ driver: inout RunDriver) async throws {
        switch chance.pick([0, 0, 0, 1, 2, 3]) {
        case 0: await driver.approve(by: "somebody")
        case 1: await driver.reject(by: "somebody", reason: "not now")
        case 2: try await driver.cancel(by: "somebody")
        default:
            // The process ends while it waits; another one hears the answer.
            guard let next = try begin() else { return }
            driver = next
            universe.with {
                if driver.status != .pendingApproval { $0.blame("a question is forgotten: \(driver.status)") }
            }
            await driver.approve(by: "somebody")
        }
    }

    private func rest(_ driver: RunDriver) {
        universe.with { universe in
            universe.say("rests: \(driver.status), \(driver.plan.containment?.verdict.rawValue ?? "-")")
            universe.judgeRest(driver)
            universe.judgeReplay(driver)
        }
    }

    // MARK: undo

    /// Takes everything back that can be; nil when that never ends.
    private mutating func undo(_ ended: RunDriver) async throws -> RunDriver? {
        prepareUndo()
        var keeping: [String] = []
        while true {
            let notes = NoteBox()
            guard var driver = try begin(notes) else { return nil }
            if driver.status == .undoing {
                await driver.recover(by: "the simulation")
            } else {
                try await driver.undo(by: "the simulation", keeping: keeping)
            }
            if isDown { continue }
            rest(driver)
            guard let stopped = notes.stopped else {
                if driver.status.isEnded { return driver }
                universe.with { $0.blame("an undo comes to rest as \(driver.status)") }
                return nil
            }
            let isRefused = stopped.reason.hasPrefix("somebody changed it since")
            universe.with { universe in
                universe.say("the undo stops at \(stopped.change): \(stopped.reason)")
                if isRefused, universe.strangers.last < 0 { universe.blame("nobody else is there: \(stopped.reason)") }
            }
            if isRefused || faultyLives == 0 { keeping.append(stopped.change) }
        }
    }

    private mutating func prepareUndo() {
        let deeds = Strangers.drawn(&chance, within: 1..<60, effects: 1..<4)
        let isLate = chance.isOneIn(3)
        faultyLives = chance.pick([0, 1, 2, 3])
        universe.with { universe in
            universe.strangers.marks = []
            for (_, deed) in deeds where !isLate { universe.act(deed) }
            universe.strangers.plans =
                !isLate
                ? []
                : deeds.map { moment, deed in
                    switch moment {
                    case .request(let number): (.request(universe.servers.requests + number), deed)
                    case .effect(let number):
                        (.effect(universe.servers.arrivals.count { $0.tookEffect } + number), deed)
                    case .pause: (.pause, deed)
                    }
                }
        }
    }

    // MARK: judgement

    private func judge(_ driver: RunDriver, isReleased: Bool = false) {
        universe.with { universe in
            universe.judgeSnapshots(window: Stage.window)
            universe.judgeLedger(driver, window: Stage.window)
            guard isReleased else { return }
            for problem in universe.overwritten() { universe.blame(problem) }
            let kept = Restoration.kept(driver, universe.disk)
            let partly = Restoration.partlyGone(universe.disk, universe.servers, lastDeed: universe.strangers.last)
            for problem in Restoration.problems(universe.servers, kept: kept.union(partly)) {
                universe.blame(problem)
            }
        }
    }
}

/// Keeps what a driver tells.
final class NoteBox: Sendable {
    private let notes = Mutex<[RunNote]>([])

    func add(_ note: RunNote) { notes.withLock { $0.append(note) } }

    /// Where an undo stopped, and why.
    var stopped: (change: String, reason: String)? {
        notes.withLock { notes in
            for case .undoStopped(let change, let reason) in notes.reversed() { return (change, reason) }
            return nil
        }
    }
}

extension RunStatus {
    var isEnded: Bool { [.succeeded, .failed, .refused, .cancelled].contains(self) }
}
