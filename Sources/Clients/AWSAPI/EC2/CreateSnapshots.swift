extension AWSOperation {
    /// One crash-consistent point in time for all EBS volumes of an instance; the service has no client token.
    package static let createSnapshots = AWSOperation(
        "ec2",
        "CreateSnapshots",
        EC2Shapes.wire,
        isReadOnly: false,
        input: [
            WireMember("Description", .string),
            WireMember(
                "InstanceSpecification",
                .structure([
                    WireMember("InstanceId", .string),
                    WireMember("ExcludeBootVolume", .boolean),
                    WireMember("ExcludeDataVolumeIds", "ExcludeDataVolumeId", .list(of: .string)),
                ])
            ),
            WireMember(
                "TagSpecifications",
                "TagSpecification",
                .list(
                    of: .structure([
                        WireMember("ResourceType", "resourceType", .string),
                        WireMember("Tags", "Tag", .list(of: EC2Shapes.tag)),
                    ])
                )
            ),
            WireMember("CopyTagsFromSource", .string),
            WireMember("DryRun", .boolean),
        ],
        output: [WireMember("Snapshots", "snapshotSet", .list(of: .structure(snapshotInfo)))]
    )

    private static let snapshotInfo = [
        WireMember("SnapshotId", "snapshotId", .string),
        WireMember("VolumeId", "volumeId", .string),
        WireMember("State", "state", .string),
        WireMember("StartTime", "startTime", .timestamp),
        WireMember("Progress", "progress", .string),
        WireMember("OwnerId", "ownerId", .string),
        WireMember("Description", "description", .string),
        WireMember("VolumeSize", "volumeSize", .integer),
        WireMember("Encrypted", "encrypted", .boolean),
        EC2Shapes.tags,
    ]
}
