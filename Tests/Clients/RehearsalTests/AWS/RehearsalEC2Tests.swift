import AWSAPI
import HTTPExchange
import Rehearsal
import Testing
import Vocabulary

@Suite("The rehearsed EC2 answers as EC2 does")
struct RehearsalEC2Tests {
    private static func ids(_ list: JSONValue?, _ name: String) -> [String] {
        (list?.array ?? []).compactMap { $0[name]?.string }
    }

    private static func filter(_ name: String, _ values: [JSONValue]) -> JSONValue {
        ["Filters": [["Name": .string(name), "Values": .array(values)]]]
    }

    @Test(
        "filters select by any value of each",
        arguments: [
            ("private-dns-name", ["ip-10-1-0-2*"], ["i-00000000000000002"]),
            ("instance-lifecycle", ["spot"], ["i-00000000000000002"]),
            ("tag:eks:cluster-name", ["blue", "green"], ["i-00000000000000001"]),
            ("tag-key", ["eks:*"], ["i-00000000000000001"]),
            ("instance-id", ["i-0000000000000000?"], ["i-00000000000000001", "i-00000000000000002"]),
            ("instance-type", ["m6i"], []),
        ] as [(String, [String], [String])]
    )
    func filters(_ name: String, _ values: [String], _ expected: [String]) throws {
        var account = try RehearsedAccount()
        let input = Self.filter(name, values.map(JSONValue.string))
        let output = try account.call("ec2", "DescribeInstances", input)
        let instances = (output["Reservations"]?.array ?? []).flatMap { Self.ids($0["Instances"], "InstanceId") }
        #expect(instances == expected)
    }

    @Test(
        "a wrong question is refused with EC2's own code",
        arguments: [
            ("DescribeInstances", ["InstanceIds": ["i-0000000000000ffff"]], "InvalidInstanceID.NotFound"),
            ("DescribeInstances", ["InstanceIds": ["zzz"]], "InvalidInstanceID.Malformed"),
            ("DescribeInstances", ["Filters": [["Name": "colour", "Values": ["red"]]]], "InvalidParameterValue"),
            ("DescribeInstances", ["MaxResults": 4], "InvalidParameterValue"),
            ("DescribeInstances", ["NextToken": "7000"], "InvalidNextToken"),
            ("DescribeInstances", ["DryRun": true], "DryRunOperation"),
            ("DescribeVolumes", ["VolumeIds": ["vol-0000000000000ffff"]], "InvalidVolume.NotFound"),
            ("DescribeVolumes", ["VolumeIds": ["x"]], "InvalidVolumeID.Malformed"),
            ("DescribeSnapshots", ["SnapshotIds": ["snap-0000000000000ffff"]], "InvalidSnapshot.NotFound"),
            ("CreateSnapshots", [:], "MissingParameter"),
            ("CreateSnapshots", ["InstanceSpecification": ["InstanceId": "i-1"]], "InvalidInstanceID.Malformed"),
            (
                "CreateSnapshots", ["InstanceSpecification": ["InstanceId": "i-0000000000000ffff"]],
                "InvalidInstanceID.NotFound"
            ),
            (
                "CreateSnapshots",
                [
                    "InstanceSpecification": [
                        "InstanceId": "i-00000000000000001", "ExcludeDataVolumeIds": ["vol-00000000000000001"],
                    ]
                ], "InvalidParameterValue"
            ),
            (
                "CreateSnapshots",
                [
                    "InstanceSpecification": [
                        "InstanceId": "i-00000000000000002", "ExcludeBootVolume": true,
                        "ExcludeDataVolumeIds": ["vol-00000000000000003"],
                    ]
                ],
                "InvalidParameterValue"
            ),
            (
                "CreateSnapshots", ["InstanceSpecification": ["InstanceId": "i-00000000000000001"], "DryRun": true],
                "DryRunOperation"
            ),
        ] as [(String, JSONValue, String)]
    )
    func refusals(_ operation: String, _ input: JSONValue, _ code: String) throws {
        var account = try RehearsedAccount()
        let before = account.aws.document()
        #expect(try account.refusal("ec2", operation, input) == code)
        #expect(account.aws.document() == before)
    }

    @Test("a dry run answers 412")
    func dryRunStatus() throws {
        var account = try RehearsedAccount()
        let answer = try account.answer("ec2", "DescribeVolumes", ["DryRun": true])
        #expect(answer.status == 412)
    }

    private static func create(_ specification: JSONObject, tags: [JSONValue] = []) -> JSONValue {
        [
            "InstanceSpecification": .object(specification), "CopyTagsFromSource": "volume",
            "TagSpecifications": [["ResourceType": "snapshot", "Tags": .array(tags)]],
        ]
    }

    @Test("one call makes one pending snapshot for each attached volume, which completes later")
    func createsForAll() throws {
        var account = try RehearsedAccount()
        let input = Self.create(
            ["InstanceId": "i-00000000000000001"],
            tags: [["Key": "firebreak:incident", "Value": "abc"], ["Key": "Name", "Value": "ours"]]
        )
        let made = try account.call("ec2", "CreateSnapshots", input)["Snapshots"]
        let volumes = ["vol-00000000000000001", "vol-00000000000000002", "vol-00000000000000003"]
        #expect(Self.ids(made, "VolumeId") == volumes)
        #expect(Self.ids(made, "State") == ["pending", "pending", "pending"])
        #expect(Set(Self.ids(made, "SnapshotId")).count == 3)
        #expect(Self.ids(made?[0]?["Tags"], "Value") == ["abc", "ours"])
        account.now = account.now.advanced(by: .seconds(30))
        let query = Self.filter("tag:firebreak:incident", ["abc"])
        let half = try account.call("ec2", "DescribeSnapshots", query)["Snapshots"]
        #expect(Self.ids(half, "Progress") == ["50%", "50%", "50%"])
        account.now = account.now.advanced(by: .seconds(31))
        let done = try account.call("ec2", "DescribeSnapshots", query)["Snapshots"]
        #expect(Self.ids(done, "State") == ["completed", "completed", "completed"])
        #expect(Self.ids(done, "StartTime") == Self.ids(made, "StartTime"))
    }

    @Test("boot and data volumes can be left out")
    func excludes() throws {
        var account = try RehearsedAccount()
        let input = Self.create([
            "InstanceId": "i-00000000000000001", "ExcludeBootVolume": true,
            "ExcludeDataVolumeIds": ["vol-00000000000000003"],
        ])
        let made = try account.call("ec2", "CreateSnapshots", input)["Snapshots"]
        #expect(Self.ids(made, "VolumeId") == ["vol-00000000000000002"])
    }

    @Test("a call that is repeated makes a second set: there is no client token")
    func repeats() throws {
        var account = try RehearsedAccount()
        let input = Self.create(["InstanceId": "i-00000000000000002"])
        let first = try account.call("ec2", "CreateSnapshots", input)["Snapshots"]
        let second = try account.call("ec2", "CreateSnapshots", input)["Snapshots"]
        #expect(Self.ids(first, "SnapshotId") != Self.ids(second, "SnapshotId"))
    }

    @Test(
        "tags over the limits of AWS are refused",
        arguments: [
            ([["Key": "aws:x", "Value": ""]], "InvalidParameterValue"),
            ([["Key": "", "Value": ""]], "InvalidParameterValue"),
            ([["Key": .string(String(repeating: "k", count: 129)), "Value": ""]], "InvalidParameterValue"),
            ([["Key": "k", "Value": .string(String(repeating: "v", count: 257))]], "InvalidParameterValue"),
            ([["Key": "k", "Value": ""], ["Key": "k", "Value": ""]], "InvalidParameterValue"),
            ((0..<51).map { ["Key": .string("k\($0)"), "Value": ""] }, "TagLimitExceeded"),
            ((0..<50).map { ["Key": .string("k\($0)"), "Value": ""] }, "TagLimitExceeded"),
        ] as [([JSONValue], String)]
    )
    func tagLimits(_ tags: [JSONValue], _ code: String) throws {
        var account = try RehearsedAccount()
        let input = Self.create(["InstanceId": "i-00000000000000001"], tags: tags)
        #expect(try account.refusal("ec2", "CreateSnapshots", input) == code)
    }

    @Test("another Region of the account is there and empty")
    func otherRegion() throws {
        var account = try RehearsedAccount()
        let request = try AWSOperation.describeInstances.request([:], to: "https://ec2.us-east-1.amazonaws.com")
        let output = try AWSOperation.describeInstances.output(of: account.aws.answer(request, now: account.now))
        #expect(output == ["Reservations": []])
    }

    @Test("what is no question of AWS gets an error, never a crash")
    func nonsense() throws {
        var account = try RehearsedAccount()
        let bodies = [
            "", "Action", "Action=Nonsense", "Action=DescribeInstances&Filter.1.Name=a&Filter=x", "%zz",
            "Action=DescribeInstances&InstanceId.0=x", "Action=DescribeInstances&a.b.c.d.e.f.g.h.i.j.k.l.m=1",
            "Action=DescribeInstances&MaxResults=99999999999999999999",
        ]
        for service in ["ec2", "sts", "autoscaling", "securityhub", "eks", "s3"] {
            for body in bodies {
                let request = HTTPRequest(
                    method: "POST",
                    origin: "https://\(service).eu-central-1.amazonaws.com",
                    target: "/",
                    body: Array(body.utf8)
                )
                #expect(account.aws.answer(request, now: account.now).status >= 400)
            }
        }
    }

    @Test("identity, cluster and Auto Scaling answer from the account")
    func others() throws {
        var account = try RehearsedAccount()
        #expect(try account.call("sts", "GetCallerIdentity", [:])["Account"] == "111122223333")
        #expect(try account.call("eks", "DescribeCluster", ["name": "blue"])["cluster"]?["status"] == "ACTIVE")
        #expect(try account.refusal("eks", "DescribeCluster", ["name": "a/b"]) == "ResourceNotFoundException")
        let input: JSONValue = ["InstanceIds": ["i-00000000000000001", "i-0000000000000ffff"]]
        let instances = try account.call("autoscaling", "DescribeAutoScalingInstances", input)["AutoScalingInstances"]
        #expect(Self.ids(instances, "AutoScalingGroupName") == ["blue-nodes"])
    }

    @Test("the account is written in the shape that it was loaded from")
    func roundTrip() throws {
        let document = try RehearsedAccount.document()
        #expect(try RehearsalAWS(document).document() == document)
    }

    @Test(
        "a document that is no account is refused with its remedy",
        arguments: [
            (.null, RehearsalAWSFault.notAnObject), ([:], .noAccount), (["account": "1"], .noAccount),
            (["account": "111122223333"], .noRegion),
            (["account": "111122223333", "region": "eu-central-1", "ec2": ["Volumes": 1]], .notAList("ec2.Volumes")),
            (
                [
                    "account": "111122223333", "region": "eu-central-1",
                    "ec2": ["Reservations": [["Instances": [[:]]]]],
                ], .badInstance("an instance of ec2.Reservations[0]")
            ),
        ] as [(JSONValue, RehearsalAWSFault)]
    )
    func badDocuments(_ document: JSONValue, _ fault: RehearsalAWSFault) {
        #expect(throws: fault) { _ = try RehearsalAWS(document) }
    }
}
