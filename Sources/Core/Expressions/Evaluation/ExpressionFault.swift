package import Vocabulary

/// Why an expression could not be read, checked or evaluated.
package struct ExpressionFault: ActionableError, Hashable {
    package enum Phase: String, Sendable, Hashable, Codable {
        case parse
        case check
        case evaluate
        /// Evaluation was stopped because it cost too much; no operator absorbs this one.
        case cost
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
        FaultReport(code: code, what: message, location: "expression, character \(offset + 1)", remedy: remedy)
    }

    private var code: String {
        switch phase {
        case .parse: "EXPRESSION-001"
        case .check: "EXPRESSION-002"
        case .evaluate: "EXPRESSION-003"
        case .cost: "EXPRESSION-004"
        }
    }

    private var remedy: String {
        switch phase {
        case .parse: "correct the expression; Docs/Expressions.md shows what may be written"
        case .check: "correct the name or the type; Docs/Expressions.md lists functions and variables"
        case .evaluate: "guard what may be absent with has(…) or orValue(…), and convert types explicitly"
        case .cost: "narrow the lists before nesting comprehensions over them"
        }
    }
}
