package import Vocabulary

/// Why a pattern is refused when the rule is made.
package struct PatternFault: ActionableError, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The pattern is not one that EventBridge would take.
        case notAPattern
        /// It is one, but beyond a bound.
        case tooLarge
    }

    package var kind: Kind
    package var message: String
    /// Keys and indices from the root of the pattern to the offending node.
    package var path: [String]

    package init(_ message: String, at path: [String], kind: Kind = .notAPattern) {
        self.kind = kind
        self.message = message
        self.path = path
    }

    package var report: FaultReport {
        let place = "pattern, " + (path.isEmpty ? "top level" : path.joined(separator: "."))
        switch kind {
        case .notAPattern:
            return FaultReport(
                code: "PATTERN-001",
                what: message,
                location: place,
                remedy: "write it as an EventBridge event pattern: fields hold arrays of alternatives"
            )
        case .tooLarge:
            return FaultReport(
                code: "PATTERN-002",
                what: message,
                location: place,
                remedy: "split the pattern into several rules"
            )
        }
    }
}
