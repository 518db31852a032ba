internal import Findings
internal import Vocabulary

/// Decoded events for people.
enum EventsText {
    static func write(_ decoded: DecodedEvents) -> String {
        var lines = [
            "\(decoded.messages) message(s), \(decoded.events.count) event(s), \(decoded.errors.count) error(s)"
        ]
        for event in decoded.events {
            lines.append("")
            lines.append("\(event.kind.rawValue)  \(clean(event.detailType ?? "without an envelope"))")
            if let action = event.action { lines.append("  action   \(clean(action.id))  \(clean(action.name ?? ""))") }
            for finding in event.findings { lines.append("  finding  \(line(finding))") }
            for result in event.results { lines.append("  result   \(clean(JSONWriter.compact(result)))") }
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ finding: Finding) -> String {
        let severity = finding.severity?.label.rawValue ?? "-"
        return "\(severity)  \(finding.workflowStatus)  \(clean(finding.title))  \(clean(finding.id))"
    }

    /// Findings are written by attackers too: nothing in them may move the cursor.
    private static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
            clean.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(clean)
    }
}
