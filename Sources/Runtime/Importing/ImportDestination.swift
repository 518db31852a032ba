package import Vocabulary

/// Where findings go together in one call: Security Hub takes those of one account, Region and product only.
package struct ImportDestination: Sendable, Hashable {
    package var account: AccountID
    package var region: RegionName
    package var productARN: String

    package init(account: AccountID, region: RegionName, productARN: String) {
        self.account = account
        self.region = region
        self.productARN = productARN
    }
}

/// A finding on its way to Security Hub.
package struct PendingFinding: Sendable {
    /// What the one who handed it in knows it by.
    package var ticket: UInt64
    package var finding: JSONValue
    package var destination: ImportDestination
    package var id: String
    /// Bytes of its JSON.
    package var weight: Int
    /// 0 is the most urgent; higher numbers wait for lower ones.
    package var urgency: Int

    package static let urgencies = 5

    /// - Throws: `ImportFault.unaddressed` when the finding does not say where it belongs, `tooLarge` when no call takes it.
    package init(_ finding: JSONValue, ticket: UInt64) throws(ImportFault) {
        guard let account = finding["AwsAccountId"]?.string.flatMap({ AccountID($0) }) else {
            throw .unaddressed("AwsAccountId")
        }
        guard let product = finding["ProductArn"]?.string, let arn = ARN(product), let region = RegionName(arn.region)
        else { throw .unaddressed("ProductArn") }
        guard let id = finding["Id"]?.nonBlank else { throw .unaddressed("Id") }
        self.ticket = ticket
        self.finding = finding
        self.id = id
        destination = ImportDestination(account: account, region: region, productARN: product)
        weight = JSONWriter.compact(finding).utf8.count
        urgency = Self.urgency(finding)
        guard weight <= ImportRules.findingBytes else { throw .tooLarge(weight) }
    }

    private static func urgency(_ finding: JSONValue) -> Int {
        let severity = finding[["FindingProviderFields", "Severity", "Label"]] ?? finding[["Severity", "Label"]]
        let labels = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
        return severity?.string.flatMap { labels.firstIndex(of: $0) } ?? labels.count
    }
}
