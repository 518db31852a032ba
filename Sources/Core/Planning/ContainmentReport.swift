package import Vocabulary

/// Three separate facts about a pod's isolation, and the verdict they allow.
package struct ContainmentReport: Sendable, Hashable, Codable {
    package enum Verdict: String, Sendable, Hashable, Codable {
        case none
        case contained
        case leaking
        case unknown
    }

    /// One fact: shown to hold, shown not to hold, or not known.
    package enum Fact: String, Sendable, Hashable, Codable {
        case proved
        case disproved
        case unknown
    }

    /// What became of a policy that would let the pod be reached although a deny-all policy selects it.
    package struct PolicyAnswer: Sendable, Hashable, Codable {
        package enum Direction: String, Sendable, Hashable, Codable { case ingress, egress }
        package enum Answer: String, Sendable, Hashable, Codable { case relabelled, patched, reported }

        package var namespace: String
        package var name: String
        package var direction: Direction
        package var answer: Answer

        package init(namespace: String, name: String, direction: Direction, answer: Answer) {
            self.namespace = namespace
            self.name = name
            self.direction = direction
            self.answer = answer
        }
    }

    /// Computed over all policies: nobody but the allow list can reach the pod or be reached.
    package var policy: Fact
    /// The CNI says that it enforces policies on the pod's node.
    package var enforcement: Fact
    /// Flows that were open before are gone, or known not to be.
    package var flows: Fact
    package var rehearsed: Bool
    package var policies: [PolicyAnswer]
    /// Why each fact stands as it does, one sentence each.
    package var reasons: [String]

    package init(
        policy: Fact,
        enforcement: Fact,
        flows: Fact,
        rehearsed: Bool = false,
        policies: [PolicyAnswer] = [],
        reasons: [String] = []
    ) {
        self.policy = policy
        self.enforcement = enforcement
        self.flows = flows
        self.rehearsed = rehearsed
        self.policies = policies
        self.reasons = reasons
    }

    /// Nothing is known, for this reason.
    package static func unproved(_ reason: String, rehearsed: Bool) -> ContainmentReport {
        ContainmentReport(
            policy: .unknown,
            enforcement: .unknown,
            flows: .unknown,
            rehearsed: rehearsed,
            reasons: [reason]
        )
    }

    /// All proved: contained.
    ///
    /// One disproved: leaking. Otherwise nobody knows.
    package var verdict: Verdict {
        let facts = [policy, enforcement, flows]
        if facts.contains(.disproved) { return .leaking }
        return facts.allSatisfy { $0 == .proved } ? .contained : .unknown
    }

    /// The shape of a report in `--output json`.
    package var json: JSONValue {
        .object([
            "verdict": .string(verdict.rawValue), "policy": .string(policy.rawValue),
            "enforcement": .string(enforcement.rawValue), "flows": .string(flows.rawValue),
            "rehearsed": .bool(rehearsed),
            "policies": .array(
                policies.map {
                    .object([
                        "namespace": .string($0.namespace), "name": .string($0.name),
                        "direction": .string($0.direction.rawValue), "answer": .string($0.answer.rawValue),
                    ])
                }
            ),
            "reasons": .array(reasons.map(JSONValue.string)),
        ])
    }
}
