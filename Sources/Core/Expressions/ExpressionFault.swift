package import Vocabulary

/// Why an expression could not be read, checked or evaluated.
package struct ExpressionFault: ActionableError, Hashable {
    package enum Phase: String, Sendable, Hashable, Codable {
        case parse
        case check
        case evaluate
    }

    package var phase: Phase
    package var message: String
    /// Unicode scalars from the start of the expression's source, counting from 0.
    package var offset: Int

    package init(_ phase: Phase, _ message: String, at offset: Int) {
        self.phase = phase
        self.message = message
        self.offset = offset
    }

    package var report: FaultReport {
        FaultReport(
            code: "EXPRESSION-001",
            what: message,
            location: "expression, character \(offset + 1)",
            remedy: "see “Expressions” in Docs/WritingAPlaybook.md"
        )
    }
}
