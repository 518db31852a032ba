extension AWSOperation {
    package static let getCallerIdentity = AWSOperation(
        "sts",
        "GetCallerIdentity",
        .query(version: "2011-06-15"),
        isReadOnly: true,
        output: [WireMember("UserId", .string), WireMember("Account", .string), WireMember("Arn", .string)]
    )
}
