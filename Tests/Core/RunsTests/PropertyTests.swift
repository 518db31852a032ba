import FoundationEssentials
import Runs
import Testing
import Vocabulary

/// What holds for every run, whatever happens to it.
///
/// The `seed` of a failing case makes the same walk again.
@Suite("properties of every run")
struct PropertyTests {
    @Test("hold along random walks", arguments: 1...60 as ClosedRange<UInt64>)
    func walks(seed: UInt64) throws {
        var walk = RandomWalk(seed: seed)
        var run = try WatchedRun(walk.definition())
        for _ in 0..<250 { try run.take(walk.event(run.machine, past: run.accepted)) }
        try run.checkEnd()
    }

    @Test("hold along one walk of 10,000 steps", arguments: [424_242] as [UInt64])
    func longWalk(seed: UInt64) throws {
        var walk = RandomWalk(seed: seed)
        var run = try WatchedRun(walk.definition())
        for _ in 0..<10_000 {
            try run.take(walk.event(run.machine, past: run.accepted))
            if run.isOver, walk.chance(5) { run = try WatchedRun(walk.definition()) }
        }
        try run.checkEnd()
    }

    @Test("the walks reach every status and every kind of effect")
    func coverage() throws {
        var statuses: Set<RunStatus> = []
        var kinds: Set<String> = []
        for seed in 1...60 as ClosedRange<UInt64> {
            var walk = RandomWalk(seed: seed)
            var run = try WatchedRun(walk.definition())
            for _ in 0..<250 {
                try run.take(walk.event(run.machine, past: run.accepted))
                statuses.insert(run.machine.status)
            }
            kinds.formUnion(run.kinds)
        }
        #expect(statuses == Set(RunStatus.allCases))
        #expect(kinds.count == 9)
    }
}

/// A run whose every step is checked.
struct WatchedRun {
    private(set) var machine: RunMachine
    private(set) var accepted: [RunInput] = []
    private(set) var kinds: Set<String> = []
    private var asked: [EffectID: RunEffect] = [:]
    private var wasRefused = false
    private var clock: Int64 = 1_800_000_000_000

    init(_ definition: RunDefinition) throws { machine = try RunMachine(definition) }

    var isOver: Bool { if case .finished = machine.phase { true } else { false } }

    mutating func take(_ event: RunInput.Event) throws {
        clock += 100
        let input = RunInput(at: Timestamp(milliseconds: clock), event)
        let before = machine
        do throws(RunFault) {
            let effects = try machine.apply(input)
            accepted.append(input)
            check(effects, from: before, event)
        } catch {
            #expect(machine == before, "a fault changes nothing: \(error)")
        }
    }

    private mutating func check(_ effects: [RunEffect], from before: RunMachine, _ event: RunInput.Event) {
        for effect in effects {
            kinds.insert(effect.kind)
            if let id = effect.answeredAs {
                #expect(asked.updateValue(effect, forKey: id) == nil, "\(id) was asked for twice")
            }
            if case .perform(_, let path, _) = effect, wasRefused {
                #expect(path.description.hasPrefix("finally"), "a refused run performs \(path)")
            }
            if case .undoChange(_, let change) = effect { checkUndo(change) }
        }
        for effect in machine.openEffects {
            guard let id = effect.answeredAs else { continue }
            #expect(asked[id] == effect, "an open effect was never asked for")
        }
        if case .refused = machine.end { wasRefused = true }
        if case .finished(let end) = before.phase { checkAbsorbs(end, event, effects) }
        if !isAbsorbed(before), case .finished(.succeeded) = machine.phase {
            #expect(machine.containment != .leaking, "a run that leaks succeeded")
        }
        if case .finished = machine.phase { #expect(machine.frames.frames.isEmpty) }
    }

    private func isAbsorbed(_ machine: RunMachine) -> Bool {
        switch machine.phase {
        case .finished, .undoing: true
        case .parked(_, _, .undoing): true
        case .admitted, .stepping, .stopping, .concluding, .parked: false
        }
    }

    /// After the end nothing but an undo leads on, and the verdict stays.
    private func checkAbsorbs(_ end: RunEnd, _ event: RunInput.Event, _ effects: [RunEffect]) {
        #expect(machine.end == end)
        switch event {
        case .undoRequested: break
        case .reconciled: #expect(effects.allSatisfy { $0.kind == "note" })
        case .started, .evaluated, .ended, .heartbeat, .timerFired, .approved, .rejected, .refused, .cancelRequested,
            .parked, .resumed, .undone, .containmentObserved:
            #expect(effects.isEmpty)
        }
    }

    /// Everything that was completed after the change is back, or stays for a reason.
    private func checkUndo(_ change: CompletedChange) {
        guard case .undoing(_, _, let keeping) = machine.phase,
            let place = machine.changes.firstIndex(where: { $0.id == change.id })
        else {
            Issue.record("an undo outside of undoing")
            return
        }
        for later in machine.changes[(place + 1)...] where later.standing == .applied {
            let state = machine.definition.state(later.state)
            #expect(keeping.contains(later.id) || state?.isUndone == false, "\(later.id) is newer than \(change.id)")
        }
    }

    /// Replaying what was accepted gives the same machine, through its encoded form too.
    func checkEnd() throws {
        let records = accepted.enumerated().map { RunRecord(run: "r", sequence: $0 + 1, input: $1) }
        #expect(try RunMachine.replay(machine.definition, records) == machine)
        let encoded = try JSONEncoder().encode(records)
        let decoded = try JSONDecoder().decode([RunRecord].self, from: encoded)
        #expect(try RunMachine.replay(machine.definition, decoded) == machine)
        let snapshot = try JSONDecoder().decode(RunMachine.self, from: JSONEncoder().encode(machine))
        #expect(snapshot == machine)
    }
}
