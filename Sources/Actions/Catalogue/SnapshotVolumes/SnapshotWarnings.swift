import Vocabulary

/// What an expert would say about these snapshots as evidence.
enum SnapshotWarnings {
    static func all(
        _ facts: SnapshotVolumes.Facts,
        _ instance: SnapshotVolumes.Instance,
        _ set: SnapshotSet
    ) -> [String] {
        content(instance) + choice(facts, set) + ownership(facts, set) + encryption(set) + life(facts, instance, set)
    }

    private static func content(_ instance: SnapshotVolumes.Instance) -> [String] {
        var warnings = ["snapshots hold what was written to disk: memory and the page cache are not in them"]
        if instance.rootDeviceType == "instance-store" || InstanceStore.isPart(of: instance.type) {
            warnings.append(
                "instance type \(instance.type) has instance store: it is not snapshotted, and is lost with the instance"
            )
        }
        return warnings
    }

    private static func choice(_ facts: SnapshotVolumes.Facts, _ set: SnapshotSet) -> [String] {
        var warnings: [String] = []
        let chosen = Set(set.chosen.map(\.id))
        let left = facts.volumes.filter { !chosen.contains($0.id) }.map(\.id.rawValue)
        if !left.isEmpty { warnings.append("left out by the parameter include: \(left.joined(separator: ", "))") }
        if !set.covering.isEmpty, !set.missing.isEmpty {
            warnings.append(
                "\(set.covering.count) of \(set.chosen.count) volumes have a snapshot of this incident already: "
                    + "the others will be of a later moment"
            )
        }
        let failed = facts.snapshots.filter { !$0.counts }.map(\.id)
        if !failed.isEmpty { warnings.append("snapshots that failed before: \(failed.joined(separator: ", "))") }
        return warnings
    }

    private static func ownership(_ facts: SnapshotVolumes.Facts, _ set: SnapshotSet) -> [String] {
        var warnings: [String] = []
        for volume in set.chosen {
            if let claim = volume.claim {
                let users = volume.claimPods.isEmpty ? "" : ", used by \(volume.claimPods.joined(separator: ", "))"
                warnings.append(
                    "volume \(volume.id) holds the data of claim \(claim)\(users): it becomes part of the evidence"
                )
            }
            if !volume.sharedWith.isEmpty {
                warnings.append(
                    "volume \(volume.id) is also attached to \(volume.sharedWith.joined(separator: ", ")): "
                        + "writes of those may be caught halfway"
                )
            }
        }
        if !facts.areClaimsKnown {
            warnings.append("PersistentVolumes could not be read: whose data the volumes hold is not known")
        }
        return warnings
    }

    private static func encryption(_ set: SnapshotSet) -> [String] {
        var warnings: [String] = []
        let defaults = set.chosen.filter { $0.isEncrypted && ($0.kmsKey?.hasSuffix("alias/aws/ebs") ?? true) }
        if !defaults.isEmpty {
            warnings.append(
                "\(names(defaults)): if the key is the default aws/ebs key, the snapshots cannot be shared with another "
                    + "account; copy them to a customer managed key first"
            )
        }
        let keyed = set.chosen.filter { $0.isEncrypted && $0.kmsKey?.hasSuffix("alias/aws/ebs") == false }
        let byKey = Dictionary(grouping: keyed) { $0.kmsKey ?? "" }
        for (key, volumes) in byKey.sorted(by: { $0.key < $1.key }) {
            warnings.append("whoever disables \(key) makes these snapshots unreadable: \(names(volumes))")
        }
        let open = set.chosen.filter { !$0.isEncrypted }
        if !open.isEmpty { warnings.append("not encrypted, and so are their snapshots: \(names(open))") }
        return warnings
    }

    private static func life(
        _ facts: SnapshotVolumes.Facts,
        _ instance: SnapshotVolumes.Instance,
        _ set: SnapshotSet
    ) -> [String] {
        var warnings: [String] = []
        if instance.isSpot || facts.node?.isSpot == true {
            warnings.append("spot instance: it can be gone two minutes after a notice")
        }
        if !set.copiesTags {
            warnings.append(
                "the volumes' own tags are not copied: with ours they would be more than \(SnapshotTags.limit)"
            )
        }
        return warnings
    }

    private static func names(_ volumes: [SnapshotVolumes.Volume]) -> String {
        volumes.map(\.id.rawValue).joined(separator: ", ")
    }
}
