internal import Vocabulary

/// What all findings of a context have in common.
struct FindingCommons {
    let productARN: String
    let company: String
    /// How their Ids begin.
    let idPrefix: String
    /// The cluster's ARN; nil when there is none.
    let cluster: String?
    let clusterName: String?
    /// The node's ARN; nil where no shipper told of one.
    let instance: String?
    /// The name of the partition in ASFF's list.
    let partition: String?

    init(_ context: FalcoContext) {
        let (region, account) = (context.region, context.account)
        productARN = "arn:\(region.partition):securityhub:\(region):\(account):product/\(account)/default"
        company = FittedText.fit(context.rules.company, 128) ?? "Falco"
        idPrefix = "falco/\(region)/\(account)/"
        cluster = context.cluster?.description
        clusterName = context.cluster?.name
        instance = context.instance.map {
            "arn:\(region.partition):ec2:\(region):\(context.instanceAccount ?? account):instance/\($0)"
        }
        partition = context.asffPartition
    }
}

extension String {
    /// Texts one after the other.
    init(joining parts: [String]) {
        self = ""
        reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count })
        for part in parts { self += part }
    }
}
