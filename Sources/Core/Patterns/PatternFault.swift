package import Vocabulary

/// Why a pattern is refused when the rule is made.
package struct PatternFault: ActionableError, Hashable {
    package var message: String
    /// Keys and indices from the root of the pattern to the offending node.
    package var path: [String]

    package init(_ message: String, at path: [String]) {
        self.message = message
        self.path = path
    }

    package var report: FaultReport {
        FaultReport(
            code: "PATTERN-001",
            what: message,
            location: "pattern, " + (path.isEmpty ? "top level" : path.joined(separator: ".")),
            remedy: "write it as an EventBridge event pattern: fields hold arrays of alternatives"
        )
    }
}
