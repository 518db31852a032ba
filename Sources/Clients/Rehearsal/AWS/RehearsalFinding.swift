import Vocabulary

/// A stored finding with what is remembered about who set what.
struct RehearsalFinding: Sendable {
    /// A provider sets these through FindingProviderFields; the customer may overrule the top-level copy.
    static let providerFields = ["Confidence", "Criticality", "RelatedFindings", "Severity", "Types"]
    /// An import may set these when it creates a finding, never later.
    static let customerOnly: Set<String> = [
        "Note", "UserDefinedFields", "VerificationState", "Workflow", "WorkflowState",
    ]

    var document: JSONObject
    /// Provider fields that an update has set: an import leaves their top-level copy alone.
    var customerUpdated: Set<String>

    init(_ document: JSONObject, customerUpdated: Set<String>) {
        self.document = document
        self.customerUpdated = customerUpdated
    }

    /// A finding of a loaded world: where the top level differs from the provider's word, a customer was there.
    init(_ loaded: JSONObject) {
        var document = loaded
        if document["RecordState"] == nil { document["RecordState"] = "ACTIVE" }
        if document["Workflow"] == nil { document["Workflow"] = ["Status": "NEW"] }
        if document["FindingProviderFields"] == nil { document["FindingProviderFields"] = Self.provided(loaded) }
        var updated: Set<String> = []
        for name in Self.providerFields {
            guard let word = document["FindingProviderFields"]?[name], let copy = document[name] else { continue }
            let isSame = name == "Severity" ? word["Label"] == copy["Label"] : word == copy
            if !isSame { updated.insert(name) }
        }
        self.init(document, customerUpdated: updated)
    }

    private static func provided(_ document: JSONObject) -> JSONValue {
        var provided = JSONObject()
        for name in providerFields {
            guard let value = document[name] else { continue }
            provided[name] = name == "Severity" ? FindingSeverity.provider(value, before: nil) : value
        }
        return .object(provided)
    }

    /// NOTIFIED and RESOLVED go back to NEW when the issue comes back; SUPPRESSED stays.
    mutating func resetWorkflow(since before: JSONObject) {
        let isReactivated =
            before["RecordState"]?.string == "ARCHIVED" && document["RecordState"]?.string == "ACTIVE"
        let was = before["Compliance"]?["Status"]?.string
        let status = document["Compliance"]?["Status"]?.string ?? ""
        let isRegressed = was == "PASSED" && ["WARNING", "FAILED", "NOT_AVAILABLE"].contains(status)
        let workflow = before["Workflow"]?["Status"]?.string
        if isReactivated || isRegressed, workflow == "NOTIFIED" || workflow == "RESOLVED" {
            document["Workflow"] = ["Status": "NEW"]
        }
    }
}

/// Severity: Label and Normalized follow each other.
enum FindingSeverity {
    private static let scale: [(label: String, normalized: Int64)] = [
        ("INFORMATIONAL", 0), ("LOW", 1), ("MEDIUM", 40), ("HIGH", 70), ("CRITICAL", 90),
    ]
    static let labels = scale.map(\.label)

    /// A top-level Severity with both members set.
    static func full(_ severity: JSONValue) -> JSONValue {
        var members = severity.object ?? JSONObject()
        if members["Label"]?.string == nil {
            let normalized = members["Normalized"]?.integer ?? 0
            let label = scale.last { $0.normalized <= normalized }?.label ?? "INFORMATIONAL"
            members["Label"] = .string(label)
        }
        if members["Normalized"]?.integer == nil {
            let label = members["Label"]?.string
            members["Normalized"] = .integer(scale.first { $0.label == label }?.normalized ?? 0)
        }
        return .object(members)
    }

    /// What of a severity a provider says: Label and Original.
    static func provider(_ severity: JSONValue, before: JSONValue?) -> JSONValue {
        var members = JSONObject()
        for name in ["Label", "Original"] { members[name] = severity[name] }
        guard members["Label"] == nil, var kept = before?.object else { return .object(members) }
        for member in members { kept[member.key] = member.value }
        return .object(kept)
    }
}
