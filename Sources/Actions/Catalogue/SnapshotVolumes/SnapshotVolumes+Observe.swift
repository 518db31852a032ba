import AWSAPI
import KubernetesAPI
import Vocabulary

extension SnapshotVolumes {
    package func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> Facts {
        let aws = try world.requiredAWS()
        let name = try request.nodeName()
        let node = try await Self.node(name, in: world)
        guard let region = node?.region ?? request.subject.region else { throw .noInstance(name.rawValue) }
        if let node, node.isFargate || node.isVirtual {
            return Facts(node: node, instance: nil, region: region, account: aws.account, volumes: [])
        }
        let (instance, description) = try await Self.instance(of: name, node, request, aws, region)
        var volumes = try await Self.volumes(of: instance, description, aws, region)
        let areClaimsKnown = try await Self.addClaims(to: &volumes, on: name, in: world)
        let snapshots = try await aws.elements(
            "ec2",
            "DescribeSnapshots",
            ["OwnerIds": ["self"], "Filters": SnapshotSet.filters(SnapshotSet.incidentTag(request))],
            list: "Snapshots",
            in: region
        )
        return Facts(
            node: node,
            instance: instance,
            region: region,
            account: aws.account,
            volumes: volumes,
            snapshots: snapshots.compactMap { Snapshot($0) },
            areClaimsKnown: areClaimsKnown
        )
    }

    /// Without a cluster the finding's instance has to do.
    private static func node(_ name: ObjectName, in world: World) async throws(ActionFault) -> NodeFacts? {
        guard let kubernetes = world.kubernetes else { return nil }
        let object = try await kubernetes.object(.object(.nodes, name))
        guard let node = NodeFacts(object) else { throw .unreadable("node \(name)", "a uid") }
        return node
    }

    /// By providerID, else by the finding's word, else by the private DNS name that EC2 nodes are called by.
    private static func instance(
        of name: ObjectName,
        _ node: NodeFacts?,
        _ request: ActionRequest,
        _ aws: AWSClient,
        _ region: RegionName
    ) async throws(ActionFault) -> (Instance, JSONValue) {
        var input: JSONObject
        if let id = node?.provider?.instance ?? (node == nil ? request.expectedInstance(of: name) : nil) {
            input = ["InstanceIds": [.string(id.rawValue)]]
        } else {
            input = ["Filters": [["Name": "private-dns-name", "Values": [.string(name.rawValue)]]]]
        }
        let reservations = try await aws.elements(
            "ec2",
            "DescribeInstances",
            input,
            list: "Reservations",
            in: region
        )
        var found: [(Instance, JSONValue)] = []
        for reservation in reservations {
            let owner = reservation["OwnerId"]?.string ?? ""
            for description in reservation["Instances"]?.array ?? [] {
                if let instance = Instance(description, owner: owner) { found.append((instance, description)) }
            }
        }
        guard found.count == 1 else { throw .noInstance(name.rawValue) }
        return found[0]
    }

    private static func volumes(
        of instance: Instance,
        _ description: JSONValue,
        _ aws: AWSClient,
        _ region: RegionName
    ) async throws(ActionFault) -> [Volume] {
        let filter: JSONValue = ["Name": "attachment.instance-id", "Values": [.string(instance.id.rawValue)]]
        let described = try await aws.elements(
            "ec2",
            "DescribeVolumes",
            ["Filters": [filter]],
            list: "Volumes",
            in: region
        )
        let root = description["RootDeviceName"]?.string
        let volumes = described.compactMap { Volume($0, of: instance.id, rootDevice: root) }
        return volumes.sorted { ($0.isRoot ? 0 : 1, $0.device, $0.id) < ($1.isRoot ? 0 : 1, $1.device, $1.id) }
    }

    /// Names the claims that own volumes; false when they may not be read.
    private static func addClaims(
        to volumes: inout [Volume],
        on node: ObjectName,
        in world: World
    ) async throws(ActionFault) -> Bool {
        guard let kubernetes = world.kubernetes else { return false }
        let persistent: [JSONValue]
        let pods: [NodePod]
        do throws(ActionFault) {
            persistent = try await kubernetes.objects(.collection(.persistentVolumes))
            pods = try await kubernetes.objects(.collection(.pods), fieldSelector: "spec.nodeName=\(node)")
                .map { NodePod($0) }
        } catch {
            // Evidence does not wait for a permission to name its owner.
            guard error.name == "NotPermitted" else { throw error }
            return false
        }
        let claims = Self.claims(persistent)
        for place in volumes.indices {
            guard let claim = claims[volumes[place].id.rawValue] else { continue }
            volumes[place].claim = "\(claim.namespace)/\(claim.name)"
            volumes[place].claimPods = pods.filter { $0.namespace == claim.namespace && $0.claims.contains(claim.name) }
                .map(\.fullName).sorted()
        }
        return true
    }

    /// Claims by the id of their EBS volume; old in-tree volumes count too.
    private static func claims(_ persistent: [JSONValue]) -> [String: (namespace: String, name: String)] {
        var claims: [String: (namespace: String, name: String)] = [:]
        for volume in persistent {
            let csi = volume["spec"]?["csi"]
            let isEBS =
                csi?["driver"]?.string?.hasSuffix("ebs.csi.aws.com") ?? false
                || csi?["driver"]?.string == "ebs.csi.eks.amazonaws.com"
            let inTree = volume["spec"]?["awsElasticBlockStore"]?["volumeID"]?.string
            let handle =
                (isEBS ? csi?["volumeHandle"]?.string : nil) ?? inTree?.split(separator: "/").last.map(String.init)
            let reference = volume["spec"]?["claimRef"]
            guard let handle, let namespace = reference?["namespace"]?.string, let name = reference?["name"]?.string
            else {
                continue
            }
            claims[handle] = (namespace, name)
        }
        return claims
    }
}

extension SnapshotVolumes.Volume {
    /// Reads a volume as DescribeVolumes gives it; nil without a valid id.
    init?(_ volume: JSONValue, of instance: InstanceID, rootDevice: String?) {
        guard let id = volume["VolumeId"]?.string.flatMap(VolumeID.init(rawValue:)) else { return nil }
        let attachments = volume["Attachments"]?.array ?? []
        let own = attachments.first { $0["InstanceId"]?.string == instance.rawValue }
        let device = own?["Device"]?.string ?? ""
        let tags = volume["Tags"]?.array ?? []
        self.init(
            id: id,
            device: device,
            isRoot: rootDevice != nil && device == rootDevice,
            isEncrypted: volume["Encrypted"]?.bool ?? false,
            kmsKey: volume["KmsKeyId"]?.nonBlank,
            sharedWith: attachments.compactMap { $0["InstanceId"]?.string }.filter { $0 != instance.rawValue },
            tagCount: tags.filter { $0["Key"]?.string?.hasPrefix("aws:") == false }.count
        )
    }
}
