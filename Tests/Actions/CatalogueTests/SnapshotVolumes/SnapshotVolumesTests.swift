import AWSAPI
import Catalogue
import Planning
import TestSupport
import Testing
import Vocabulary

@Suite("Snapshots keep a node's disks as evidence, once for each incident")
struct SnapshotVolumesTests {
    private static let one = "ip-10-1-0-1.eu-central-1.compute.internal"
    private static let two = "ip-10-1-0-2.eu-central-1.compute.internal"
    private static let fargate = "fargate-ip-10-1-9-9.eu-central-1.compute.internal"

    private static func input(_ plan: ActionPlan) throws -> JSONValue {
        guard case .aws(let change) = try #require(plan.changes.first).change else { return .null }
        #expect(change.operation == "CreateSnapshots")
        return change.input
    }

    private func volumes(_ rehearsal: ActionRehearsal) async throws -> [String] {
        let region = try #require(RegionName("eu-central-1"))
        let output = try await rehearsal.aws.call("ec2", "DescribeSnapshots", [:], in: region)
        return (output["Snapshots"]?.array ?? []).compactMap { $0["VolumeId"]?.string }
    }

    @Test(
        "the volumes that were asked for are snapshotted, and no others",
        arguments: [
            ("all", ["vol-00000000000000001", "vol-00000000000000002", "vol-00000000000000003"]),
            ("root", ["vol-00000000000000001"]), ("data", ["vol-00000000000000002", "vol-00000000000000003"]),
        ]
    )
    func includes(_ include: String, _ expected: [String]) async throws {
        let rehearsal = try ActionRehearsal()
        let plan = try await rehearsal.plan(
            SnapshotVolumes.self,
            .sample(["node": .string(Self.one), "include": .string(include)])
        )
        #expect(plan.blastRadius.volumes == expected)
        #expect(plan.expectations.count == expected.count)
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation) == false) }
        try await rehearsal.apply(try #require(plan.changes.first).change)
        #expect(try await volumes(rehearsal) == expected)
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
    }

    @Test("a second run of the incident finds its snapshots, pending or not; another incident takes its own")
    func once() async throws {
        let rehearsal = try ActionRehearsal()
        let request = ActionRequest.sample(["node": .string(Self.one)])
        try await rehearsal.apply(
            try #require(try await rehearsal.plan(SnapshotVolumes.self, request).changes.first).change
        )
        let again = try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(Self.one)], run: "run-2"))
        #expect(again.alreadyDone && again.changes.isEmpty)
        #expect(again.output["snapshots"]?.array?.count == 3)
        #expect(again.output["evidenceTime"] == .string(ActionRehearsal.now.text(fractionDigits: 3)))
        let other = try await rehearsal.plan(
            SnapshotVolumes.self,
            .sample(["node": .string(Self.one)], incident: "other")
        )
        #expect(!other.alreadyDone)
    }

    @Test("what an incident has already is left out of the next call, and that is said")
    func onlyMissing() async throws {
        let rehearsal = try ActionRehearsal()
        let root = ActionRequest.sample(["node": .string(Self.one), "include": "root"])
        try await rehearsal.apply(
            try #require(try await rehearsal.plan(SnapshotVolumes.self, root).changes.first).change
        )
        let rest = try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(Self.one)]))
        #expect(try Self.input(rest)["InstanceSpecification"]?["ExcludeBootVolume"] == true)
        #expect(rest.warnings.say("1 of 3 volumes have a snapshot of this incident already"))
        try await rehearsal.apply(try #require(rest.changes.first).change)
        #expect(try await volumes(rehearsal).count == 3)
    }

    @Test("a failed snapshot is no evidence: it is taken again")
    func failedSnapshots() throws {
        let volume = try #require(VolumeID("vol-00000000000000001"))
        for (state, isDone) in [("pending", true), ("completed", true), ("error", false), ("recoverable", false)] {
            let facts = try Self.facts(
                snapshots: [.init(id: "snap-1", volume: volume, state: state, startTime: "2026-01-01T00:00:00Z")]
            )
            #expect(try SnapshotVolumes().plan(.sample(), facts).alreadyDone == isDone)
        }
    }

    private static func facts(
        type: String = "m6i.large",
        owner: String = "111122223333",
        state: String = "running",
        tagCount: Int = 0,
        snapshots: [SnapshotVolumes.Snapshot] = []
    ) throws -> SnapshotVolumes.Facts {
        SnapshotVolumes.Facts(
            node: nil,
            instance: .init(
                id: try #require(InstanceID("i-00000000000000001")),
                type: type,
                state: state,
                owner: owner
            ),
            region: try #require(RegionName("eu-central-1")),
            account: try #require(AccountID("111122223333")),
            volumes: [
                .init(
                    id: try #require(VolumeID("vol-00000000000000001")),
                    device: "/dev/xvda",
                    isRoot: true,
                    tagCount: tagCount
                )
            ],
            snapshots: snapshots
        )
    }

    @Test("tags go with the call, name incident, run and subject, and never an outside text as it is")
    func tags() async throws {
        let rehearsal = try ActionRehearsal()
        var request = ActionRequest.sample(
            ["node": .string(Self.one), "tags": ["case": "4711 *<x>"]],
            finding: ["Id": "attacker*"],
            incident: "attacker*"
        )
        request.subject.namespace = NamespaceName("shop")
        request.subject.pod = .init(name: try #require(ObjectName("cart-0")), uid: ObjectUID("0000"))
        let input = try Self.input(try await rehearsal.plan(SnapshotVolumes.self, request))
        let tags = input["TagSpecifications"]?[0]?["Tags"]?.array ?? []
        let pairs = tags.map { "\($0["Key"]?.string ?? "")=\($0["Value"]?.string ?? "")" }
        for pair in [
            "firebreak:run=run-1", "firebreak:node=\(Self.one)", "firebreak:pod=cart-0", "firebreak:pod-uid=0000",
            "firebreak:hold=evidence", "case=4711 __x_", "firebreak:namespace=shop",
        ] { #expect(pairs.contains(pair), "\(pair)") }
        #expect(!JSONWriter.compact(input).contains("attacker"))
        #expect(input["CopyTagsFromSource"] == "volume")
    }

    @Test(
        "a tag that AWS would refuse is refused before the call",
        arguments: [
            ["aws:x": "1"], ["firebreak:run": "1"], ["": "1"], ["a*b": "1"],
            .object(JSONObject((0..<50).map { ("k\($0)", "v") })),
        ] as [JSONValue]
    )
    func badTags(_ tags: JSONValue) throws {
        let fault = #expect(throws: ActionFault.self) {
            _ = try SnapshotVolumes().plan(.sample(["tags": tags]), Self.facts())
        }
        #expect(fault?.name == "Invalid")
    }

    @Test("the volumes' own tags are copied only while all fit")
    func tagRoom() throws {
        for (count, copies) in [(0, true), (45, true), (46, false)] {
            let plan = try SnapshotVolumes().plan(.sample(), Self.facts(tagCount: count))
            #expect((try Self.input(plan)["CopyTagsFromSource"] != nil) == copies, "\(count)")
            #expect(plan.warnings.say("own tags are not copied") != copies)
        }
    }

    @Test("the call is made at most once: it is looked up by tag and volume, and has no undo")
    func semantics() async throws {
        let rehearsal = try ActionRehearsal()
        let change = try #require(
            try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(Self.one)])).changes.first
        )
        guard case .atMostOnce(let lookUp) = change.semantics else {
            Issue.record("repeated blindly")
            return
        }
        let look = { try await rehearsal.aws.call(lookUp.service, lookUp.operation, lookUp.input, in: lookUp.region) }
        #expect(try await look()["Snapshots"] == [])
        try await rehearsal.apply(change.change)
        #expect(try await look()["Snapshots"]?.array?.count == 3)
        #expect(change.undo == .none(reason: "a snapshot is evidence: it is never deleted"))
        #expect(change.permission == .iam("ec2:CreateSnapshots"))
    }

    @Test("an expert's warnings are given: owners of data, sharing, keys, instance store, spot")
    func warnings() async throws {
        let rehearsal = try ActionRehearsal()
        let first = try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(Self.one)])).warnings
        for part in [
            "memory and the page cache",
            "vol-00000000000000003 holds the data of claim shop/data-cart-0, used by shop/cart-0",
            "vol-00000000000000003 is also attached to i-00000000000000002",
            "not encrypted, and so are their snapshots: vol-00000000000000002",
            "vol-00000000000000001: if the key is the default aws/ebs key", "whoever disables arn:aws:kms:",
        ] { #expect(first.say(part), "\(part)") }
        let second = try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(Self.two)])).warnings
        for part in ["i4i.large has instance store", "spot instance"] { #expect(second.say(part), "\(part)") }
    }

    @Test(
        "instance types with local disks are known by their names",
        arguments: [
            ("i3.xlarge", true), ("i4i.large", true), ("m5d.large", true), ("c6gd.medium", true), ("r6idn.large", true),
            ("x2iedn.large", true), ("g4dn.xlarge", true), ("z1d.large", true), ("m6i.xlarge", false),
            ("c7i-flex.large", false), ("t3.micro", false), ("m6id.large", true), ("inf1.xlarge", false),
            ("mac2.metal", false), ("", false), ("p4d.24xlarge", true), ("hpc6id.32xlarge", true),
        ]
    )
    func instanceStore(_ type: String, _ has: Bool) throws {
        let plan = try SnapshotVolumes().plan(.sample(), Self.facts(type: type))
        #expect(plan.warnings.say("instance store") == has)
    }

    @Test("the wrong account, Region, machine or state is refused by name")
    func refusals() async throws {
        let plan = { (facts: SnapshotVolumes.Facts, request: ActionRequest) in
            try SnapshotVolumes().plan(request, facts).verdicts.map(\.guardrail)
        }
        #expect(try plan(Self.facts(owner: "999999999999"), .sample()) == ["wrong-account"])
        #expect(try plan(Self.facts(state: "terminated"), .sample()) == ["instance-gone"])
        var elsewhere = ActionRequest.sample()
        elsewhere.subject.region = RegionName("us-east-1")
        #expect(try plan(Self.facts(), elsewhere) == ["wrong-region"])
        let rehearsal = try ActionRehearsal()
        let fargate = try await rehearsal.plan(SnapshotVolumes.self, .sample(node: Self.fargate))
        #expect(fargate.verdicts.map(\.guardrail) == ["fargate-node"])
        #expect(fargate.changes.isEmpty && !fargate.alreadyDone)
        let other = try await rehearsal.plan(
            SnapshotVolumes.self,
            .sample(node: Self.one, instance: "i-00000000000000002")
        )
        #expect(other.verdicts.map(\.guardrail) == ["node-identity"])
    }

    @Test("no volume of the kind is a fault, not a success")
    func nothing() throws {
        let fault = #expect(throws: ActionFault.self) {
            _ = try SnapshotVolumes().plan(.sample(["include": "data"]), Self.facts())
        }
        #expect(fault?.name == "NotFound")
        #expect(fault?.report.code == "ACTION-006")
    }

    @Test(
        "each node of the shared worlds gives one set, with the claims' owners and the instance store named",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func sharedWorld() async throws {
        let rehearsal = try ActionRehearsal(corpus: "eks-vpc-cni")
        let nodes = await rehearsal.snapshot().filter { $0["kind"] == "Node" }.compactMap {
            $0["metadata"]?["name"]?.string
        }
        var warnings: [String] = []
        for node in nodes {
            let plan = try await rehearsal.plan(SnapshotVolumes.self, .sample(["node": .string(node)]))
            #expect(plan.verdicts.isEmpty)
            try await rehearsal.apply(try #require(plan.changes.first).change)
            for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
            warnings += plan.warnings
        }
        for part in ["instance store", "spot", "claim"] { #expect(warnings.say(part), "\(part)") }
    }
}
