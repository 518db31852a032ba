extension AWSOperation {
    /// What a responder may change of a finding; it leaves UpdatedAt alone.
    package static let batchUpdateFindings = AWSOperation(
        "securityhub",
        "BatchUpdateFindings",
        .restJSON(method: "PATCH", path: "/findings/batchupdate"),
        isReadOnly: false
    )
}
