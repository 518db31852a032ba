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
            lines.append("\(event.kind.rawValue)  \(PlainText.line(event.detailType ?? "without an envelope"))")
            if let action = event.action {
                lines.append("  action   \(PlainText.line(action.id))  \(PlainText.line(action.name ?? ""))")
            }
            for finding in event.findings { lines.append("  finding  \(line(finding))") }
            for result in event.results { lines.append("  result   \(PlainText.line(JSONWriter.compact(result)))") }
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ finding: Finding) -> String {
        let severity = finding.severity?.label.rawValue ?? "-"
        return "\(severity)  \(finding.workflowStatus)  \(PlainText.line(finding.title))  \(PlainText.line(finding.id))"
    }
}
