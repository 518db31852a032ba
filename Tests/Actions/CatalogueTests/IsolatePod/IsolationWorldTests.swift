import Catalogue
import KubernetesAPI
import NetworkReach
import Planning
import Rehearsal
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// The shared worlds: every subject of the index is observed, planned, applied, judged and released in rehearsal.
@Suite("isolate-pod in the shared worlds", .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)))
struct IsolationWorldTests {
    static let folder = "fixtures/worlds/"

    static let cases: [WorldCase] = {
        guard let text = try? Files.text(Corpora.path(folder + "index.json")),  // absent: the suite is not enabled
            let index = try? JSONReader.parse(text)
        else { return [] }
        return (index.array ?? []).compactMap(WorldCase.init)
    }()

    @Test(
        "the policies that would still allow are answered or named, and the pod is as cut off as promised",
        arguments: cases
    )
    func contains(_ world: WorldCase) async throws {
        for subject in try world.subjects() {
            try await check(world, subject)
        }
    }

    private func check(_ world: WorldCase, _ subject: (namespace: String, name: String)) async throws {
        let cluster = try RehearsalCluster(try world.documents())
        let stage = RehearsalWorld(cluster: cluster) { Timestamp(milliseconds: 1_764_000_000_000) }
        let client = KubernetesClient(transport: stage, origin: RehearsalCluster.origin)
        let place = World(kubernetes: client, aws: nil, isRehearsed: true)
        let request = try Isolation.request(pod: subject.name, namespace: subject.namespace, expires: .seconds(86_400))
        let action = IsolatePod()
        guard !world.id.hasSuffix("gone-pod") else {
            await #expect { try await action.observe(request, in: place) } throws: { error in
                (error as? ActionFault)?.name == "NotFound"
            }
            return
        }
        let facts = try await action.observe(request, in: place)
        let plan = try action.plan(request, facts)
        expectAnswers(plan, world)
        expectWarnings(plan, world)
        guard plan.verdicts.allSatisfy({ $0.verdict != .refuse }) else {
            #expect(world.expect["outcome"] == "refuse" && plan.changes.isEmpty)
            return
        }
        for change in plan.changes { try await send(change.change, client) }
        let after = try await action.observe(request, in: place)
        expectSettled(action, request, after, plan)
        let judged = try #require(action.judge(request, after))
        #expect(judged.verdict == plan.containment?.verdict, "\(judged.reasons)")
        expectSiblings(facts, after, world)
        try await release(plan, client)
        let released = try await action.observe(request, in: place)
        #expect(released.quarantinePolicy == nil)
        #expect(released.policies.map(\.podSelector) == facts.policies.map(\.podSelector))
        #expect(released.pod.endpoint.labels["firebreak.dev/quarantine"] == nil)
        if plan.output["detachedFrom"]?.isNull == true {
            #expect(released.pod.endpoint.labels == facts.pod.endpoint.labels)
            #expect(released.pod.annotations == facts.pod.annotations)
        }
    }

    private func expectAnswers(_ plan: ActionPlan, _ world: WorldCase) {
        let expected = world.expect["policiesThatStillAllowAfterADenyAll"]
        for direction in ["ingress", "egress"] {
            let named = (plan.containment?.policies ?? []).filter { $0.direction.rawValue == direction }.map(\.name)
            for policy in expected?[direction]?.array ?? [] {
                #expect(named.contains(policy.string ?? ""), "\(world.id): \(direction) \(policy)")
            }
        }
        if let verdict = world.expect["containment"]?.string {
            #expect(plan.containment?.verdict.rawValue == verdict, "\(plan.containment?.reasons ?? [])")
        }
    }

    /// The words of more than three letters that an expected warning has must nearly all be in one of ours.
    private func expectWarnings(_ plan: ActionPlan, _ world: WorldCase) {
        let ours = plan.warnings.map { Self.words($0) }
        for warning in world.expect["warn"]?.array ?? [] {
            let wanted = Self.words(warning.string ?? "")
            let isSaid = ours.contains { $0.intersection(wanted).count * 10 >= wanted.count * 6 }
            if subjectMatters(world, warning) { #expect(isSaid, "\(world.id): “\(warning)” in \(plan.warnings)") }
        }
    }

    /// With two subjects a warning holds for the one that it names.
    private func subjectMatters(_ world: WorldCase, _ warning: JSONValue) -> Bool { world.expect["runs"] == nil }

    private static func words(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter && $0 != "-" }.filter { $0.count > 3 }.map(String.init))
    }

    private func expectSettled(
        _ action: IsolatePod,
        _ request: ActionRequest,
        _ after: IsolatePodFacts,
        _ plan: ActionPlan
    ) {
        do {
            let again = try action.plan(request, after)
            #expect(again.alreadyDone, "\(again.changes.map(\.summary))")
            #expect(again.containment?.policies == plan.containment?.policies)
        } catch {
            Issue.record(error)
        }
    }

    private func expectSiblings(_ before: IsolatePodFacts, _ after: IsolatePodFacts, _ world: WorldCase) {
        let old = ReachEvaluator(namespaces: before.namespaces, policies: before.policies)
        let new = ReachEvaluator(namespaces: after.namespaces, policies: after.policies)
        let siblings = before.pods.filter { $0.uid != before.pod.endpoint.uid }
        for sibling in siblings where sibling.namespace == before.pod.namespace {
            let was = old.reach(of: sibling, among: siblings)
            #expect(was == new.reach(of: sibling, among: siblings), "\(world.id): \(sibling.qualifiedName)")
        }
    }

    private func release(_ plan: ActionPlan, _ client: KubernetesClient) async throws {
        for change in plan.changes.reversed() where change.semantics != .bestEffort {
            guard case .inverse(_, let inverse, let guards) = change.undo else {
                Issue.record("\(change.summary) has no inverse")
                continue
            }
            for expectation in guards {
                guard case .kubernetes(let path) = expectation.place else { continue }
                let answer = try await client.send("GET", path)
                let found = answer.body[expectation.field]
                switch expectation.test {
                case .equals(let value): #expect(found == value, "\(expectation.summary)")
                case .absent: #expect(found == nil, "\(expectation.summary)")
                case .present, .countAtLeast: #expect(found != nil, "\(expectation.summary)")
                }
            }
            try await send(inverse, client)
        }
    }

    private func send(_ change: Change, _ client: KubernetesClient) async throws {
        guard case .kubernetes(let write) = change else {
            Issue.record("isolate-pod writes to Kubernetes only")
            return
        }
        let methods: [KubernetesChange.Verb: String] = [
            .create: "POST", .patch: "PATCH", .update: "PUT", .delete: "DELETE",
        ]
        let answer = try await client.send(
            try #require(methods[write.verb]),
            write.path,
            query: write.query,
            contentType: write.contentType.rawValue,
            body: write.body
        )
        #expect([200, 201, 202].contains(answer.status), "\(write.verb) \(write.path): \(answer)")
    }
}

/// One entry of the index.
struct WorldCase: Sendable, CustomTestStringConvertible {
    var id: String
    var event: String
    var world: String
    var expect: JSONValue

    init?(_ entry: JSONValue) {
        guard let id = entry["id"]?.string, let event = entry["event"]?.string, let world = entry["world"]?.string,
            let expect = entry["expect"]
        else { return nil }
        (self.id, self.event, self.world, self.expect) = (id, event, world, expect)
    }

    var testDescription: String { id }

    /// The pods that the event's findings name.
    func subjects() throws -> [(namespace: String, name: String)] {
        let document = try JSONReader.parse(Files.text(Corpora.path(IsolationWorldTests.folder + event)))
        var found: [(namespace: String, name: String)] = []
        for finding in document[["detail", "findings"]]?.array ?? [] {
            for resource in finding["Resources"]?.array ?? [] {
                let other = resource[["Details", "Other"]]
                guard other?["kind"] == "Pod", let name = other?["name"]?.string else { continue }
                found.append((other?["namespace"]?.string ?? "", name))
            }
        }
        return found
    }

    func documents() throws -> [JSONValue] {
        let bytes = try Files.bytes(Corpora.path(IsolationWorldTests.folder + world))
        return try YAMLTree.parseAll(bytes, file: world).map(\.json)
    }
}
