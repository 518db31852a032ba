package import Vocabulary

/// IAM is one service for a whole partition: it has one endpoint, and is signed for in one Region.
extension AWSEndpoints {
    /// The Region that requests to IAM are signed for.
    package static func iamRegion(for region: RegionName) -> RegionName {
        RegionName(iamHomes[region.partition] ?? "us-east-1") ?? region
    }

    /// Source: botocore, the endpoint rules of IAM.
    func iamOrigin(in region: RegionName) -> String {
        switch region.partition {
        case "aws":
            let name = isFIPS ? "iam-fips" : "iam"
            return isDualStack ? "https://\(name).global.api.aws" : "https://\(name).amazonaws.com"
        case "aws-cn":
            return isDualStack
                ? "https://iam.global.api.amazonwebservices.com.cn" : "https://iam.cn-north-1.amazonaws.com.cn"
        case "aws-us-gov": return isDualStack ? "https://iam.us-gov.api.aws" : "https://iam.us-gov.amazonaws.com"
        default: return "https://iam.\(Self.iamRegion(for: region)).\(AWSPartition.named(region.partition).suffix)"
        }
    }

    /// The Region of an origin that is IAM's; nil for all others.
    static func iamScope(of origin: String) -> RegionName? {
        iamHomes.values.lazy.compactMap { RegionName($0) }.first { AWSEndpoints().iamOrigin(in: $0) == origin }
    }

    private static let iamHomes = [
        "aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-iso": "us-iso-east-1",
        "aws-iso-b": "us-isob-east-1", "aws-iso-e": "eu-isoe-west-1", "aws-iso-f": "us-isof-south-1",
        "aws-eusc": "eusc-de-east-1",
    ]
}
