internal import Vocabulary

/// Why Security Hub gave no finding to start from.
enum FindingLookupFault: ActionableError, Hashable {
    case noHub
    case noId(String)
    case unknown(String, RegionName)
    case ambiguous(String, products: [String])

    var report: FaultReport {
        switch self {
        case .noHub:
            FaultReport(
                code: "INPUT-010",
                what: "there is no AWS account, or no Region, to ask for a finding",
                location: "--finding-id",
                remedy: "set AWS credentials and --region, or rehearse with a world that has an account"
            )
        case .noId(let text):
            FaultReport(
                code: "INPUT-011",
                what: "“\(PlainText.line(String(text.prefix(100))))” can be no finding's Id",
                location: "--finding-id",
                remedy: "write the finding's Id as Security Hub shows it, at most 512 characters"
            )
        case .unknown(let id, let region):
            FaultReport(
                code: "INPUT-012",
                what: "Security Hub of \(region) has no finding with this Id",
                location: PlainText.line(id),
                remedy: "check the Id, the account and --region; findings vanish 90 days after their last update"
            )
        case .ambiguous(let id, let products):
            FaultReport(
                code: "INPUT-013",
                what: "several findings have this Id, of: \(PlainText.line(products.joined(separator: ", ")))",
                location: PlainText.line(id),
                remedy: "write the product's ARN, a slash and the Id"
            )
        }
    }
}
