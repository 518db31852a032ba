package import Expressions
package import Vocabulary

/// A text with expressions in `${{ … }}`.
///
/// A template that is one expression and nothing else keeps the expression's type; all others become text.
/// `$${{` stands for a literal `${{`.
package struct TextTemplate: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case text(String)
        case expression(CompiledExpression)
    }

    package var parts: [Part]
    package var mark: SourceMark

    package init(parts: [Part], mark: SourceMark) {
        self.parts = parts
        self.mark = mark
    }

    /// The one expression of a template that keeps its type.
    package var whole: CompiledExpression? {
        if parts.count == 1, case .expression(let expression) = parts[0] { expression } else { nil }
    }

    /// The text of a template without expressions.
    package var literal: String? {
        if parts.isEmpty { return "" }
        if parts.count == 1, case .text(let text) = parts[0] { return text }
        return nil
    }

    package var expressions: [CompiledExpression] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }
}

/// A parameter's or variable's value: plain data with templates inside.
package struct ValueTemplate: Sendable, Hashable {
    package indirect enum Content: Sendable, Hashable {
        case literal(JSONValue)
        case template(TextTemplate)
        case list([ValueTemplate])
        case object([Member])
    }

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: ValueTemplate

        package init(name: String, value: ValueTemplate) {
            self.name = name
            self.value = value
        }
    }

    package var content: Content
    package var mark: SourceMark

    package init(_ content: Content, at mark: SourceMark) {
        self.content = content
        self.mark = mark
    }

    /// The value when no expression is in it.
    package var literal: JSONValue? {
        switch content {
        case .literal(let value): return value
        case .template(let template): return template.literal.map(JSONValue.string)
        case .list(let elements):
            let values = elements.compactMap(\.literal)
            return values.count == elements.count ? .array(values) : nil
        case .object(let members):
            var object = JSONObject()
            for member in members {
                guard let value = member.value.literal else { return nil }
                object[member.name] = value
            }
            return .object(object)
        }
    }
}
