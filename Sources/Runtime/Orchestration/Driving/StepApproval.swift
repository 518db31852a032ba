package import Planning
package import Vocabulary

/// What somebody said yes to for one state: its changes, and what guardrails said of them.
package struct StepApproval: Sendable, Hashable, Codable {
    package var canonicalChanges: [JSONValue] = []
    package var verdicts: [Verdict] = []

    /// Every reason why a step as it is planned now needs a yes of its own; nil when it is what was approved, or is less.
    func reasonToAsk(for fresh: StepApproval, of state: String) -> String? {
        let changes = fresh.canonicalChanges.filter { !canonicalChanges.contains($0) }
        var reasons = fresh.verdicts.filter { $0.verdict == .needsApproval && !verdicts.contains($0) }.map(\.reason)
        if !changes.isEmpty {
            let moved = "the world moved on since the plan was reviewed"
            reasons.insert("\(moved): \(changes.count) change(s) of state \(state) are new", at: 0)
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}

extension ReviewedRun {
    /// What a yes to the whole plan covers, by state.
    var approvals: [String: StepApproval] {
        var approvals: [String: StepApproval] = [:]
        for step in plan.steps {
            approvals[step.state] = StepApproval(canonicalChanges: step.canonicalChanges, verdicts: plan.verdicts)
        }
        return approvals
    }
}
