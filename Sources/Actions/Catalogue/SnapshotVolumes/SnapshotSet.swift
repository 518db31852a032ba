import Planning
import Vocabulary

/// The snapshots that this incident needs, which of them exist, and the one call that makes the rest.
struct SnapshotSet {
    let chosen: [SnapshotVolumes.Volume]
    let missing: [SnapshotVolumes.Volume]
    /// The earliest good snapshot of each chosen volume that has one.
    let covering: [SnapshotVolumes.Snapshot]
    /// Whether the volumes' own tags fit beside ours.
    let copiesTags: Bool
    private let region: RegionName
    private let all: [SnapshotVolumes.Volume]
    private let instance: SnapshotVolumes.Instance
    private let incident: String
    private let tags: [SnapshotTags.Tag]

    init(
        _ request: ActionRequest,
        _ facts: SnapshotVolumes.Facts,
        _ instance: SnapshotVolumes.Instance,
        chosen: [SnapshotVolumes.Volume]
    ) throws(ActionFault) {
        region = facts.region
        all = facts.volumes
        self.instance = instance
        self.chosen = chosen
        incident = Self.incidentTag(request)
        tags = try SnapshotTags.all(request, facts, instance, incident: incident)
        var covering: [SnapshotVolumes.Snapshot] = []
        var missing: [SnapshotVolumes.Volume] = []
        for volume in chosen {
            let good = facts.snapshots.filter { $0.volume == volume.id && $0.counts }
            if let first = good.min(by: { $0.startTime < $1.startTime }) {
                covering.append(first)
            } else {
                missing.append(volume)
            }
        }
        self.covering = covering
        self.missing = missing
        copiesTags = (missing.map(\.tagCount).max() ?? 0) + tags.count <= SnapshotTags.limit
    }

    /// Of the incident's key only a digest: outside text would be a wildcard in a filter.
    static func incidentTag(_ request: ActionRequest) -> String {
        String(request.fingerprint(request.incidentKey).prefix(32))
    }

    static func filters(_ incident: String, volumes: [SnapshotVolumes.Volume] = []) -> JSONValue {
        var filters: [JSONValue] = [["Name": "tag:firebreak:incident", "Values": [.string(incident)]]]
        if !volumes.isEmpty {
            filters.append(["Name": "volume-id", "Values": .array(volumes.map { .string($0.id.rawValue) })])
        }
        return .array(filters)
    }

    private func lookUp(_ volumes: [SnapshotVolumes.Volume]) -> AWSChange {
        AWSChange(
            service: "ec2",
            operation: "DescribeSnapshots",
            region: region,
            input: ["OwnerIds": ["self"], "Filters": Self.filters(incident, volumes: volumes)]
        )
    }

    var change: PlannedChange {
        let count = missing.count == 1 ? "1 volume" : "\(missing.count) volumes"
        return PlannedChange(
            id: "snapshot-\(instance.id)",
            summary: "snapshot \(count) of instance \(instance.id)",
            change: .aws(
                AWSChange(service: "ec2", operation: "CreateSnapshots", region: region, input: .object(input))
            ),
            undo: .none(reason: "a snapshot is evidence: it is never deleted"),
            semantics: .atMostOnce(lookUp: lookUp(missing)),
            permission: .iam("ec2:CreateSnapshots")
        )
    }

    private var input: JSONObject {
        var input: JSONObject = [
            "Description": .string("firebreak evidence of \(instance.id), incident \(incident)"),
            "InstanceSpecification": .object(specification),
            "TagSpecifications": [
                [
                    "ResourceType": "snapshot",
                    "Tags": .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
                ]
            ],
        ]
        if copiesTags { input["CopyTagsFromSource"] = "volume" }
        return input
    }

    /// The API takes what to leave out, not what to take.
    private var specification: JSONObject {
        var specification: JSONObject = ["InstanceId": .string(instance.id.rawValue)]
        let wanted = Set(missing.map(\.id))
        let others = all.filter { !wanted.contains($0.id) }
        if others.contains(where: \.isRoot) { specification["ExcludeBootVolume"] = true }
        let data = others.filter { !$0.isRoot }
        if !data.isEmpty {
            specification["ExcludeDataVolumeIds"] = .array(data.map { .string($0.id.rawValue) })
        }
        return specification
    }

    func expectation(_ volume: SnapshotVolumes.Volume) -> Expectation {
        Expectation(
            "a snapshot of \(volume.id) carries the incident's tag",
            at: .aws(lookUp([volume])),
            field: ["Snapshots"],
            .countAtLeast(1),
            within: .seconds(60)
        )
    }
}
