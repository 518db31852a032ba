import Catalogue
import Orchestration
import Planning
import Runs
import Synchronization
import Testing
import Vocabulary

/// Answers of the pod's ports, one list after the other, and who asked for what.
private final class ScriptedPod: Sendable {
    struct Question: Sendable, Hashable {
        var address: String
        var ports: [Int]
        var limit: Duration
    }

    private let state: Mutex<(answers: [PortAnswer], asked: [Question])>

    /// The last answer is given for ever.
    init(_ answers: PortAnswer...) { state = Mutex((answers, [])) }

    var asked: [Question] { state.withLock { $0.asked } }

    var prober: PortProber {
        { address, ports, limit in
            self.state.withLock { state in
                state.asked.append(Question(address: "\(address)", ports: ports, limit: limit))
                let answer = state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
                return Dictionary(uniqueKeysWithValues: ports.map { ($0, answer) })
            }
        }
    }
}

@Suite("A run looks from outside whether the pod is cut off, and a plan never does")
struct IngressWatchTests {
    private static let open = PortAnswer.connected(from: IPAddress("10.20.9.9"))

    private func run(_ pod: ScriptedPod, responder: ResponderPlace = ResponderPlace()) async throws -> RunDriver {
        let incident = try Incident(responder: responder)
        var driver = try incident.driver(try await incident.plan(prober: pod.prober), prober: pod.prober)
        await driver.run(seed: 1)
        return driver
    }

    private func reasons(_ driver: RunDriver) -> [String] { driver.plan.containment?.reasons ?? [] }

    @Test("planning asks the pod for nothing")
    func plansInSilence() async throws {
        let pod = ScriptedPod(Self.open)
        _ = try await Incident().plan(prober: pod.prober)
        #expect(pod.asked.isEmpty)
    }

    @Test("only the pod's own address and declared ports are asked, before for a short time and after")
    func asksThePodAlone() async throws {
        let pod = ScriptedPod(Self.open, .silent)
        let driver = try await run(pod)
        let incident = try Incident()
        let address = await incident.objects("Pod").first { $0[["metadata", "name"]] == "cart-7c9d8b6f5-k7f2q" }?[
            ["status", "podIP"]
        ]
        #expect(pod.asked.count == 2)
        #expect(
            pod.asked.allSatisfy { $0.ports == [8080] && .string($0.address) == address && $0.limit <= .seconds(1) }
        )
        #expect(pod.asked[0].limit < pod.asked[1].limit)
        #expect(driver.status == .succeeded && driver.plan.containment?.verdict == .contained)
        #expect(reasons(driver).contains { $0.contains("were accepted before and are not now") }, "\(reasons(driver))")
    }

    @Test("a connection that is still accepted when the time is over is a leak, and the run does not succeed with it")
    func leaks() async throws {
        let pod = ScriptedPod(Self.open)
        let driver = try await run(pod)
        #expect(pod.asked.count == 5)
        #expect(driver.plan.containment?.verdict == .leaking && driver.plan.containment?.flows == .disproved)
        #expect(driver.status != .succeeded)
        #expect(reasons(driver).contains { $0.contains("is still accepted") }, "\(reasons(driver))")
    }

    @Test("a plugin that takes a moment to put the policy in force is waited for")
    func waits() async throws {
        let pod = ScriptedPod(Self.open, Self.open, Self.open, .silent)
        let driver = try await run(pod)
        #expect(pod.asked.count == 4)
        #expect(driver.plan.containment?.verdict == .contained)
    }

    @Test("an attempt that finds all done is held to what an earlier one could reach", arguments: [true, false])
    func holdsRetriesToIt(isCutLater: Bool) async throws {
        let playbook = """
            playbook: p
            states:
              isolate: { action: isolate-pod, retry: [{ errors: [Leaking], interval: 1s, attempts: 1 }], end: true }

            """
        let pod =
            isCutLater
            ? ScriptedPod(Self.open, Self.open, Self.open, Self.open, Self.open, .silent) : ScriptedPod(Self.open)
        let incident = try Incident(playbook: playbook)
        var driver = try incident.driver(try await incident.plan(), prober: pod.prober)
        await driver.run(seed: 1)
        #expect(pod.asked.count == (isCutLater ? 6 : 9))
        #expect(driver.plan.containment?.verdict == (isCutLater ? .contained : .leaking), "\(reasons(driver))")
    }

    @Test("where nothing could be reached before, nothing is asked again and nothing is said")
    func needsAControl() async throws {
        for answer in [PortAnswer.silent, .refused, .failed] {
            let pod = ScriptedPod(answer)
            let driver = try await run(pod)
            #expect(pod.asked.count == 1)
            #expect(driver.plan.containment?.verdict == .contained)
            #expect(!reasons(driver).contains { $0.contains("accepted") })
        }
    }

    @Test("without a look before, silence afterwards proves nothing, and an open port is a leak all the same")
    func provesNothingWithoutControl() async throws {
        let playbook = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
        for (answer, verdict) in [(PortAnswer.silent, ContainmentReport.Verdict.contained), (Self.open, .leaking)] {
            let incident = try Incident(playbook: playbook)
            let journal = MemoryJournal()
            let reviewed = try await incident.plan()
            var first = try incident.driver(reviewed, journal: journal)
            await first.run(seed: 1)
            let unprobed = try #require(first.plan.containment)
            // The process died before the run heard of the attempt, and with it went what it could reach before.
            let heard = await journal.records.prefix { if case .ended = $0.input.event { false } else { true } }
            let past = RunPast(records: Array(heard), entries: await journal.entries)
            let pod = ScriptedPod(answer)
            var second = try incident.driver(reviewed, past: past, prober: pod.prober)
            await second.recover(by: "the test")
            #expect(!pod.asked.isEmpty && second.plan.containment?.verdict == verdict)
            if answer == .silent { #expect(second.plan.containment == unprobed, "\(reasons(second))") }
        }
    }

    @Test("on the pod's own node nobody looks: no policy keeps a node from its pods")
    func ownNode() async throws {
        let pod = ScriptedPod(Self.open)
        let node = "ip-10-20-1-11.eu-central-1.compute.internal"
        let driver = try await run(pod, responder: ResponderPlace(node: node))
        #expect(pod.asked.isEmpty)
        #expect(!reasons(driver).contains { $0.contains("accepted") })
    }
}
