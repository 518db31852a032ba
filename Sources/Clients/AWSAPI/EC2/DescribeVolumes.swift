extension AWSOperation {
    package static let describeVolumes = AWSOperation(
        "ec2",
        "DescribeVolumes",
        EC2Shapes.wire,
        isReadOnly: true,
        input: [WireMember("VolumeIds", "VolumeId", .list(of: .string)), EC2Shapes.filters] + EC2Shapes.paging,
        output: [WireMember("Volumes", "volumeSet", .list(of: .structure(volume))), EC2Shapes.nextToken]
    )

    private static let volume = [
        WireMember("VolumeId", "volumeId", .string),
        WireMember("VolumeType", "volumeType", .string),
        WireMember("Size", "size", .integer),
        WireMember("Iops", "iops", .integer),
        WireMember("State", "status", .string),
        WireMember("AvailabilityZone", "availabilityZone", .string),
        WireMember("Encrypted", "encrypted", .boolean),
        WireMember("KmsKeyId", "kmsKeyId", .string),
        WireMember("SnapshotId", "snapshotId", .string),
        WireMember("CreateTime", "createTime", .timestamp),
        WireMember("MultiAttachEnabled", "multiAttachEnabled", .boolean),
        WireMember("OutpostArn", "outpostArn", .string),
        WireMember("Attachments", "attachmentSet", .list(of: .structure(attachment))),
        EC2Shapes.tags,
    ]

    private static let attachment = [
        WireMember("VolumeId", "volumeId", .string),
        WireMember("InstanceId", "instanceId", .string),
        WireMember("Device", "device", .string),
        WireMember("State", "status", .string),
        WireMember("AttachTime", "attachTime", .timestamp),
        WireMember("DeleteOnTermination", "deleteOnTermination", .boolean),
    ]
}
