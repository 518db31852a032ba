import Vocabulary

/// What Security Hub checks of an imported finding before it takes it.
enum FindingCheck {
    struct Problem {
        var message: String
        var isSize: Bool
    }

    static let sizeLimit = 240 * 1_024

    static func problem(of finding: JSONValue, in region: RegionName) -> Problem? {
        guard let members = finding.object else { return wrong("data", "must be an object") }
        for name in required where members[name] == nil {
            return wrong("data", "should have required property '\(name)'")
        }
        for (name, limit) in texts {
            guard let value = members[name] else { continue }
            guard let text = value.nonBlank else { return wrong("data.\(name)", "must be a string that is not blank") }
            guard text.unicodeScalars.count <= limit else {
                return wrong("data.\(name)", "should NOT be longer than \(limit) characters")
            }
        }
        if let problem = problem(ofTimesIn: members) ?? problem(ofPartsIn: members, region) { return problem }
        guard JSONWriter.compact(finding).utf8.count <= sizeLimit else {
            return Problem(message: "Finding size exceeds the limit of 240 KB", isSize: true)
        }
        return nil
    }

    private static let required = [
        "SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt", "UpdatedAt", "Title",
        "Description", "Resources",
    ]

    private static let texts: [(String, Int)] = [
        ("SchemaVersion", 10), ("Id", 512), ("ProductArn", 2_048), ("GeneratorId", 512), ("AwsAccountId", 12),
        ("Title", 256), ("Description", 1_024), ("CreatedAt", 64), ("UpdatedAt", 64),
    ]

    private static func problem(ofTimesIn members: JSONObject) -> Problem? {
        for name in ["CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt"] {
            guard let text = members[name]?.string else { continue }
            guard Timestamp(text) != nil else { return wrong("data.\(name)", "should match format \"date-time\"") }
        }
        return nil
    }

    private static func problem(ofPartsIn members: JSONObject, _ region: RegionName) -> Problem? {
        guard members["SchemaVersion"]?.string == "2018-10-08" else {
            return wrong("data.SchemaVersion", "should be 2018-10-08")
        }
        guard let product = ARN(members["ProductArn"]?.string ?? "") else {
            return wrong("data.ProductArn", "should be an ARN")
        }
        guard product.region.isEmpty || product.region == region.rawValue else {
            return wrong("data.ProductArn", "is of Region \(product.region)")
        }
        guard let resources = members["Resources"]?.array, (1...32).contains(resources.count) else {
            return wrong("data.Resources", "should have 1 to 32 items")
        }
        for (place, resource) in resources.enumerated() {
            for name in ["Type", "Id"] where resource[name]?.nonBlank == nil {
                return wrong("data.Resources[\(place)]", "should have required property '\(name)'")
            }
        }
        if let label = members["Severity"]?["Label"], !FindingSeverity.labels.contains(label.string ?? "") {
            return wrong("data.Severity.Label", "should be equal to one of the allowed values")
        }
        guard (members["Types"]?.array?.count ?? 0) <= 50 else {
            return wrong("data.Types", "should NOT have more than 50 items")
        }
        return nil
    }

    private static func wrong(_ path: String, _ message: String) -> Problem {
        Problem(message: "Finding does not adhere to Amazon Finding Format. \(path) \(message)", isSize: false)
    }
}
