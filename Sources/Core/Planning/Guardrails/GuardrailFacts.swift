package import Vocabulary

/// What guardrails judge: the plan's reach, told by the objects it touches.
package struct GuardrailFacts: Sendable, Hashable, Codable {
    /// An object that the plan changes or takes away from others, with its labels as they are now.
    package struct Touched: Sendable, Hashable, Codable {
        package enum Kind: String, Sendable, Hashable, Codable { case pod, node }

        package var kind: Kind
        /// Empty for nodes.
        package var namespace: String
        package var name: String
        package var labels: [String: String]
        /// False for objects that nobody read: then any label may be on them.
        package var areLabelsKnown: Bool

        package init(
            kind: Kind,
            namespace: String = "",
            name: String,
            labels: [String: String],
            areLabelsKnown: Bool = true
        ) {
            self.areLabelsKnown = areLabelsKnown
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.labels = labels
        }

        package var title: String { namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)" }
    }

    /// Objects that a hold, contain or evict action changes.
    package var touched: [Touched]
    /// Services that would be left without a ready endpoint.
    package var emptiedServices: [String]
    /// Whether any planned change needs budgets and freezes at all: plans that only capture and record do not.
    package var actsOnWorkloads: Bool

    package init(touched: [Touched], emptiedServices: [String] = [], actsOnWorkloads: Bool) {
        self.touched = touched
        self.emptiedServices = emptiedServices
        self.actsOnWorkloads = actsOnWorkloads
    }
}

/// Where the responder itself runs, from the downward API; all nil on a laptop.
package struct ResponderPlace: Sendable, Hashable, Codable {
    package var namespace: String?
    package var pod: String?
    package var node: String?

    package init(namespace: String? = nil, pod: String? = nil, node: String? = nil) {
        self.namespace = namespace
        self.pod = pod
        self.node = node
    }
}

/// What earlier runs did, as far as budgets and cooldowns look back.
package struct RunHistory: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package var at: Timestamp
        package var playbook: String
        package var incidentKey: String
        package var pods: [String]
        package var nodes: [String]

        package init(at: Timestamp, playbook: String, incidentKey: String, pods: [String], nodes: [String]) {
            self.at = at
            self.playbook = playbook
            self.incidentKey = incidentKey
            self.pods = pods
            self.nodes = nodes
        }
    }

    package var entries: [Entry]

    package init(entries: [Entry] = []) { self.entries = entries }

    /// Entries within a window that ends now.
    package func within(_ window: Duration, of now: Timestamp) -> [Entry] {
        entries.filter { now.duration(since: $0.at) <= window }
    }
}
