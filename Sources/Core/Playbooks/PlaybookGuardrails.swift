package import Vocabulary

/// What a playbook asks of the guardrails, on top of the service's own floors.
package struct PlaybookGuardrails: Sendable, Hashable {
    /// Objects that need approval; one entry that fits is enough.
    package var protect: [Protection]
    package var budget: Budget?
    /// Why this playbook may evict before its captures are durable; nil: it may not.
    package var overrideReason: String?

    package init(protect: [Protection] = [], budget: Budget? = nil, overrideReason: String? = nil) {
        self.protect = protect
        self.budget = budget
        self.overrideReason = overrideReason
    }

    /// A description of protected objects: all members that it has must fit.
    package struct Protection: Sendable, Hashable {
        package var namespaces: [String]
        package var labels: [String: String]
        /// Names of pods; `*` stands for any characters.
        package var names: [String]
        package var nodes: [String]
        package var mark: SourceMark

        package init(
            namespaces: [String] = [],
            labels: [String: String] = [:],
            names: [String] = [],
            nodes: [String] = [],
            mark: SourceMark
        ) {
            self.namespaces = namespaces
            self.labels = labels
            self.names = names
            self.nodes = nodes
            self.mark = mark
        }
    }

    /// How much this playbook may touch in a sliding window of time.
    package struct Budget: Sendable, Hashable {
        package var pods: Int?
        package var nodes: Int?
        package var window: Duration
        package var mark: SourceMark

        package init(pods: Int?, nodes: Int?, window: Duration, mark: SourceMark) {
            self.pods = pods
            self.nodes = nodes
            self.window = window
            self.mark = mark
        }
    }
}
