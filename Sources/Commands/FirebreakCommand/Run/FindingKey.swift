package import Vocabulary

/// How somebody names a finding of Security Hub: by its Id, or by its product's ARN and its Id behind it.
///
/// The second is what `ProductFields.aws/securityhub/FindingId` holds; it names one finding where several products have
/// sent the same Id.
package struct FindingKey: Sendable, Hashable {
    package let id: String
    package let productArn: String?
    /// Where to ask; nil when the name says nothing of it.
    package let region: RegionName?

    /// Nil for what can be no finding's Id: blank, longer than the API takes, or with control characters.
    package init?(_ text: String) {
        guard (1...1_024).contains(text.unicodeScalars.count), text.contains(where: { !$0.isWhitespace }),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else { return nil }
        let arn = ARN(text)
        let parts = arn.map { $0.resource.split(separator: "/", maxSplits: 3).map(String.init) } ?? []
        if let arn, arn.service == "securityhub", parts.count == 4, parts[0] == "product" {
            id = parts[3]
            var product = arn
            product.resource = parts[..<3].joined(separator: "/")
            productArn = product.description
        } else {
            id = text
            productArn = nil
        }
        guard id.unicodeScalars.count <= 512 else { return nil }
        region = arn.flatMap { RegionName($0.region) } ?? Self.region(in: text)
    }

    /// Ids of Security Hub begin with their Region, those of Falco's findings have it after the first slash.
    private static func region(in text: String) -> RegionName? {
        text.split(separator: "/").prefix(2).lazy.compactMap(region).first
    }

    /// `eu-central-1`: letters, a direction, a number.
    private static func region(_ segment: Substring) -> RegionName? {
        let parts = segment.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, (2...4).contains(parts[0].count), parts[parts.count - 1].utf8.count <= 2,
            parts[parts.count - 1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            parts.dropLast().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7a).contains($0) } })
        else { return nil }
        return RegionName(String(segment))
    }
}
