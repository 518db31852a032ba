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
        if let whole = template.whole {
            if let waiting = waiting(for: whole) { return waiting }
            return Rendered(value: try evaluate(whole).json())
        }
        var text = ""
        var waitsFor: [String] = []
        for part in template.parts {
            switch part {
            case .text(let literal): text += literal
            case .expression(let expression):
                let waiting = waiting(for: expression)
                waitsFor += waiting?.waitsFor ?? []
                if let placeholder = waiting?.value.string {
                    text += placeholder
                } else {
                    text += try embedded(expression)
                }
            }
        }
        return Rendered(value: .string(text), waitsFor: waitsFor)
    }

    /// Whether a condition holds; nil when that hangs on a state that has not run.
    package func holds(_ condition: Condition) throws(ExpressionFault) -> Bool? {
        guard scope.statesNeeded(by: condition.expression).isEmpty else { return holdsAnyway(condition) }
        guard case .bool(let flag) = try evaluate(condition.expression) else {
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
        guard case .bool(let flag)? = try? condition.expression.evaluate(known, zones: scope.zones) else { return nil }
        return flag
    }

    /// The placeholder of an expression whose value comes with a state; nil when it is known.
    private func waiting(for expression: CompiledExpression) -> Rendered? {
        let states = scope.statesNeeded(by: expression)
        guard !states.isEmpty else { return nil }
        return Rendered(value: .string(Self.placeholder(after: states)), waitsFor: states)
    }

    private func evaluate(_ expression: CompiledExpression) throws(ExpressionFault) -> CELValue {
        try expression.evaluate(scope.variables, zones: scope.zones)
    }

    private func embedded(_ expression: CompiledExpression) throws(ExpressionFault) -> String {
        guard let text = try evaluate(expression).text else {
            throw ExpressionFault(.evaluate, "“\(expression.source)” gives no text", at: 0)
        }
        return text
    }
}
