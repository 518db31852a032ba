/// The rules that a playbook, and later the service's configuration, lay on plans.
package struct GuardrailRules: Sendable, Hashable, Codable {
    /// Objects that need approval: every part that is given must fit.
    package struct Protection: Sendable, Hashable, Codable {
        package var namespaces: [String]
        package var labels: [String: String]
        package var names: [String]

        package init(namespaces: [String] = [], labels: [String: String] = [:], names: [String] = []) {
            self.namespaces = namespaces
            self.labels = labels
            self.names = names
        }

        package func fits(_ object: GuardrailFacts.Touched) -> Bool {
            guard !namespaces.isEmpty || !labels.isEmpty || !names.isEmpty else { return false }
            return (namespaces.isEmpty || namespaces.contains(object.namespace))
                && (names.isEmpty || names.contains(object.name))
                && labels.allSatisfy { object.labels[$0.key] == $0.value }
        }

        /// For people: `namespace kube-system`, `label tier=critical`.
        package var title: String {
            let parts =
                namespaces.map { "namespace \($0)" } + names.map { "name \($0)" }
                + labels.sorted { $0.key < $1.key }.map { "label \($0.key)=\($0.value)" }
            return parts.joined(separator: ", ")
        }
    }

    /// At most so many objects within a window.
    package struct Budget: Sendable, Hashable, Codable {
        package var pods: Int?
        package var nodes: Int?
        package var per: Duration

        package init(pods: Int? = nil, nodes: Int? = nil, per: Duration) {
            self.pods = pods
            self.nodes = nodes
            self.per = per
        }
    }

    package var protect: [Protection]
    package var budget: Budget?
    package var cooldown: Duration?

    package init(protect: [Protection] = [], budget: Budget? = nil, cooldown: Duration? = nil) {
        self.protect = protect
        self.budget = budget
        self.cooldown = cooldown
    }
}
