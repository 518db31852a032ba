/// Shapes that several EC2 operations share.
enum EC2Shapes {
    static let wire = AWSOperation.Wire.ec2(version: "2016-11-15")

    static let filters = WireMember(
        "Filters",
        "Filter",
        .list(
            of: .structure([
                WireMember("Name", .string), WireMember("Values", "Value", .list(of: .string)),
            ])
        )
    )

    static let paging = [
        WireMember("NextToken", "nextToken", .string), WireMember("MaxResults", "maxResults", .integer),
        WireMember("DryRun", "dryRun", .boolean),
    ]

    static let tag = WireShape.structure([WireMember("Key", "key", .string), WireMember("Value", "value", .string)])
    static let tags = WireMember("Tags", "tagSet", .list(of: tag))
    static let nextToken = WireMember("NextToken", "nextToken", .string)
}
