extension QuarantineProblem {
    /// A policy that would let something through, had it a say over the pod.
    private struct Leaky {
        var policy: NetworkPolicyView
        var leaks: [PolicyLeak]
        var mayPatch: Bool
    }

    /// Labels first; what labels cannot do by a patch, where allowed; the rest is reported.
    package func solution() -> QuarantineSolution {
        let leaky = leakyPolicies
        let labels = markedLabels
        var edits: [LabelEdit] = []
        var isExact = true
        if leaky.contains(where: { $0.policy.selects(labels) }) {
            var search = LabelEscape(
                labels: labels,
                fixed: [QuarantineMark.key],
                policies: leaky.map { ($0.policy.podSelector, $0.mayPatch) },
                bystanders: bystanders,
                freshValue: "quarantined-\(mark.value)"
            )
            (edits, isExact) = search.search()
            edits.sort { $0.key < $1.key }
        }
        let after = labels.applying(edits)
        let patches = leaky.filter { $0.mayPatch && $0.policy.selects(after) }.map(\.policy)
        let found = leaky.flatMap { answers(to: $0, leaky, before: labels, after: after) }
        return QuarantineSolution(edits: edits, patches: patches, answers: found, isExact: isExact)
    }

    private var leakyPolicies: [Leaky] {
        let others = policies.filter { $0.name != mark.policyName }.sorted { $0.name < $1.name }
        return others.compactMap { policy in
            let found = policy.leaks(for: pod, beyond: allow)
            return found.isEmpty ? nil : Leaky(policy: policy, leaks: found, mayPatch: mayPatch(policy))
        }
    }

    /// Nothing for a policy that neither selects the pod, nor did, nor would.
    private func answers(
        to leaky: Leaky,
        _ all: [Leaky],
        before: [String: String],
        after: [String: String]
    ) -> [QuarantineSolution.PolicyAnswer] {
        let policy = leaky.policy
        var original = originalLabels
        original[QuarantineMark.key] = mark.value
        let answer: QuarantineSolution.Answer
        if policy.selects(after) {
            answer = leaky.mayPatch ? .patched : .reported
        } else if policy.excludes(mark), policy.including(mark).selects(after) {
            answer = .patched
        } else if policy.selects(before) || policy.including(mark).selects(original) {
            answer = .relabelled
        } else {
            return []
        }
        let why = reason(answer, leaky, all, before)
        return leaky.leaks.map {
            .init(namespace: policy.namespace, name: policy.name, leak: $0, answer: answer, reason: why)
        }
    }

    private func reason(
        _ answer: QuarantineSolution.Answer,
        _ leaky: Leaky,
        _ all: [Leaky],
        _ before: [String: String]
    ) -> String {
        switch answer {
        case .relabelled: "the pod's labels no longer match its selector \(leaky.policy.podSelector)"
        case .patched: "its selector leaves out this one pod (\(QuarantineMark.key) notin (\(mark.value)))"
        case .reported: "\(whyLabelsFail(leaky, all, before)), and \(whyNotPatched(leaky.policy))"
        }
    }

    private func whyLabelsFail(_ leaky: Leaky, _ all: [Leaky], _ before: [String: String]) -> String {
        let selector = leaky.policy.podSelector
        if selector.isEmpty { return "it selects every pod of the namespace, so no label escapes it" }
        var escape = LabelEscape(
            labels: before,
            fixed: [QuarantineMark.key],
            policies: [(selector, false)],
            bystanders: bystanders,
            freshValue: "quarantined-\(mark.value)"
        )
        let alone = escape.search().edits
        guard selector.matches(before.applying(alone)) else {
            let text = alone.map(\.description).joined(separator: ", ")
            let others = all.filter { !$0.mayPatch && $0.policy.selects(before.applying(alone)) }.map(\.policy.name)
            return others.isEmpty
                ? "the search for labels that escape all policies was cut short (\(text) escapes this one)"
                : "escaping it (\(text)) would leave the pod under \(others.joined(separator: ", "))"
        }
        if let name = intruder(selector, before) {
            return "the only labels that escape its selector \(selector) would hand the pod to \(name)"
        }
        return "no label escapes its selector \(selector)"
    }

    /// The bystander that stands in the way of the edit that would otherwise escape the selector.
    private func intruder(_ selector: LabelSelector, _ before: [String: String]) -> String? {
        var escape = LabelEscape(
            labels: before,
            fixed: [QuarantineMark.key],
            policies: [(selector, false)],
            bystanders: [],
            freshValue: "quarantined-\(mark.value)"
        )
        return LabelEscape.intrudes(escape.search().edits, before, bystanders)
    }

    private func whyNotPatched(_ policy: NetworkPolicyView) -> String {
        if let impostor = impostors.first {
            return "a patch would also touch \(impostor.qualifiedName), which bears the same quarantine label"
        }
        switch (patching, policy.manager) {
        case (.never, _): return "patching policies is switched off (patchPolicies: never)"
        case (.unmanaged, let manager?):
            return "\(manager) owns it and \(manager.comeback): change it there, or allow a patch that may not last "
                + "(patchPolicies: always)"
        case (.unmanaged, nil), (.always, _): return "it cannot be patched safely, because it has no uid"
        }
    }
}
