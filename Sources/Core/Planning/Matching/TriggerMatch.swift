package import Expressions
package import Findings
internal import Patterns
package import Playbooks
internal import Vocabulary

/// What one trigger of a playbook says of one finding.
package struct TriggerMatch: Sendable, Hashable {
    /// In words of the playbook: `customAction ContainPod`, `imported pattern (line 7)`.
    package var trigger: String
    package var fires: Bool
    package var mode: Trigger.Mode
    /// Why it fires or not; one sentence.
    package var reason: String
}

extension Trigger {
    /// What the trigger says of a finding in the event that brought it.
    package func match(
        _ event: SecurityHubEvent,
        _ finding: Finding,
        zones: @escaping ZoneProvider = { _ in nil }
    ) -> TriggerMatch {
        let (fits, reason) = fit(event, finding)
        guard fits, let condition else { return TriggerMatch(trigger: title, fires: fits, mode: mode, reason: reason) }
        do throws(ExpressionFault) {
            let variables = ["finding": CELValue(finding.document), "event": CELValue(event.envelope)]
            let holds = try condition.expression.evaluate(variables, zones: zones) == .bool(true)
            let sentence = holds ? "the pattern matches and its when is true" : "its when is not true"
            return TriggerMatch(trigger: title, fires: holds, mode: mode, reason: sentence)
        } catch {
            return TriggerMatch(
                trigger: title,
                fires: false,
                mode: mode,
                reason: "its when cannot be evaluated: \(error.message)"
            )
        }
    }

    /// The trigger in a few words.
    package var title: String {
        switch kind {
        case .customAction(let id): "customAction \(id)"
        case .imported: "imported (line \(mark.line))"
        case .event: "event (line \(mark.line))"
        }
    }

    private func fit(_ event: SecurityHubEvent, _ finding: Finding) -> (Bool, String) {
        switch kind {
        case .customAction(let id):
            guard event.kind == .customAction, let action = event.action else {
                return (false, "the event is no custom action")
            }
            return action.id == id
                ? (true, "the button \(id) was pressed") : (false, "another button was pressed: \(action.arn)")
        case .imported(let pattern, let document):
            guard event.kind == .imported || event.kind == .importedV2 else {
                return (false, "the event is no imported finding")
            }
            if let obstacle = Self.impliedObstacle(finding, document) { return (false, obstacle) }
            return pattern.matches(finding.document)
                ? (true, "the pattern matches")
                : (false, "the pattern does not match: \(pattern.explain(finding.document).sentence)")
        case .event(let pattern, _):
            return pattern.matches(event.envelope)
                ? (true, "the pattern matches")
                : (false, "the pattern does not match: \(pattern.explain(event.envelope).sentence)")
        }
    }

    /// Imported triggers mean new, active, real findings unless their pattern names those fields.
    ///
    /// One that somebody resolved and that arrives again is new again: nothing else reopens findings of this product.
    private static func impliedObstacle(_ finding: Finding, _ pattern: JSONValue) -> String? {
        guard finding.schema == .asff else { return nil }
        if pattern["Workflow"] == nil, !["NEW", "RESOLVED"].contains(finding.workflowStatus) {
            return "its workflow status is \(finding.workflowStatus), neither NEW nor RESOLVED"
        }
        if pattern["RecordState"] == nil, finding.recordState != "ACTIVE" {
            return "its record state is \(finding.recordState), not ACTIVE"
        }
        if pattern["Sample"] == nil, finding.isSample { return "it is a sample" }
        return nil
    }
}
