internal import Vocabulary

/// Reads members of an ASFF document that may be absent, blank or of the wrong type.
struct ASFFReading {
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    func text(_ key: String) -> String? { document[key]?.nonBlank }

    func required(_ key: String) throws(FindingFault) -> String {
        guard let text = text(key) else { throw FindingFault(.missing(key)) }
        return text
    }

    /// The finding's own Region, else that of its product's ARN.
    var region: RegionName? {
        if let named = text("Region").flatMap(RegionName.init(rawValue:)) { return named }
        return text("ProductArn").flatMap { ARN($0) }.flatMap { RegionName(rawValue: $0.region) }
    }

    /// What stands in force at the top, else what the provider sent.
    var severity: Finding.Severity? {
        severity(document["Severity"]) ?? severity(document[["FindingProviderFields", "Severity"]])
    }

    private func severity(_ value: JSONValue?) -> Finding.Severity? {
        let original = value?["Original"]?.nonBlank
        let label = value?["Label"]?.string.flatMap(SeverityLabel.init(rawValue:))
        let number =
            value?["Normalized"]?.integer ?? value?["Normalized"]?.number.flatMap { Int64(exactly: $0.rounded()) }
        let normalized = number.flatMap { (0...100).contains($0) ? $0 : nil }
        guard let first = label ?? normalized.map(SeverityLabel.init(normalized:)) else { return nil }
        return Finding.Severity(label: first, normalized: normalized ?? first.normalized, original: original)
    }

    var types: [String] {
        let own = document["Types"]?.array ?? document[["FindingProviderFields", "Types"]]?.array ?? []
        return own.compactMap(\.nonBlank)
    }

    /// `WorkflowState` is the retired form: its other words all mean that somebody has it in hand.
    var oldWorkflow: String {
        switch text("WorkflowState") {
        case nil, "NEW"?: "NEW"
        case "RESOLVED"?: "RESOLVED"
        case _?: "NOTIFIED"
        }
    }

    var productFields: [String: String] {
        var fields: [String: String] = [:]
        for member in document["ProductFields"]?.object ?? JSONObject() { fields[member.key] = member.value.string }
        return fields
    }
}
