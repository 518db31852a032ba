extension AWSOperation {
    package static let describeAutoScalingInstances = AWSOperation(
        "autoscaling",
        "DescribeAutoScalingInstances",
        .query(version: "2011-01-01"),
        isReadOnly: true,
        input: [
            WireMember("InstanceIds", .list(of: .string)), WireMember("MaxRecords", .integer),
            WireMember("NextToken", .string),
        ],
        output: [
            WireMember(
                "AutoScalingInstances",
                .list(
                    of: .structure([
                        WireMember("InstanceId", .string),
                        WireMember("InstanceType", .string),
                        WireMember("AutoScalingGroupName", .string),
                        WireMember("AvailabilityZone", .string),
                        WireMember("LifecycleState", .string),
                        WireMember("HealthStatus", .string),
                        WireMember("ProtectedFromScaleIn", .boolean),
                    ])
                )
            ),
            WireMember("NextToken", .string),
        ]
    )
}
