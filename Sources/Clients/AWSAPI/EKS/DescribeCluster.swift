extension AWSOperation {
    package static let describeCluster = AWSOperation(
        "eks",
        "DescribeCluster",
        .restJSON(method: "GET", path: "/clusters/{name}"),
        isReadOnly: true
    )
}
