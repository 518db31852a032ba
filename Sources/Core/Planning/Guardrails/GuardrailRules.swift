/// The rules that a playbook, and later the service's configuration, lay on plans.
package struct GuardrailRules: Sendable, Hashable, Codable {
    /// Objects that need approval: every part that is given must fit.
    package struct Protection: Sendable, Hashable, Codable {
        /// `*` stands for any characters, here and in the names below.
        package var namespaces: [String]
        package var labels: [String: String]
        /// Names of pods; `*` stands for any characters.
        package var names: [String]
        /// Names of nodes; `*` stands for any characters.
        package var nodes: [String]

        package init(
            namespaces: [String] = [],
            labels: [String: String] = [:],
            names: [String] = [],
            nodes: [String] = []
        ) {
            self.namespaces = namespaces
            self.labels = labels
            self.names = names
            self.nodes = nodes
        }

        package func fits(_ object: GuardrailFacts.Touched) -> Bool {
            guard !namespaces.isEmpty || !labels.isEmpty || !names.isEmpty || !nodes.isEmpty else { return false }
            return (namespaces.isEmpty || object.kind == .pod && Self.isNamed(object.namespace, by: namespaces))
                && (names.isEmpty || object.kind == .pod && Self.isNamed(object.name, by: names))
                && (nodes.isEmpty || object.kind == .node && Self.isNamed(object.name, by: nodes))
                && labels.allSatisfy { !object.areLabelsKnown || object.labels[$0.key] == $0.value }
        }

        private static func isNamed(_ name: String, by patterns: [String]) -> Bool {
            patterns.contains { matches(Array(name.utf8), Array($0.utf8)) }
        }

        /// Goes back to the last `*` only, so it takes at most the product of both lengths.
        private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
            var place = 0
            var read = 0
            var star: (pattern: Int, name: Int)?
            while read < name.count {
                if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                    star = (place, read)
                    place += 1
                } else if place < pattern.count, pattern[place] == name[read] {
                    place += 1
                    read += 1
                } else if let last = star {
                    star = (last.pattern, last.name + 1)
                    place = last.pattern + 1
                    read = last.name + 1
                } else {
                    return false
                }
            }
            return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
        }

        /// For people: `namespace kube-system`, `label tier=critical`.
        package var title: String {
            let parts =
                namespaces.map { "namespace \($0)" } + names.map { "pod \($0)" } + nodes.map { "node \($0)" }
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
