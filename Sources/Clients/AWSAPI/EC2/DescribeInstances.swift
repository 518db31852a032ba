extension AWSOperation {
    package static let describeInstances = AWSOperation(
        "ec2",
        "DescribeInstances",
        EC2Shapes.wire,
        isReadOnly: true,
        input: [WireMember("InstanceIds", "InstanceId", .list(of: .string)), EC2Shapes.filters] + EC2Shapes.paging,
        output: [
            WireMember("Reservations", "reservationSet", .list(of: .structure(reservation))), EC2Shapes.nextToken,
        ]
    )

    private static let reservation = [
        WireMember("ReservationId", "reservationId", .string),
        WireMember("OwnerId", "ownerId", .string),
        WireMember("RequesterId", "requesterId", .string),
        WireMember("Instances", "instancesSet", .list(of: .structure(instance))),
    ]

    private static let instance = [
        WireMember("InstanceId", "instanceId", .string),
        WireMember("ImageId", "imageId", .string),
        WireMember(
            "State",
            "instanceState",
            .structure([WireMember("Code", "code", .integer), WireMember("Name", "name", .string)])
        ),
        WireMember("PrivateDnsName", "privateDnsName", .string),
        WireMember("PublicDnsName", "dnsName", .string),
        WireMember("InstanceType", "instanceType", .string),
        WireMember("LaunchTime", "launchTime", .timestamp),
        WireMember(
            "Placement",
            "placement",
            .structure([
                WireMember("AvailabilityZone", "availabilityZone", .string),
                WireMember("Tenancy", "tenancy", .string),
                WireMember("GroupName", "groupName", .string),
            ])
        ),
        WireMember("SubnetId", "subnetId", .string),
        WireMember("VpcId", "vpcId", .string),
        WireMember("PrivateIpAddress", "privateIpAddress", .string),
        WireMember("PublicIpAddress", "ipAddress", .string),
        WireMember("RootDeviceName", "rootDeviceName", .string),
        WireMember("RootDeviceType", "rootDeviceType", .string),
        WireMember("BlockDeviceMappings", "blockDeviceMapping", .list(of: .structure(blockDevice))),
        WireMember("InstanceLifecycle", "instanceLifecycle", .string),
        WireMember("SpotInstanceRequestId", "spotInstanceRequestId", .string),
        WireMember(
            "IamInstanceProfile",
            "iamInstanceProfile",
            .structure([WireMember("Arn", "arn", .string), WireMember("Id", "id", .string)])
        ),
        WireMember(
            "SecurityGroups",
            "groupSet",
            .list(
                of: .structure([
                    WireMember("GroupId", "groupId", .string), WireMember("GroupName", "groupName", .string),
                ])
            )
        ),
        WireMember("Architecture", "architecture", .string),
        WireMember("Platform", "platform", .string),
        WireMember("PlatformDetails", "platformDetails", .string),
        EC2Shapes.tags,
    ]

    private static let blockDevice = [
        WireMember("DeviceName", "deviceName", .string),
        WireMember(
            "Ebs",
            "ebs",
            .structure([
                WireMember("VolumeId", "volumeId", .string),
                WireMember("Status", "status", .string),
                WireMember("AttachTime", "attachTime", .timestamp),
                WireMember("DeleteOnTermination", "deleteOnTermination", .boolean),
            ])
        ),
    ]
}
