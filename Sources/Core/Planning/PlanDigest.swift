internal import Vocabulary

/// What an approval is bound to: the same digest means the same effects on the same subject.
///
/// It covers the playbook's text and the values of its parameters, the finding, the subject's identity, what needs an
/// approval and why, and the canonical changes of every state that can be reached. It leaves out resourceVersions, times and run ids.
package enum PlanDigest {
    /// `sha256:` and 64 hexadecimal digits.
    ///
    /// `fingerprint`: SHA-256 of a text in lower-case hexadecimal.
    package static func digest(of plan: RunPlan, fingerprint: (String) -> String) -> String {
        "sha256:" + fingerprint(JSONWriter.canonical(content(of: plan)))
    }

    private static func content(of plan: RunPlan) -> JSONValue {
        .object([
            "format": "plan/2", "playbook": .string(plan.playbookDigest), "finding": .string(plan.findingDigest),
            "subject": plan.subject.json, "parameters": plan.parameters,
            "verdicts": .array(plan.verdicts.filter { $0.verdict >= .needsApproval }.map(\.json)),
            "steps": .array(
                plan.steps.map {
                    .object([
                        "state": .string($0.state), "action": .string($0.action),
                        "changes": .array($0.canonicalChanges),
                    ])
                }
            ),
        ])
    }
}
