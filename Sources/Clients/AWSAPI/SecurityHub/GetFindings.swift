extension AWSOperation {
    package static let getFindings = AWSOperation(
        "securityhub",
        "GetFindings",
        .restJSON(method: "POST", path: "/findings"),
        isReadOnly: true
    )
}
