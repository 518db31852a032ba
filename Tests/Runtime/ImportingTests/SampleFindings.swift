import Importing
import Vocabulary

/// Findings that are small and complete enough to be sent.
enum SampleFindings {
    static let account = "444455556666"

    static func finding(
        _ id: String,
        severity: String = "MEDIUM",
        account: String = account,
        updatedAt: Int = 1,
        padding: Int = 0
    ) -> JSONValue {
        [
            "Id": .string(id), "AwsAccountId": .string(account),
            "ProductArn": .string("arn:aws:securityhub:eu-central-1:\(account):product/\(account)/default"),
            "FindingProviderFields": ["Severity": ["Label": .string(severity)]],
            "UpdatedAt": .integer(Int64(updatedAt)), "Description": .string(String(repeating: "x", count: padding)),
        ]
    }

    static func pending(_ ticket: UInt64, _ finding: JSONValue) throws -> PendingFinding {
        try PendingFinding(finding, ticket: ticket)
    }
}
