/// One operation of a service: how it is asked and how it answers.
package struct AWSOperation: Sendable, Hashable {
    package enum Wire: Sendable, Hashable {
        /// Query in, XML out, lists flattened as `Name.1`.
        case ec2(version: String)
        /// Query in, XML out inside a result element, lists as `Name.member.1`.
        case query(version: String)
        /// JSON both ways; `{name}` in the path takes an input member.
        case restJSON(method: String, path: String)
    }

    /// As in botocore: `ec2`, `securityhub`.
    package var service: String
    package var name: String
    package var wire: Wire
    /// Whether it leaves the world as it was: what a lost answer means depends on it.
    package var isReadOnly: Bool
    /// Members of the input; JSON protocols need none, their documents travel as they are.
    package var input: [WireMember]
    package var output: [WireMember]

    package init(
        _ service: String,
        _ name: String,
        _ wire: Wire,
        isReadOnly: Bool,
        input: [WireMember] = [],
        output: [WireMember] = []
    ) {
        self.service = service
        self.name = name
        self.wire = wire
        self.isReadOnly = isReadOnly
        self.input = input
        self.output = output
    }

    /// All operations that this version speaks.
    package static let all: [AWSOperation] = [
        .describeInstances, .describeVolumes, .describeSnapshots, .createSnapshots,
        .getFindings, .batchUpdateFindings, .batchImportFindings,
        .getCallerIdentity, .simulatePrincipalPolicy, .describeCluster, .describeAutoScalingInstances,
    ]

    package static func named(_ service: String, _ name: String) -> AWSOperation? {
        all.first { $0.service == service && $0.name == name }
    }
}
