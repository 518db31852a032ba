package import Vocabulary

/// Where services listen: the standard names of each partition, or what was configured instead.
package struct AWSEndpoints: Sendable, Hashable {
    /// Origins by service, as in `AWS_ENDPOINT_URL_EC2`; the empty name stands for all services.
    package var overrides: [String: String]

    package init(overrides: [String: String] = [:]) { self.overrides = overrides }

    /// Scheme, host and port, without a trailing slash.
    package func origin(of service: String, in region: RegionName) -> String {
        if let override = overrides[service] ?? overrides[""] {
            return override.hasSuffix("/") ? String(override.dropLast()) : override
        }
        return "https://\(service).\(region).\(Self.suffix(of: region.partition))"
    }

    /// The service and Region that a standard origin belongs to: what routes a rehearsal and scopes a signature.
    package static func scope(of origin: String) -> (service: String, region: RegionName)? {
        guard let host = origin.split(separator: "/").last, origin.hasPrefix("https://") else { return nil }
        let parts = host.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, let region = RegionName(parts[1]),
            parts[2] == suffix(of: region.partition)
        else { return nil }
        return (parts[0], region)
    }

    /// Source: botocore, `partitions.json`.
    private static func suffix(of partition: String) -> String {
        switch partition {
        case "aws-cn": "amazonaws.com.cn"
        case "aws-iso": "c2s.ic.gov"
        case "aws-iso-b": "sc2s.sgov.gov"
        case "aws-iso-e": "cloud.adc-e.uk"
        case "aws-iso-f": "csp.hci.ic.gov"
        case "aws-eusc": "amazonaws.eu"
        default: "amazonaws.com"
        }
    }
}
