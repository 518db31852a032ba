internal import Vocabulary

/// Reads members of an OCSF finding as Security Hub V2 sends them.
struct OCSFReading {
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    func text(_ path: [String]) -> String? { document[path]?.nonBlank }

    func required(_ path: [String]) throws(FindingFault) -> String {
        guard let text = text(path) else { throw FindingFault(.missing(path.joined(separator: "."))) }
        return text
    }

    var severity: Finding.Severity? {
        let label: SeverityLabel
        switch document["severity_id"]?.integer {
        case 1?: label = .informational
        case 2?: label = .low
        case 3?: label = .medium
        case 4?: label = .high
        case 5?, 6?: label = .critical
        default: return nil
        }
        return Finding.Severity(label: label, normalized: label.normalized, original: text(["severity"]))
    }

    var types: [String] { (document[["finding_info", "types"]]?.array ?? []).compactMap(\.nonBlank) }

    var workflowStatus: String {
        switch document["status_id"]?.integer {
        case 2?: "NOTIFIED"
        case 3?: "SUPPRESSED"
        case 4?: "RESOLVED"
        default: "NEW"
        }
    }

    /// Status 5 is OCSF's "archived", activity 3 its "close".
    var recordState: String {
        document["status_id"]?.integer == 5 || document["activity_id"]?.integer == 3 ? "ARCHIVED" : "ACTIVE"
    }

    var updatedAt: Timestamp? {
        for path in [["finding_info", "modified_time_dt"], ["time_dt"]] {
            if let time = text(path).flatMap({ Timestamp($0) }) { return time }
        }
        let milliseconds = document[["finding_info", "modified_time"]]?.integer ?? document["time"]?.integer
        return milliseconds.map(Timestamp.init(milliseconds:))
    }
}
