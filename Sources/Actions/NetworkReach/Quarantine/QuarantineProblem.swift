/// Which other policies may be patched so that they leave the pod alone.
package enum PatchPolicies: String, Sendable, Hashable, Codable, CaseIterable {
    case never
    /// Those that no tool would put back.
    case unmanaged
    case always
}

/// A pod to cut off, and all that stands in the way.
package struct QuarantineProblem: Sendable {
    package var pod: PodEndpoint
    package var mark: QuarantineMark
    /// Of the pod's namespace; the pod's own quarantine policy may be among them.
    package var policies: [NetworkPolicyView]
    /// The other pods of the namespace.
    package var siblings: [PodEndpoint]
    package var bystanders: [LabelBystander]
    package var allow: AllowList
    package var patching: PatchPolicies
    /// The pod's labels before an earlier quarantine edited them; the present ones when there was none.
    package var originalLabels: [String: String]

    package init(
        pod: PodEndpoint,
        mark: QuarantineMark,
        policies: [NetworkPolicyView],
        siblings: [PodEndpoint],
        bystanders: [LabelBystander] = [],
        allow: AllowList = AllowList(),
        patching: PatchPolicies = .unmanaged,
        originalLabels: [String: String]? = nil
    ) {
        self.pod = pod
        self.mark = mark
        self.policies = policies.filter { $0.namespace == pod.namespace }
        self.siblings = siblings.filter { $0.namespace == pod.namespace && $0.qualifiedName != pod.qualifiedName }
        self.bystanders = bystanders
        self.allow = allow
        self.patching = patching
        self.originalLabels = originalLabels ?? pod.labels
    }

    /// The pod's labels with the mark, before any edit.
    var markedLabels: [String: String] {
        var labels = pod.labels
        labels[QuarantineMark.key] = mark.value
        return labels
    }

    /// Other pods that bear the mark already: whatever is done for this pod would be done to them.
    package var impostors: [PodEndpoint] {
        siblings.filter { $0.labels[QuarantineMark.key] == mark.value && !$0.isFinished }
    }

    /// Whether the policy may be patched; a patch that reached a sibling is no option.
    func mayPatch(_ policy: NetworkPolicyView) -> Bool {
        guard impostors.isEmpty, !policy.uid.isEmpty else { return false }
        switch patching {
        case .never: return false
        case .unmanaged: return policy.manager == nil
        case .always: return true
        }
    }
}

/// What is to be done about the policies that would let the pod be reached, and what stays open.
package struct QuarantineSolution: Sendable, Hashable, Codable {
    package enum Answer: String, Sendable, Hashable, Codable {
        case relabelled, patched, reported
    }

    package struct PolicyAnswer: Sendable, Hashable, Codable {
        package var namespace: String
        package var name: String
        package var leak: PolicyLeak
        package var answer: Answer
        /// Why this answer, and for a reported policy what would help.
        package var reason: String
    }

    /// Sorted by key; the quarantine mark is not among them.
    package var edits: [LabelEdit]
    /// The policies to patch, as they are now.
    package var patches: [NetworkPolicyView]
    /// Sorted by name and direction.
    package var answers: [PolicyAnswer]
    /// False when the search for labels was cut short: a better answer may exist.
    package var isExact: Bool

    /// Whether nothing but the allow list stays open, as far as NetworkPolicies decide.
    package var contains: Bool { !answers.contains { $0.answer == .reported } }
}
