package import Vocabulary

/// What one guardrail says of a plan.
package struct Verdict: Sendable, Hashable, Codable {
    /// From mild to severe.
    package enum Kind: String, Sendable, Hashable, Codable, Comparable, CaseIterable {
        case allow, warn, needsApproval, refuse

        package static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Kebab-case, such as `protected`, `self-protection`, `host-network`.
    package var guardrail: String
    package var verdict: Kind
    package var reason: String
    /// What would change this verdict, in words of the playbook or the command line; empty when nothing may.
    package var override: String

    package init(_ guardrail: String, _ verdict: Kind, _ reason: String, override: String = "") {
        self.guardrail = guardrail
        self.verdict = verdict
        self.reason = reason
        self.override = override
    }

    /// The shape of a verdict in `--output json`.
    package var json: JSONValue {
        .object([
            "guardrail": .string(guardrail), "verdict": .string(verdict.rawValue), "reason": .string(reason),
            "override": .string(override),
        ])
    }
}
