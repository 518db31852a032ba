import Glibc
import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// One way to die.
enum Death: Sendable, CustomStringConvertible {
    /// At the N-th call of one thread, by the kernel's hand.
    case call(String, Int)
    /// At the N-th time that the program comes to a point of its own.
    case point(String, Int)

    var description: String {
        switch self {
        case .call(let name, let number): "\(name) \(number)"
        case .point(let name, let number): "point \(name) \(number)"
        }
    }

    var environment: String {
        switch self {
        case .call: ""
        case .point(let name, let number): "FIREBREAK_CRASH=\(name):\(number)"
        }
    }

    var wrapper: String {
        switch self {
        case .call(let name, let number):
            "strace -f -qq -o /dev/null -e trace=\(name) -e inject=\(name):signal=KILL:when=\(number)"
        case .point: ""
        }
    }

    static let calls = ["pwrite64", "fdatasync", "sendto", "sendmsg", "write", "writev"]
}

/// A playbook's world, set back between trials, and the means to judge what a trial left in it.
struct CrashStage: Sendable {
    let playbook: String
    let server: RehearsalServer
    private let cluster: RehearsalCluster
    private let account: JSONValue
    /// What an undisturbed run changes at the servers, and what it leaves.
    private(set) var effects: [String] = []
    private(set) var content: [String] = []

    init(_ playbook: String) async throws {
        self.playbook = playbook
        server = try await RehearsalServer(playbook)
        cluster = await server.world.cluster
        account = await (server.world.account as? RehearsalAWS)?.document() ?? .null
        try await reset()
        _ = try await server.firebreak(run)
        effects = server.journal.effects.sorted()
        content = await comparable()
    }

    var run: String {
        "run \(server.folder)/playbook.yaml --finding \(server.findingFile) --apply --yes --store \(store)"
    }
    var store: String { server.path("store") }

    func reset(lostAnswer: Int? = nil, blindness: Duration = .zero) async throws {
        _ = try Command.run("rm -rf \(store)")
        await server.world.replace(cluster: cluster, account: try RehearsalAWS(account))
        server.journal.begin(lostAnswer: lostAnswer, blindness: blindness)
    }

    /// How often the busiest thread makes each call in an undisturbed run.
    func counts() async throws -> [String: Int] {
        try await reset()
        let folder = server.path("calls")
        _ = try Command.run("rm -rf \(folder); mkdir \(folder)")
        let trace = Death.calls.joined(separator: ",")
        _ = try await server.firebreak(run, wrapper: "strace -ff -qq -o \(folder)/t -e trace=\(trace)")
        var counts: [String: Int] = [:]
        for call in Death.calls {
            let (output, _) = try Command.run(
                "grep -c '^\(call)(' \(folder)/t.* 2>/dev/null | sed 's/.*://' | sort -n | tail -1"
            )
            counts[call] = Int(output.filter(\.isNumber)) ?? 0
        }
        return counts
    }

    /// Lets a run die and somebody go on with it.
    ///
    /// - Returns: whether it died at all, and what is wrong with the world afterwards.
    func trial(
        _ death: Death,
        within window: String = "2s",
        blindness: Duration = .zero
    ) async throws -> (
        died: Bool, problems: [String]
    ) {
        try await reset(blindness: blindness)
        let (json, _) = try await server.firebreak(run, wrapper: "\(death.environment) \(death.wrapper)")
        let died = json["runs"]?.array == nil
        var problems = try await recover(window)
        problems += await judge().map { "\(death): \($0)" }
        return (died, problems)
    }

    /// As an operator would: go on with what is there; what never began is begun again.
    func recover(_ window: String = "2s") async throws -> [String] {
        let (list, status) = try await server.firebreak("runs list --store \(store)")
        guard status == 0 else { return ["runs list ends with \(status): \(list)"] }
        guard list["runs"]?.array?.isEmpty == false else {
            let (json, status) = try await server.firebreak(run)
            return [0, 5].contains(status) ? [] : ["begun again it ends with \(status): \(json)"]
        }
        let (json, end) = try await server.firebreak("runs recover --reconcile-within \(window) --store \(store)")
        return [0, 5].contains(end) ? [] : ["recovered it ends with \(end): \(json)"]
    }

    /// By the servers' own contents and journals.
    func judge() async -> [String] {
        var problems: [String] = []
        let found = server.journal.effects.sorted()
        if found != effects { problems.append("took effect: \(found), wanted: \(effects)") }
        let left = await comparable()
        if left != content {
            problems.append(
                "left: \(left.filter { !content.contains($0) }), wanted: \(content.filter { !left.contains($0) })"
            )
        }
        return problems
    }

    /// The servers' contents without what differs from run to run: ids of runs, moments, versions.
    private func comparable() async -> [String] {
        let objects = await server.objects().sorted { $0.key < $1.key }.map {
            $0.key + " " + JSONWriter.canonical($0.value)
        }
        let account = await server.account()
        let rest = (account.snapshots + account.findings).map { JSONWriter.canonical($0) }
        return (objects + rest).map { text in
            text.replacing(/run-[0-9a-f]{16}/, with: "RUN").replacing(/20\d\d-\d\d-\d\dT[0-9:.]+Z/, with: "THEN")
        }
    }
}

@Suite(
    "A run that is killed anywhere is gone on with, and takes effect once",
    .serialized,
    .enabled(if: TLSProxy.isPresent && Command.exists("strace"), "nghttpx, openssl or strace is absent"),
    .timeLimit(.minutes(60))
)
struct CrashTests {
    /// All of them, or a few of each kind.
    private static let isWhole = unsafe getenv("FIREBREAK_ALL_CRASHES") != nil

    private static func numbers(upTo last: Int, _ chance: inout SeededChance) -> [Int] {
        guard !isWhole, last > 2 else { return last > 0 ? Array(1...last) : [] }
        return Set((0..<2).map { _ in Int.random(in: 1...last, using: &chance) }).sorted()
    }

    private static func tell(_ text: String) {
        guard let path = unsafe getenv("FIREBREAK_CRASH_LOG").map({ unsafe String(cString: $0) }) else { return }
        _ = try? Command.run("printf '%s\n' '\(text)' >> '\(path)'")
    }

    @Test("killed at any call that writes to a disk or a socket", arguments: ["contain-pod", "capture-then-contain"])
    func killedByTheKernel(_ playbook: String) async throws {
        let seed = Seed.fromEnvironment() ?? 20_261_125
        var chance = SeededChance(seed: seed)
        let stage = try await CrashStage(playbook)
        try #require(stage.effects.count >= 5, "\(stage.effects)")
        let counts = try await stage.counts()
        try #require(counts.values.reduce(0, +) > 20, "\(counts)")
        Self.tell("\(playbook): calls of the busiest thread \(counts)")
        var deaths: [Death] = []
        for call in Death.calls {
            deaths += Self.numbers(upTo: counts[call] ?? 0, &chance).map { .call(call, $0) }
        }
        let died = try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in 0..<Self.lanes {
                let share = stride(from: lane, to: deaths.count, by: Self.lanes).map { deaths[$0] }
                group.addTask {
                    let stage = lane == 0 ? stage : try await CrashStage(playbook)
                    return try await Self.die(share, on: stage, seed)
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(died > 0)
    }

    /// Worlds side by side: a trial waits more than it works.
    private static let lanes = isWhole ? 4 : 1

    /// - Returns: how many of the trials met their death.
    private static func die(_ deaths: [Death], on stage: CrashStage, _ seed: UInt64) async throws -> Int {
        var died = 0
        for death in deaths {
            let trial = try await stage.trial(death)
            died += trial.died ? 1 : 0
            tell("\(stage.playbook): \(death): \(trial.died ? "died" : "lived") \(trial.problems)")
            #expect(trial.problems.isEmpty, "SEED=\(seed)")
        }
        return died
    }

    @Test("killed after any answer, and after anything was written", arguments: ["answered", "written"])
    func killedAtPoints(_ point: String) async throws {
        let stage = try await CrashStage("contain-pod")
        var number = 1
        while true {
            let trial = try await stage.trial(.point(point, number))
            Self.tell("contain-pod: point \(point) \(number): \(trial.died ? "died" : "lived") \(trial.problems)")
            #expect(trial.problems.isEmpty)
            guard trial.died else { break }
            number += Self.isWhole ? 1 : 4
        }
        #expect(number > 1)
    }

    @Test("killed while it takes changes back, it takes back the rest when asked again")
    func killedWhileUndoing() async throws {
        let stage = try await CrashStage("contain-pod")
        try await stage.reset()
        let before = await stage.server.objects()
        for point in ["written", "answered"] {
            var number = 1
            while true {
                try await stage.reset()
                let (json, _) = try await stage.server.firebreak(stage.run)
                let id = try #require(json["runs"]?[0]?["id"]?.string)
                let undo = "runs undo \(id) --yes --readopt --store \(stage.store)"
                let death = Death.point(point, number)
                let (output, _) = try await stage.server.firebreak(undo, wrapper: death.environment)
                let died = output["runs"]?.array == nil
                if died {
                    let (rest, status) = try await stage.server.firebreak(undo)
                    #expect(status == 0, "\(death): \(rest)")
                }
                let after = await stage.server.objects()
                let left = before.filter { after[$0.key] != $0.value }.keys.sorted()
                Self.tell("contain-pod: undo \(death): \(died ? "died" : "lived") \(left)")
                #expect(left.isEmpty && Set(after.keys) == Set(before.keys), "\(death)")
                guard died else { break }
                number += Self.isWhole ? 1 : 3
            }
            #expect(number > 1)
        }
    }

    @Test("when the answer to any change gets lost, it is looked up and never made twice")
    func losesAnswers() async throws {
        for playbook in ["contain-pod", "capture-then-contain"] {
            let stage = try await CrashStage(playbook)
            for number in 1...stage.effects.count {
                try await stage.reset(lostAnswer: number)
                let (json, status) = try await stage.server.firebreak(stage.run)
                #expect([0, 5].contains(status), "\(playbook), answer \(number): \(json)")
                let problems = await stage.judge()
                Self.tell("\(playbook): lost answer \(number): \(problems)")
                #expect(problems.isEmpty, "answer \(number)")
            }
        }
    }

    @Test("snapshots that cannot be seen for a while are waited for, also by another process")
    func seesLate() async throws {
        let blindness: Duration = Self.isWhole ? .seconds(30) : .seconds(3)
        let stage = try await CrashStage("contain-pod")
        let create = try #require(stage.server.journal.effects.firstIndex { $0.hasSuffix("CreateSnapshots") })
        // The answer is lost, and nobody can see what it made.
        try await stage.reset(lostAnswer: create + 1, blindness: blindness)
        let (json, status) = try await stage.server.firebreak(stage.run)
        #expect([0, 5].contains(status), "\(json)")
        #expect(await stage.judge().isEmpty)
        // The process dies with the answer in its hands.
        for number in 1...60 {
            let trial = try await stage.trial(.point("answered", number), within: "2m", blindness: blindness)
            Self.tell("blind \(blindness): answered \(number): \(trial.problems)")
            #expect(trial.problems.isEmpty)
            if stage.server.journal.effects.contains(where: { $0.hasSuffix("CreateSnapshots") }), trial.died { break }
        }
    }
}
