import Findings
import TestSupport
import Testing
import Vocabulary

@Suite("Subjects of findings")
struct SubjectTests {
    private static let cluster = "arn:aws:eks:eu-central-1:444455556666:cluster/blue"

    private func claim(_ resources: JSONValue, fields: JSONValue = [:]) throws -> Result<SubjectClaim, SubjectRefusal> {
        SubjectClaim.resolve(
            try Finding([
                "SchemaVersion": "2018-10-08", "Id": "f-1", "ProductArn": "p", "Resources": resources,
                "ProductFields": fields,
            ])
        )
    }

    private func codes(_ result: Result<SubjectClaim, SubjectRefusal>) -> [String] {
        switch result {
        case .success: []
        case .failure(let refusal): refusal.faults.map(\.report.code)
        }
    }

    private static func pod(_ namespace: String, _ name: String) -> JSONValue {
        [
            "Type": "Other", "Id": .string("\(cluster)/pod/\(namespace)/\(name)"),
            "Details": ["Other": ["kind": "Pod", "namespace": .string(namespace), "name": .string(name)]],
        ]
    }

    @Test("this project's finding names cluster, pod, container, instance and image")
    func ours() throws {
        let decoded = try EventDecoderTests.decode("imported.json")
        let finding = try #require(decoded.events.first?.findings.first)
        let claim = try SubjectClaim.resolve(finding).get()
        #expect(claim.cluster?.text == Self.cluster)
        #expect(claim.cluster?.name == "blue")
        #expect(claim.account == AccountID("444455556666"))
        #expect(claim.namespace == NamespaceName("store"))
        #expect(claim.podName == ObjectName("cart-5d9c-abcde"))
        #expect(claim.containerIDs == [ContainerID("4f2e8c11d0aa")].compactMap { $0 })
        #expect(claim.instanceID == InstanceID("i-0123456789abcdef0"))
        #expect(claim.image == "shop/cart:7")
        #expect(!claim.isInstanceOnlyObserver)
        #expect(claim.subject.pod?.name == ObjectName("cart-5d9c-abcde"))
    }

    @Test("GuardDuty's flattened keys name the pod and its uid")
    func guardDuty() throws {
        let finding = try #require(try EventDecoderTests.decode("guardduty-finding.json").events.first?.findings.first)
        let claim = try SubjectClaim.resolve(finding).get()
        #expect(claim.podName == ObjectName("cart-5d9c-abcde"))
        #expect(claim.podUID == ObjectUID("0d9a1f7e-1111-4222-8333-444455556666"))
    }

    @Test("GuardDuty's empty strings name nothing")
    func emptyStrings() throws {
        let key = "kubernetesDetails/kubernetesWorkloadDetails"
        let resources: JSONValue = [
            [
                "Type": "AwsEksCluster", "Id": .string(Self.cluster),
                "Details": ["Other": .object(JSONObject([(key, ""), (key + "/name", ""), (key + "/uid", "")]))],
            ]
        ]
        #expect(codes(try claim(resources)) == ["SUBJECT-001"])
    }

    @Test("a detection of the newer schema names the pod and its container")
    func ocsf() throws {
        let finding = try #require(try EventDecoderTests.decode("v2-detection.json").events.first?.findings.first)
        let claim = try SubjectClaim.resolve(finding).get()
        #expect(claim.podName == ObjectName("cart-5d9c-abcde"))
        #expect(claim.containerIDs.count == 1)
        #expect(claim.cluster?.text == Self.cluster)
    }

    @Test("a bare instance id names a node and no pod; “test” is that exporter's placeholder")
    func guidance() throws {
        let claim = try claim([
            ["Type": "AwsEc2Instance", "Id": "i-0123456789abcdef0"],
            [
                "Type": "Container", "Id": "test",
                "Details": [
                    "Container": ["ImageName": "test"],
                    "Other": ["podName": "test", "namespaceName": "test"],
                ],
            ],
        ]).get()
        #expect(claim.instanceID == InstanceID("i-0123456789abcdef0"))
        #expect(claim.podName == nil)
    }

    @Test("of an audit alert the instance is only where Falco ran")
    func audit() throws {
        let resources: JSONValue = [Self.pod("store", "dbg"), ["Type": "AwsEc2Instance", "Id": "i-0123456789abcdef0"]]
        let claim = try claim(resources, fields: ["falco/source": "k8s_audit"]).get()
        #expect(claim.isInstanceOnlyObserver)
        #expect(claim.subject.node == nil)
        let alone: JSONValue = [["Type": "AwsEc2Instance", "Id": "i-0123456789abcdef0"]]
        #expect(codes(try self.claim(alone, fields: ["falco/source": "k8s_audit"])) == ["SUBJECT-001"])
    }

    @Test("what cannot be acted on is refused by name")
    func refusals() throws {
        let other = "arn:aws:eks:eu-central-1:444455556666:cluster/green"
        let rows: [(JSONValue, JSONValue, [String])] = [
            ([Self.pod("store", "a"), Self.pod("store", "b")], [:], ["SUBJECT-002"]),
            (
                [
                    ["Type": "AwsEksCluster", "Id": .string(Self.cluster)],
                    ["Type": "AwsEksCluster", "Id": .string(other)],
                    Self.pod("store", "a"),
                ], [:], ["SUBJECT-003"]
            ),
            (
                [Self.pod("store", "a")], ["falco/source": "syscall", "falco/hostname": "fargate-ip-10-0-0-9"],
                ["SUBJECT-004"]
            ),
            (
                [
                    Self.pod("store", "a"),
                    ["Type": "Other", "Id": "x", "Details": ["Other": ["kubernetes.io/os": "windows"]]],
                ],
                [:], ["SUBJECT-005"]
            ),
            ([Self.pod("store", "a")], ["falco/field/k8s.node.name": "virtual-kubelet-1"], ["SUBJECT-006"]),
            ([["Type": "AwsEcsTask", "Id": "arn:aws:ecs:eu-central-1:444455556666:task/t"]], [:], ["SUBJECT-007"]),
            ([Self.pod("store", "../../secrets")], [:], ["SUBJECT-008"]),
            ([Self.pod("store;rm", "Bad Name")], [:], ["SUBJECT-008", "SUBJECT-008"]),
            ([], [:], ["SUBJECT-001"]),
        ]
        for (resources, fields, expected) in rows {
            #expect(codes(try claim(resources, fields: fields)) == expected)
        }
    }

    @Test("a refusal says what, where and how to put it right")
    func sentence() throws {
        guard case .failure(let refusal) = try claim([]) else {
            Issue.record("a finding without resources gave a subject")
            return
        }
        #expect(
            refusal.description == "SUBJECT-001 the finding names neither a pod nor a node (at f-1). "
                + "Fix: name the target yourself with --pod NAMESPACE/NAME or --node NAME"
        )
    }

    @Test("a name and the ARN of one cluster are one cluster")
    func clusterNames() throws {
        let claim = try claim([
            ["Type": "AwsEksCluster", "Id": "blue"], ["Type": "AwsEksCluster", "Id": .string(Self.cluster)],
            Self.pod("store", "a"),
        ]).get()
        #expect(claim.cluster?.text == Self.cluster)
    }

    @Test(
        "every finding of the shared worlds names its pod, container and cluster",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func worlds() throws {
        let folder = Corpora.path("fixtures/worlds/events")
        for name in try Files.names(in: folder) {
            let decoded = EventDecoder.decode(try Files.bytes(folder + "/" + name))
            #expect(decoded.errors.isEmpty && !decoded.events.isEmpty, "\(name)")
            for finding in decoded.events.flatMap(\.findings) {
                let claim = try SubjectClaim.resolve(finding).get()
                #expect(claim.podName != nil && claim.namespace != nil && claim.cluster?.arn != nil, "\(name)")
                #expect(claim.containerIDs.count == 1, "\(name)")
            }
        }
    }
}
