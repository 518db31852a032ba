package import Vocabulary

/// Where services listen: the standard names of each partition, or what was configured instead.
package struct AWSEndpoints: Sendable, Hashable {
    /// Origins by service, as in `AWS_ENDPOINT_URL_EC2`; the empty name stands for all services.
    package var overrides: [String: String]
    /// Endpoints with validated cryptography.
    package var isFIPS: Bool
    /// Endpoints that also have IPv6 addresses.
    package var isDualStack: Bool

    package init(overrides: [String: String] = [:], isFIPS: Bool = false, isDualStack: Bool = false) {
        self.overrides = overrides
        self.isFIPS = isFIPS
        self.isDualStack = isDualStack
    }

    /// Scheme, host and port, without a trailing slash.
    package func origin(of service: String, in region: RegionName) -> String {
        if let override = overrides[service] ?? overrides[""] {
            return override.hasSuffix("/") ? String(override.dropLast()) : override
        }
        if service == "iam" { return iamOrigin(in: region) }
        let partition = AWSPartition.named(region.partition)
        let suffix = isDualStack ? partition.dualStackSuffix : partition.suffix
        return "https://\(hostPrefix(service, partition)).\(region).\(suffix)"
    }

    /// Source: botocore, the endpoint rules of each service.
    private func hostPrefix(_ service: String, _ partition: AWSPartition) -> String {
        guard isFIPS else { return service }
        if partition.name == "aws-us-gov" {
            let plain = isDualStack ? ["events"] : Self.plainInGov
            return plain.contains(service) ? service : "\(service)-fips"
        }
        return service == "eks" && partition.name == "aws" && !isDualStack ? "fips.eks" : "\(service)-fips"
    }

    /// In GovCloud the plain names of these are the FIPS endpoints.
    private static let plainInGov: Set = [
        "autoscaling", "dynamodb", "ec2", "eks", "events", "logs", "portal.sso", "sqs", "ssm", "sts",
    ]

    /// The service and Region that a standard origin belongs to: what routes a rehearsal.
    package static func scope(of origin: String) -> (service: String, region: RegionName)? {
        if let region = iamScope(of: origin) { return ("iam", region) }
        guard let host = origin.split(separator: "/").last, origin.hasPrefix("https://") else { return nil }
        let parts = host.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, let region = RegionName(parts[1]),
            parts[2] == AWSPartition.named(region.partition).suffix
        else { return nil }
        return (parts[0], region)
    }
}

/// A part of AWS with names of its own.
struct AWSPartition: Sendable, Hashable {
    let name: String
    let suffix: String
    let dualStackSuffix: String

    static func named(_ name: String) -> AWSPartition { all.first { $0.name == name } ?? all[0] }

    private init(_ name: String, _ suffix: String, _ dualStackSuffix: String) {
        self.name = name
        self.suffix = suffix
        self.dualStackSuffix = dualStackSuffix
    }

    /// Source: botocore, `partitions.json`.
    private static let all = [
        AWSPartition("aws", "amazonaws.com", "api.aws"),
        AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        AWSPartition("aws-us-gov", "amazonaws.com", "api.aws"),
        AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
        AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
        AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    ]
}
