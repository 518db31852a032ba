extension AWSOperation {
    package static let batchImportFindings = AWSOperation(
        "securityhub",
        "BatchImportFindings",
        .restJSON(method: "POST", path: "/findings/import"),
        isReadOnly: false
    )
}
