import AWSAPI
import Testing
import Vocabulary

extension PeerTests {
    @Suite("EC2, Auto Scaling and EKS")
    struct ComputeTests {
        private let region = AWSPeers.region
        private static let instance = "i-0a1b2c3d4e5f60711"
        private static let root = "vol-0a11122233344455a"
        private static let data = "vol-0a66677788899900a"

        private struct Scene {
            let peers: AWSPeers
            let client: AWSClient
            let ids: [String: String]

            init() async throws {
                peers = try AWSPeers.running()
                ids = try await peers.setWorld(StockWorld.account("contain-pod"))
                client = try peers.access.client()
            }

            func id(_ there: String) throws -> JSONValue { .string(try #require(ids[there])) }
        }

        @Test("an instance comes with its type, its state, its devices and its tags")
        func instance() async throws {
            let scene = try await Scene()
            let input: JSONValue = ["InstanceIds": [try scene.id(Self.instance)]]
            let answer = try await scene.client.call("ec2", "DescribeInstances", input, in: region)
            let found = answer["Reservations"]?[0]?["Instances"]?[0]
            #expect(answer["Reservations"]?[0]?["OwnerId"]?.string == AWSPeers.account)
            #expect(found?["InstanceType"] == "m6i.large" && found?["State"]?["Name"] == "running")
            #expect(found?["RootDeviceName"] == "/dev/xvda" && found?["RootDeviceType"] == "ebs")
            #expect(found?["Placement"]?["AvailabilityZone"] == "eu-central-1a")
            let volumes = found?["BlockDeviceMappings"]?.array?.map { $0["Ebs"]?["VolumeId"] }
            #expect(volumes == [try scene.id(Self.root), try scene.id(Self.data)])
            #expect(
                found?["Tags"]?.array?.contains { $0["Key"] == "eks:cluster-name" && $0["Value"] == "shop-eu" } == true
            )
        }

        @Test("pages are read to the end, and an instance that is not there is not found")
        func paging() async throws {
            let scene = try await Scene()
            let all = try await scene.client.all(
                "ec2",
                "DescribeInstances",
                ["MaxResults": 1],
                list: "Reservations",
                in: region
            )
            #expect(Set(all.compactMap { $0["Instances"]?[0]?["InstanceId"] }).count == 2)
            let fault = await #expect(throws: AWSFault.self) {
                let input: JSONValue = ["InstanceIds": ["i-00000000000000000"]]
                _ = try await scene.client.call("ec2", "DescribeInstances", input, in: region)
            }
            #expect(fault?.kind == .notFound && fault?.code == "InvalidInstanceID.NotFound")
        }

        @Test("the volumes of an instance come with size, key and attachment")
        func volumes() async throws {
            let scene = try await Scene()
            let filter: JSONValue = ["Name": "attachment.instance-id", "Values": [try scene.id(Self.instance)]]
            let answer = try await scene.client.call("ec2", "DescribeVolumes", ["Filters": [filter]], in: region)
            let volumes = answer["Volumes"]?.array ?? []
            let data = volumes.first { $0["VolumeId"]?.string == scene.ids[Self.data] }
            #expect(volumes.count == 2)
            #expect(data?["Size"] == 100 && data?["Encrypted"] == true && data?["State"] == "in-use")
            #expect(data?["KmsKeyId"]?.string?.hasSuffix("6f6e6564-7669-6365-2d6b-65792d303031") == true)
            #expect(data?["Attachments"]?[0]?["InstanceId"]?.string == scene.ids[Self.instance])
            #expect(data?["Attachments"]?[0]?["Device"] == "/dev/xvdb")
        }

        private func snapshotInput(_ scene: Scene) throws -> JSONObject {
            [
                "Description": "evidence & more", "CopyTagsFromSource": "volume",
                "InstanceSpecification": ["InstanceId": try scene.id(Self.instance)],
                "TagSpecifications": [
                    [
                        "ResourceType": "snapshot",
                        "Tags": [["Key": "firebreak:incident", "Value": "a+b/c=d é"], ["Key": "other", "Value": ""]],
                    ]
                ],
            ]
        }

        @Test("a dry run of snapshots would succeed, and makes none")
        func dryRun() async throws {
            let scene = try await Scene()
            let before = try await scene.peers.state()
            let input = JSONObject(try snapshotInput(scene).map { ($0.key, $0.value) } + [("DryRun", true)])
            let fault = await #expect(throws: AWSFault.self) {
                _ = try await scene.client.call("ec2", "CreateSnapshots", .object(input), in: region)
            }
            #expect(fault?.kind == .wouldSucceed)
            #expect(try await scene.peers.state() == before)
        }

        @Test("snapshots of an instance carry our tags, and are found by them")
        func snapshots() async throws {
            let scene = try await Scene()
            let input = try snapshotInput(scene)
            let made = try await scene.client.call("ec2", "CreateSnapshots", .object(input), in: region)
            let ids = Set((made["Snapshots"]?.array ?? []).compactMap { $0["SnapshotId"]?.string })
            let held = try await scene.peers.state().snapshots
            #expect(ids.count == 2 && Set(held.map(\.id)) == ids)
            #expect(Set(held.map(\.volume)) == Set([Self.root, Self.data].compactMap { scene.ids[$0] }))
            #expect(held.allSatisfy { $0.tags["firebreak:incident"] == "a+b/c=d é" && $0.tags["other"] == "" })
            let filters: JSONValue = [
                ["Name": "tag:firebreak:incident", "Values": ["a+b/c=d é"]],
                ["Name": "volume-id", "Values": [try scene.id(Self.data)]],
            ]
            let search: JSONObject = ["OwnerIds": ["self"], "Filters": filters]
            let found = try await scene.client.all("ec2", "DescribeSnapshots", search, list: "Snapshots", in: region)
            #expect(found.count == 1 && found.first?["Description"] == "evidence & more")
            #expect(found.first?["State"] == "completed" && found.first?["VolumeSize"] == 100)
            #expect(found.first?["StartTime"]?.string.flatMap { Timestamp($0) } != nil)
        }

        @Test("the group of an instance is known")
        func autoScaling() async throws {
            let scene = try await Scene()
            let input: JSONValue = ["InstanceIds": [try scene.id(Self.instance)]]
            let answer = try await scene.client.call("autoscaling", "DescribeAutoScalingInstances", input, in: region)
            let instances = answer["AutoScalingInstances"]?.array ?? []
            #expect(instances.map { $0["InstanceId"] } == [try scene.id(Self.instance)])
            #expect(instances.first?["AutoScalingGroupName"] == "eks-general-shop")
            #expect(instances.first?["ProtectedFromScaleIn"] == false)
        }

        @Test("a cluster is described by its name, and another name is not found")
        func cluster() async throws {
            let scene = try await Scene()
            let answer = try await scene.client.call("eks", "DescribeCluster", ["name": "shop-eu"], in: region)
            #expect(answer["cluster"]?["arn"] == "arn:aws:eks:eu-central-1:444455556666:cluster/shop-eu")
            let fault = await #expect(throws: AWSFault.self) {
                _ = try await scene.client.call("eks", "DescribeCluster", ["name": "other"], in: region)
            }
            #expect(fault?.kind == .notFound)
        }

        @Test("where EC2 checks them, a wrong secret is not authenticated and a missing right is named")
        func checked() async throws {
            let scene = try await Scene()
            let access = try await scene.peers.deny(["ec2:DescribeVolumes"])
            let client = try access.client()
            _ = try await client.call("ec2", "DescribeInstances", [:], in: region)
            let missing = await #expect(throws: AWSFault.self) {
                _ = try await client.call("ec2", "DescribeVolumes", [:], in: region)
            }
            #expect(missing?.kind == .notPermitted && missing?.message.contains("ec2:DescribeVolumes") == true)
            let wrong = try access.with(secret: "not-the-secret").client()
            let refused = await #expect(throws: AWSFault.self) {
                _ = try await wrong.call("ec2", "DescribeInstances", [:], in: region)
            }
            #expect(refused?.kind == .unauthenticated && refused?.code == "AuthFailure")
        }
    }
}
