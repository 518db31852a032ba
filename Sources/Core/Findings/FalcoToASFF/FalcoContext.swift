package import Vocabulary

/// What an alert does not know of itself and the mapping must be told.
package struct FalcoContext: Sendable {
    /// The account and Region that the finding belongs to.
    package var account: AccountID
    package var region: RegionName
    /// The cluster's ARN; nil when Falco runs outside of a cluster or nobody said which.
    package var cluster: ARN?
    /// The node on which Falco saw a system call; nil where no shipper told.
    package var instance: InstanceID?
    /// The account that the node belongs to, when it is not the finding's.
    package var instanceAccount: AccountID?
    /// The ECS cluster in which Falco runs, and the task where it watches only its own.
    package var ecsCluster: ARN?
    package var ecsTask: ARN?
    /// When the alert was received; stands in for a time that cannot be read.
    package var receivedAt: Timestamp
    package var rules: FalcoRules
    package var sha256: @Sendable ([UInt8]) -> [UInt8]

    /// The cluster may be a name or an ARN; a name becomes an ARN of the account and Region.
    package init(
        account: AccountID,
        region: RegionName,
        cluster: String? = nil,
        instance: InstanceID? = nil,
        receivedAt: Timestamp,
        rules: FalcoRules = .standard,
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.account = account
        self.region = region
        self.instance = instance
        self.receivedAt = receivedAt
        self.rules = rules
        self.sha256 = sha256
        self.cluster = cluster.map { Self.clusterARN($0, account, region) }
    }

    private static func clusterARN(_ text: String, _ account: AccountID, _ region: RegionName) -> ARN {
        if let arn = ARN(text), arn.service == "eks", arn.resource.hasPrefix("cluster/") { return arn }
        return ARN(
            partition: region.partition,
            service: "eks",
            region: region.rawValue,
            account: account.rawValue,
            resource: "cluster/\(text)"
        )
    }

    func hex(_ bytes: [UInt8], digits: Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in sha256(bytes) {
            text.append(Self.digit(byte >> 4))
            text.append(Self.digit(byte & 15))
        }
        return String(decoding: text.prefix(digits), as: UTF8.self)
    }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

    /// The name of the partition in ASFF's list; nil for those that the list lacks.
    var asffPartition: String? {
        switch region.partition {
        case "aws", "aws-cn", "aws-us-gov": region.partition
        case "aws-iso": "aws-us-iso"
        case "aws-iso-b": "aws-us-iso-b"
        default: nil
        }
    }
}
