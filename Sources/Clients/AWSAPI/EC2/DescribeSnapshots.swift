extension AWSOperation {
    package static let describeSnapshots = AWSOperation(
        "ec2",
        "DescribeSnapshots",
        EC2Shapes.wire,
        isReadOnly: true,
        input: [
            WireMember("SnapshotIds", "SnapshotId", .list(of: .string)),
            WireMember("OwnerIds", "Owner", .list(of: .string)),
            EC2Shapes.filters,
        ] + EC2Shapes.paging,
        output: [WireMember("Snapshots", "snapshotSet", .list(of: .structure(snapshot))), EC2Shapes.nextToken]
    )

    private static let snapshot = [
        WireMember("SnapshotId", "snapshotId", .string),
        WireMember("VolumeId", "volumeId", .string),
        WireMember("State", "status", .string),
        WireMember("StateMessage", "statusMessage", .string),
        WireMember("StartTime", "startTime", .timestamp),
        WireMember("CompletionTime", "completionTime", .timestamp),
        WireMember("Progress", "progress", .string),
        WireMember("OwnerId", "ownerId", .string),
        WireMember("Description", "description", .string),
        WireMember("VolumeSize", "volumeSize", .integer),
        WireMember("Encrypted", "encrypted", .boolean),
        WireMember("KmsKeyId", "kmsKeyId", .string),
        WireMember("StorageTier", "storageTier", .string),
        EC2Shapes.tags,
    ]
}
