package import Expressions
package import Vocabulary

extension TextTemplate {
    /// The template's value: of the expression's own type when it is one expression, a text otherwise.
    ///
    /// - Throws: `ExpressionFault` when an expression fails, or gives null where a text is needed.
    package func resolve(
        _ variables: [String: CELValue],
        zones: @escaping ZoneProvider = { _ in nil }
    ) throws(ExpressionFault) -> JSONValue {
        if let whole { return try whole.evaluate(variables, zones: zones).json() }
        return .string(try text(variables, zones: zones))
    }

    /// The template's text, with each expression's value in its place.
    package func text(
        _ variables: [String: CELValue],
        zones: @escaping ZoneProvider = { _ in nil }
    ) throws(ExpressionFault) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let words): text += words
            case .expression(let expression):
                guard let words = try expression.evaluate(variables, zones: zones).text else {
                    throw ExpressionFault(.evaluate, "“\(expression.source)” gives no text", at: 0)
                }
                text += words
            }
        }
        return text
    }
}

extension ValueTemplate {
    /// The value with every expression in it evaluated.
    package func resolve(
        _ variables: [String: CELValue],
        zones: @escaping ZoneProvider = { _ in nil }
    ) throws(ExpressionFault) -> JSONValue {
        switch content {
        case .literal(let value):
            return value
        case .template(let template):
            return try template.resolve(variables, zones: zones)
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.resolve(variables, zones: zones)) }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for member in members { object[member.name] = try member.value.resolve(variables, zones: zones) }
            return .object(object)
        }
    }
}
