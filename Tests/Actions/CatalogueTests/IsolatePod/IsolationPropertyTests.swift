import Catalogue
internal import Glibc
import OpenSSLCrypto
import Planning
import TestSupport
import Testing
import Vocabulary

/// Random clusters, planned and applied, against an oracle that tries everything.
@Suite("isolate-pod over random clusters")
struct IsolationPropertyTests {
    private struct Tally {
        var clusters = 0
        /// Some policy stood in the way, and labels or permitted patches suffice.
        var solvable = 0
        var unsolvable = 0
        var idle = 0
    }

    private static var seed: UInt64 {
        unsafe getenv("SEED").flatMap { unsafe UInt64(String(cString: $0)) } ?? 20_261_125
    }

    /// Eight shards, which the machine may run side by side.
    private static let shards = 8
    private static let clustersPerShard = 250

    @Test(
        "a plan cuts the pod off wherever that can be done, and says why not elsewhere",
        .timeLimit(.minutes(5)),
        arguments: 0..<shards
    )
    func plansContain(shard: Int) throws {
        let seed = Self.seed
        var tally = Tally()
        for number in 0..<Self.clustersPerShard {
            let step = UInt64(shard * Self.clustersPerShard + number)
            try check(seed: seed &+ step &* 7_919, &tally)
        }
        print("isolate-pod over random clusters: SEED=\(seed), shard \(shard): \(tally)")
        #expect(tally.clusters == Self.clustersPerShard)
        #expect(tally.solvable * 100 >= tally.clusters * 60)
        #expect(tally.unsolvable * 100 >= tally.clusters * 5)
    }

    private func check(seed: UInt64, _ tally: inout Tally) throws {
        let cluster = try SmallCluster(seed: seed)
        let request = try Isolation.request(allow: cluster.allow, mode: cluster.mode)
        let plan = try IsolatePod().plan(request, Isolation.facts(cluster.objects, request))
        let before = BruteForceOracle(cluster.objects, allow: cluster.allow)
        var server = TinyServer(objects: cluster.objects)
        for change in plan.changes { try server.apply(change.change) }
        let after = BruteForceOracle(server.objects, allow: cluster.allow)
        let report = try #require(plan.containment)
        let context = Comment(rawValue: "SEED=\(seed), one cluster: \(report.reasons)")

        let mark = try #require(after.peers["ns0/\(SmallCluster.target)"]?.labels["firebreak.dev/quarantine"])
        let best = before.bestPossible(mode: cluster.mode, mark: mark)
        let reported = Set(report.policies.filter { $0.answer == .reported }.map(\.name))
        let patched = Set(report.policies.filter { $0.answer == .patched }.map(\.name))
        #expect(reported.count == best.unanswered, context)
        #expect(patched.count == best.patches, context)
        #expect((report.policy == .proved) == (best.unanswered == 0), context)
        for name in reported { #expect(report.reasons.contains { $0.contains("/\(name) still lets") }, context) }

        expectNothingOpen(after, report, context)
        expectSiblingsUntouched(before, after, context)
        try expectSettled(request, server, report, context)

        tally.clusters += 1
        if report.policies.isEmpty {
            tally.idle += 1
        } else if best.unanswered == 0 {
            tally.solvable += 1
        } else {
            tally.unsolvable += 1
        }
    }

    /// Whatever still lets something through is in the report, per direction; and only that.
    private func expectNothingOpen(_ after: BruteForceOracle, _ report: ContainmentReport, _ context: Comment) {
        let labels = after.peers["ns0/\(SmallCluster.target)"]?.labels ?? [:]
        let selecting = after.policies.filter { $0.namespace == "ns0" && BruteForceOracle.matches($0.selector, labels) }
        #expect(selecting.contains { $0.name.hasPrefix("firebreak-quarantine-") && $0.types.count == 2 }, context)
        var open: Set<String> = []
        for policy in selecting {
            for direction in ["Ingress", "Egress"] where after.leaks(policy, direction) {
                open.insert("\(policy.name) \(direction.lowercased())")
            }
        }
        let reported = report.policies.filter { $0.answer == .reported }.map { "\($0.name) \($0.direction.rawValue)" }
        #expect(open == Set(reported), context)
    }

    private func expectSiblingsUntouched(_ before: BruteForceOracle, _ after: BruteForceOracle, _ context: Comment) {
        let names = before.peers.keys.filter { $0 != "ns0/\(SmallCluster.target)" }.sorted()
        for source in names {
            for destination in names where destination != source {
                guard let from = before.peers[source], let to = before.peers[destination] else { continue }
                for (kind, port) in [("TCP", 8_080), ("TCP", 443), ("UDP", 53), ("SCTP", 9), ("ICMP", 0)] {
                    let was = before.reaches(from, to, kind, port)
                    #expect(was == after.reaches(from, to, kind, port), context)
                }
            }
        }
    }

    /// Planned again on the changed world there is nothing to do, and the judgement is the one that was promised.
    private func expectSettled(
        _ request: ActionRequest,
        _ server: TinyServer,
        _ promised: ContainmentReport,
        _ context: Comment
    ) throws {
        let facts = try Isolation.facts(server.objects, request)
        let again = try IsolatePod().plan(request, facts)
        #expect(again.alreadyDone && again.changes.isEmpty, context)
        let judged = try #require(IsolatePod().judge(request, facts))
        #expect(judged.policy == promised.policy, context)
        #expect(judged.policies == promised.policies, context)
    }
}

/// Requests and facts for tests of isolate-pod.
enum Isolation {
    static func request(
        pod: String = SmallCluster.target,
        namespace: String = "ns0",
        allow: [JSONValue] = [],
        mode: String = "unmanaged",
        expires: Duration? = nil
    ) throws -> ActionRequest {
        let place: NamespaceName = try #require(NamespaceName(namespace))
        let name: ObjectName = try #require(ObjectName(pod))
        let subject = Subject(namespace: place, pod: .init(name: name))
        return ActionRequest(
            parameters: ["allow": .array(allow), "patchPolicies": .string(mode)],
            subject: subject,
            finding: nil,
            runId: "run-1",
            playbook: "contain-pod",
            state: "isolate",
            incidentKey: "incident-1",
            now: Timestamp(milliseconds: 1_764_000_000_000),
            expires: expires,
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
    }

    static func facts(_ objects: [JSONValue], _ request: ActionRequest) throws -> IsolatePodFacts {
        let name = request.subject.pod?.name.rawValue
        let namespace = request.subject.namespace?.rawValue ?? ""
        let pod = try #require(
            objects.first {
                $0["kind"] == "Pod" && $0[["metadata", "name"]]?.string == name
                    && $0[["metadata", "namespace"]]?.string == namespace
            }
        )
        let seen = ObservedObjects(dump: objects, namespace: namespace, node: pod[["spec", "nodeName"]]?.string)
        let uid = pod[["metadata", "uid"]]?.string ?? ""
        let policy = "firebreak-quarantine-\(request.fingerprint(uid).prefix(16))"
        return try #require(IsolatePodFacts(pod: pod, seen, policyName: policy, isRehearsed: true))
    }
}
