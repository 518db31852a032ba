/// A CEL expression, parsed once and evaluated often.
package struct CompiledExpression: Sendable, Hashable {
    package let source: String
    /// The namespace in which names are looked up first.
    package let container: String
    /// The free names, each with the fields selected from it, in the order of the source.
    package let references: [Reference]
    let syntax: Syntax
    private let root: any Node
    private let slots: Int

    /// Steps an evaluation may take unless it is told otherwise.
    package static let costLimit = 1_000_000

    /// Parses the expression; evaluates nothing.
    /// - Throws: `ExpressionFault` with the place inside `source`.
    package init(_ source: String, container: String = "") throws(ExpressionFault) {
        let syntax = try Parser.parse(source)
        var compiler = Compiler(container: container)
        root = compiler.node(syntax)
        slots = compiler.slots
        references = Reference.all(in: syntax)
        self.source = source
        self.container = container
        self.syntax = syntax
    }

    /// Evaluates the expression.
    /// - Parameters:
    ///   - variables: what the names stand for; a name may be dotted.
    ///   - costLimit: steps after which the evaluation is stopped.
    ///   - zones: the named time zones; without it there is only UTC and fixed offsets.
    /// - Returns: the value; it is safe to walk through.
    /// - Throws: `ExpressionFault` with the place inside `source`.
    package func evaluate(
        _ variables: [String: CELValue],
        costLimit: Int = CompiledExpression.costLimit,
        zones: @escaping ZoneProvider = { _ in nil }
    ) throws(ExpressionFault) -> CELValue {
        var run = Evaluation(variables, slots: slots, costLimit: costLimit, zones: zones)
        let value = try root.evaluate(&run)
        // A small expression can share one list a million times over; whoever walks the result must not pay for that.
        try run.chargeWalk(through: value)
        return value
    }

    package static func == (left: CompiledExpression, right: CompiledExpression) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8) && left.container.utf8.elementsEqual(right.container.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(container)
    }
}
