import FoundationEssentials
import Glibc
import Runs
import TestSupport
import Testing
import Vocabulary

/// Histories that were recorded once must replay forever; breaking one needs a new version of the record.
///
/// `UPDATE_GOLDEN=1` records those that are not there yet, and never touches one that is.
@Suite("recorded histories")
struct HistoryTests {
    /// The first line of a file; one record a line follows.
    struct Header: Codable {
        var history = 1
        var definition: RunDefinition
        var status: RunStatus?
        var summary: String?
        var open: Int?
        /// The code of the fault that the replay must end with.
        var fault: String?
    }

    static let folder = PackageFolder.fixture("histories/v1")
    static let names = (try? Files.names(in: folder).filter { $0.hasSuffix(".jsonl") }) ?? []  // checked by `areThere`

    @Test("are there, the broken ones too")
    func areThere() {
        #expect(Set(Self.names).isSuperset(of: Scene.all.map { $0.name + ".jsonl" }))
        #expect(Self.names.contains { $0.hasPrefix("broken-") })
    }

    @Test("each replays to its recorded end, or is refused as recorded", arguments: names)
    func replays(name: String) throws {
        let lines = try Files.text("\(Self.folder)/\(name)").split(separator: "\n").map { Data($0.utf8) }
        let header = try JSONDecoder().decode(Header.self, from: try #require(lines.first))
        var records: [RunRecord] = []
        for line in lines.dropFirst() { records.append(try JSONDecoder().decode(RunRecord.self, from: line)) }
        do throws(RunFault) {
            let machine = try RunMachine.replay(header.definition, records)
            #expect(machine.status == header.status)
            #expect(machine.summary == header.summary)
            #expect(machine.openEffects.count == header.open)
            #expect(header.fault == nil)
        } catch {
            #expect(error.report.code == header.fault)
        }
    }

    @Test(
        "are recorded when asked for",
        .enabled(if: unsafe getenv("UPDATE_GOLDEN") != nil, "UPDATE_GOLDEN is not set")
    )
    func record() throws {
        for scene in Scene.all where !Self.names.contains(scene.name + ".jsonl") {
            let run = try scene.play()
            let machine = run.machine
            let header = Header(
                definition: machine.definition,
                status: machine.status,
                summary: machine.summary,
                open: machine.openEffects.count
            )
            try Self.write(header, run.records, to: scene.name)
        }
        try recordBroken()
    }

    private func recordBroken() throws {
        let run = try Scene.all[0].play()
        let definition = run.machine.definition
        var gap = run.records
        gap.remove(at: 1)
        var stranger = run.records
        stranger[1].run = "run-2"
        var future = run.records
        future[0].version = 99
        var impossible = run.records
        impossible[1].input.event = .ended(effect: EffectID(77), report: StepReport(.succeeded(output: 1)))
        let broken = [
            ("gap", gap, "RUN-007"), ("stranger", stranger, "RUN-007"), ("version", future, "RUN-007"),
            ("impossible", impossible, "RUN-008"),
        ]
        for (name, records, code) in broken where !Self.names.contains("broken-\(name).jsonl") {
            try Self.write(Header(definition: definition, fault: code), records, to: "broken-\(name)")
        }
    }

    private static func write(_ header: Header, _ records: [RunRecord], to name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = [try encoder.encode(header)]
        for record in records { lines.append(try encoder.encode(record)) }
        let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        try Files.write(Array(text.utf8), to: "\(folder)/\(name).jsonl")
    }
}

/// A run worth keeping: what made it is here, what it was is in its file.
struct Scene: Sendable {
    var name: String
    var play: @Sendable () throws -> Rehearsed

    static let all = [
        Scene(name: "contained", play: contained), Scene(name: "leaking-then-cordoned", play: leaking),
        Scene(name: "timeout-looked-up", play: timeout), Scene(name: "cancelled-and-undone", play: cancelled),
        Scene(name: "refused-approval", play: refused), Scene(name: "parked-in-flight", play: parked),
    ]

    private static func definition() -> RunDefinition {
        var isolate = StateDefinition("isolate", .task(hasParameters: true), next: .state("snapshot"))
        isolate.timeout = .seconds(10)
        isolate.catches = [CatchPolicy(errors: [.named("Leaking")], next: "cordon", binding: "isolation")]
        var snapshot = StateDefinition.task("snapshot", next: .state("rest"))
        let errors = [ErrorMatcher.named("Throttled"), .named("Unavailable")]
        snapshot.retry = [
            RetryPolicy(errors: errors, interval: .seconds(2), attempts: 5, maxDelay: .seconds(30), jitter: .full)
        ]
        snapshot.catches = [CatchPolicy(errors: [.any], next: "cordon")]
        snapshot.timeout = .seconds(60)
        let rest = StateDefinition("rest", .wait(.span(.seconds(5))), next: .state("tell"))
        var cordon = StateDefinition.task("cordon", next: .state("tell"))
        cordon.needsApproval = true
        let tell = StateDefinition.task("tell")
        return RunDefinition([isolate, snapshot, rest, cordon, tell], finally: [.task("notify")])
    }

    private static func started() throws -> Rehearsed {
        var run = try Rehearsed(started: definition())
        let request = TaskRequest(parameters: ["allow": [["cidr": "10.0.100.10/32", "port": 443]]])
        try run.apply(.evaluated(effect: try run.open("evaluation"), result: .request(request)))
        return run
    }

    private static func contained() throws -> Rehearsed {
        var run = try started()
        try run.succeed(["policy": "quarantine-a"], changes: ["policy", "label"], .contained)
        try run.fail("Throttled")
        try run.fire(.retry)
        try run.succeed(["snapshots": ["snap-0a1b2c3d"]], changes: ["snapshot"])
        try run.fire(.wait)
        try run.succeed()
        try run.succeed()
        return run
    }

    private static func leaking() throws -> Rehearsed {
        var run = try started()
        try run.fail("Leaking", changes: ["policy"], .leaking)
        try run.apply(.approved(effect: try run.open("approval"), by: "ann"))
        try run.succeed(changes: ["cordon"])
        try run.succeed()
        try run.fail("NoRoute")
        return run
    }

    private static func timeout() throws -> Rehearsed {
        var run = try started()
        try run.succeed(changes: ["policy"], .contained)
        try run.fire(.timeout)
        let lookUp = try run.open("look-up")
        try run.fire(.reconcile)
        try run.apply(
            .reconciled(effect: lookUp, report: StepReport(.succeeded(output: [:]), changes: [.init(id: "s")]))
        )
        return run
    }

    private static func cancelled() throws -> Rehearsed {
        var run = try started()
        try run.succeed(changes: ["policy", "label"], .contained)
        try run.apply(.cancelRequested(by: "ann"))
        try run.apply(.reconciled(effect: try run.open("look-up"), report: StepReport(.failed(error: StepError(nil)))))
        try run.succeed()
        try run.apply(.undoRequested(by: "ann", keeping: []))
        try run.apply(.undone(effect: try run.open("undo"), result: .done))
        try run.apply(.undone(effect: try run.open("undo"), result: .refused(reason: "changed since")))
        return run
    }

    private static func refused() throws -> Rehearsed {
        var run = try started()
        try run.fail("Leaking", changes: ["policy"], .leaking)
        try run.apply(.rejected(effect: try run.open("approval"), by: "ann", reason: "wrong node"))
        try run.succeed()
        return run
    }

    private static func parked() throws -> Rehearsed {
        var run = try started()
        try run.apply(.parked(reason: "the store was full"))
        try run.succeed(changes: ["policy"], .contained)
        return run
    }
}
