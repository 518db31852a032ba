package import Expressions
package import Playbooks
package import Vocabulary

/// Makes values of templates: everything known is put in, everything else stands as `‹after STATE›`.
package struct TemplateRenderer: Sendable {
    /// A value, and the states that it still waits for.
    package struct Rendered: Sendable, Hashable {
        package var value: JSONValue
        package var waitsFor: [String]

        package init(value: JSONValue, waitsFor: [String] = []) {
            self.value = value
            self.waitsFor = waitsFor
        }
    }

    private let scope: ExpressionScope

    package init(_ scope: ExpressionScope) { self.scope = scope }

    /// How a value that comes with a state is written in a plan.
    package static func placeholder(after states: [String]) -> String {
        "‹after " + states.joined(separator: ", ") + "›"
    }

    package func render(_ template: ValueTemplate) throws(ExpressionFault) -> Rendered {
        switch template.content {
        case .literal(let value): return Rendered(value: value)
        case .template(let text): return try render(text)
        case .list(let elements):
            var rendered = Rendered(value: .null)
            var values: [JSONValue] = []
            for element in elements {
                let part = try render(element)
                values.append(part.value)
                rendered.waitsFor += part.waitsFor
            }
            rendered.value = .array(values)
            return rendered
        case .object(let members): return try render(members)
        }
    }

    package func render(_ members: [ValueTemplate.Member]) throws(ExpressionFault) -> Rendered {
        var rendered = Rendered(value: .null)
        var object = JSONObject()
        for member in members {
            let part = try render(member.value)
            object[member.name] = part.value
            rendered.waitsFor += part.waitsFor
        }
        rendered.value = .object(object)
        return rendered
    }

    package func render(_ template: TextTemplate) throws(ExpressionFault) -> Rendered {
        if let whole = template.whole { return try render(whole) }
        var text = ""
        var waitsFor: [String] = []
        for part in template.parts {
            switch part {
            case .text(let literal): text += literal
            case .expression(let expression):
                let rendered = try render(expression)
                waitsFor += rendered.waitsFor
                text += Self.text(of: rendered.value)
            }
        }
        return Rendered(value: .string(text), waitsFor: waitsFor)
    }

    /// Whether a condition holds; nil when that hangs on a state that has not run.
    package func holds(_ condition: Condition) throws(ExpressionFault) -> Bool? {
        guard scope.statesNeeded(by: condition.expression).isEmpty else { return holdsAnyway(condition) }
        guard case .bool(let flag) = try condition.expression.evaluate(scope.variables) else {
            throw ExpressionFault(.evaluate, "the condition is neither true nor false", at: 0)
        }
        return flag
    }

    /// What `||` and `&&` decide without the values that are not there yet: an absent variable is an error, and errors
    /// are absorbed by the side that decides.
    private func holdsAnyway(_ condition: Condition) -> Bool? {
        var known = scope.variables
        for late in scope.late { known[late.path[0]] = nil }
        // An error here says just that the condition hangs on what is not known.
        guard case .bool(let flag)? = try? condition.expression.evaluate(known) else { return nil }
        return flag
    }

    private func render(_ expression: CompiledExpression) throws(ExpressionFault) -> Rendered {
        let states = scope.statesNeeded(by: expression)
        guard states.isEmpty else {
            return Rendered(value: .string(Self.placeholder(after: states)), waitsFor: states)
        }
        return Rendered(value: try expression.evaluate(scope.variables).json())
    }

    private static func text(of value: JSONValue) -> String { value.string ?? JSONWriter.compact(value) }
}
