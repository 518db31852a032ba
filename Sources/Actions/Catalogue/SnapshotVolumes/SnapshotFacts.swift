package import Vocabulary

extension SnapshotVolumes {
    /// The instance, its EBS volumes, and what snapshots of this incident there are.
    package struct Facts: Sendable, Hashable, Codable {
        /// Nil when there was no cluster to ask.
        package var node: NodeFacts?
        /// Nil for a node that no instance is behind, such as one of Fargate.
        package var instance: Instance?
        package var region: RegionName
        /// The account that the credentials belong to.
        package var account: AccountID
        /// In the order of the instance's devices.
        package var volumes: [Volume]
        /// Snapshots that carry the incident's tag.
        package var snapshots: [Snapshot]
        /// False when PersistentVolumes could not be read: then nobody knows whose data a volume holds.
        package var areClaimsKnown: Bool

        package init(
            node: NodeFacts?,
            instance: Instance?,
            region: RegionName,
            account: AccountID,
            volumes: [Volume],
            snapshots: [Snapshot] = [],
            areClaimsKnown: Bool = true
        ) {
            self.node = node
            self.instance = instance
            self.region = region
            self.account = account
            self.volumes = volumes
            self.snapshots = snapshots
            self.areClaimsKnown = areClaimsKnown
        }
    }

    package struct Instance: Sendable, Hashable, Codable {
        package var id: InstanceID
        package var type: String
        package var state: String
        package var isSpot: Bool
        /// `ebs` or `instance-store`.
        package var rootDeviceType: String
        package var owner: String

        package init(
            id: InstanceID,
            type: String,
            state: String = "running",
            isSpot: Bool = false,
            rootDeviceType: String = "ebs",
            owner: String
        ) {
            self.id = id
            self.type = type
            self.state = state
            self.isSpot = isSpot
            self.rootDeviceType = rootDeviceType
            self.owner = owner
        }

        /// Reads an instance of a reservation; nil without a valid id.
        init?(_ instance: JSONValue, owner: String) {
            guard let id = instance["InstanceId"]?.string.flatMap(InstanceID.init(rawValue:)) else { return nil }
            self.init(
                id: id,
                type: instance["InstanceType"]?.string ?? "",
                state: instance["State"]?["Name"]?.string ?? "",
                isSpot: instance["InstanceLifecycle"]?.string == "spot",
                rootDeviceType: instance["RootDeviceType"]?.string ?? "ebs",
                owner: owner
            )
        }
    }

    package struct Volume: Sendable, Hashable, Codable {
        package var id: VolumeID
        package var device: String
        package var isRoot: Bool
        package var isEncrypted: Bool
        package var kmsKey: String?
        /// Other instances that have it attached too.
        package var sharedWith: [String]
        /// Tags that a snapshot would inherit.
        package var tagCount: Int
        /// `namespace/name` of the PersistentVolumeClaim that owns the data.
        package var claim: String?
        /// Pods on the node that use the claim.
        package var claimPods: [String]

        package init(
            id: VolumeID,
            device: String,
            isRoot: Bool,
            isEncrypted: Bool = true,
            kmsKey: String? = nil,
            sharedWith: [String] = [],
            tagCount: Int = 0,
            claim: String? = nil,
            claimPods: [String] = []
        ) {
            self.id = id
            self.device = device
            self.isRoot = isRoot
            self.isEncrypted = isEncrypted
            self.kmsKey = kmsKey
            self.sharedWith = sharedWith
            self.tagCount = tagCount
            self.claim = claim
            self.claimPods = claimPods
        }
    }

    package struct Snapshot: Sendable, Hashable, Codable {
        package var id: String
        package var volume: VolumeID
        package var state: String
        package var startTime: String

        package init(id: String, volume: VolumeID, state: String, startTime: String) {
            self.id = id
            self.volume = volume
            self.state = state
            self.startTime = startTime
        }

        init?(_ snapshot: JSONValue) {
            guard let id = snapshot["SnapshotId"]?.nonBlank,
                let volume = snapshot["VolumeId"]?.string.flatMap(VolumeID.init(rawValue:))
            else { return nil }
            self.init(
                id: id,
                volume: volume,
                state: snapshot["State"]?.string ?? "",
                startTime: snapshot["StartTime"]?.string ?? ""
            )
        }

        /// Pending already is a point in time; an error is no evidence.
        package var counts: Bool { state == "pending" || state == "completed" }
    }
}
