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
        // None of these asks for what another brings.
        async let volumesRead = Self.volumes(of: instance, description, aws, region)
        async let ownersRead = Self.owners(on: name, in: world)
        async let snapshotsRead = Self.snapshots(of: request, aws, region)
        var volumes = try await volumesRead.get()
        let owners = try await ownersRead.get()
        if let owners { Self.name(owners, of: &volumes) }
        return Facts(
            node: node,
            instance: instance,
            region: region,
            account: aws.account,
            volumes: volumes,
            snapshots: try await snapshotsRead.get(),
            areClaimsKnown: owners != nil
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
    ) async -> Result<[Volume], ActionFault> {
        let filter: JSONValue = ["Name": "attachment.instance-id", "Values": [.string(instance.id.rawValue)]]
        do throws(ActionFault) {
            let described = try await aws.elements(
                "ec2",
                "DescribeVolumes",
                ["Filters": [filter]],
                list: "Volumes",
                in: region
            )
            let root = description["RootDeviceName"]?.string
            let volumes = described.compactMap { Volume($0, of: instance.id, rootDevice: root) }
            return .success(
                volumes.sorted { ($0.isRoot ? 0 : 1, $0.device, $0.id) < ($1.isRoot ? 0 : 1, $1.device, $1.id) }
            )
        } catch {
            return .failure(error)
        }
    }

    /// Those that were made for the incident before.
    private static func snapshots(
        of request: ActionRequest,
        _ aws: AWSClient,
        _ region: RegionName
    ) async -> Result<[Snapshot], ActionFault> {
        do throws(ActionFault) {
            let described = try await aws.elements(
                "ec2",
                "DescribeSnapshots",
                ["OwnerIds": ["self"], "Filters": SnapshotSet.filters(SnapshotSet.incidentTag(request))],
                list: "Snapshots",
                in: region
            )
            return .success(described.compactMap { Snapshot($0) })
        } catch {
            return .failure(error)
        }
    }

    /// Who may own a volume.
    private struct Owners: Sendable {
        var persistent: [JSONValue]
        /// On the node.
        var pods: [NodePod]
    }

    /// Nil without a cluster, and where they may not be read: evidence does not wait for a permission to name its owner.
    private static func owners(on node: ObjectName, in world: World) async -> Result<Owners?, ActionFault> {
        guard let kubernetes = world.kubernetes else { return .success(nil) }
        do throws(ActionFault) {
            let persistent = try await kubernetes.objects(.collection(.persistentVolumes))
            let pods = try await kubernetes.objects(.collection(.pods), fieldSelector: "spec.nodeName=\(node)")
            return .success(Owners(persistent: persistent, pods: pods.map { NodePod($0) }))
        } catch {
            return error.name == "NotPermitted" ? .success(nil) : .failure(error)
        }
    }

    /// Names the claims that own volumes.
    private static func name(_ owners: Owners, of volumes: inout [Volume]) {
        let claims = Self.claims(owners.persistent)
        for place in volumes.indices {
            guard let claim = claims[volumes[place].id.rawValue] else { continue }
            volumes[place].claim = "\(claim.namespace)/\(claim.name)"
            volumes[place].claimPods = owners.pods
                .filter { $0.namespace == claim.namespace && $0.claims.contains(claim.name) }
                .map(\.fullName).sorted()
        }
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
