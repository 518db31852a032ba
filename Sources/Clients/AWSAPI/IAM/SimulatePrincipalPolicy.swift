extension AWSOperation {
    package static let simulatePrincipalPolicy = AWSOperation(
        "iam",
        "SimulatePrincipalPolicy",
        .query(version: "2010-05-08"),
        isReadOnly: true,
        input: [
            WireMember("PolicySourceArn", .string), WireMember("ActionNames", .list(of: .string)),
            WireMember("ContextEntries", .list(of: .structure(context))), WireMember("MaxItems", .integer),
            WireMember("Marker", .string),
        ],
        output: [
            WireMember("EvaluationResults", .list(of: .structure(result))), WireMember("IsTruncated", .boolean),
            WireMember("Marker", .string),
        ]
    )

    private static let context = [
        WireMember("ContextKeyName", .string), WireMember("ContextKeyValues", .list(of: .string)),
        WireMember("ContextKeyType", .string),
    ]

    private static let result = [
        WireMember("EvalActionName", .string), WireMember("EvalResourceName", .string),
        WireMember("EvalDecision", .string), WireMember("MissingContextValues", .list(of: .string)),
    ]
}
