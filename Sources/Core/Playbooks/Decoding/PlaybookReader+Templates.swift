internal import Expressions
internal import Vocabulary

extension PlaybookReader {
    /// A bare expression that must be true or false.
    mutating func condition(_ node: DocumentNode, _ what: String, in scope: ExpressionUse.Scope) -> Condition? {
        guard let text = node.text, !node.isNull else {
            report(Problem.wrongType(what, needs: "an expression", found: node))
            return nil
        }
        if TemplateScanner.isTemplate(text) {
            report(
                Problem.make(
                    "PLAYBOOK-003",
                    "\(what) must be a bare expression, without “${{ }}”",
                    at: node.mark,
                    fix: "remove “${{” and “}}”"
                )
            )
            return nil
        }
        guard let expression = compile(text, in: node, at: 0) else { return nil }
        let use = ExpressionUse(
            expression: expression,
            node: node,
            offset: 0,
            scope: scope,
            need: .condition,
            what: what
        )
        note(use)
        return Condition(expression: expression, mark: node.mark)
    }

    /// A scalar's text with its expressions; `need` is what a template that is one expression must give.
    mutating func template(
        _ node: DocumentNode,
        _ what: String,
        in scope: ExpressionUse.Scope,
        need: ExpressionUse.Need
    ) -> TextTemplate? {
        let found = TemplateScanner.parts(of: node.text ?? "")
        var parts: [TextTemplate.Part] = []
        for part in found {
            switch part {
            case .text(let text): parts.append(.text(text))
            case .unclosed(let offset): report(Problem.unclosedExpression(at: node.mark(ofScalarAt: offset)))
            case .expression(let source, let offset):
                guard let expression = compile(source, in: node, at: offset) else { continue }
                parts.append(.expression(expression))
                note(
                    ExpressionUse(
                        expression: expression,
                        node: node,
                        offset: offset,
                        scope: scope,
                        need: found.count == 1 ? need : .embedded,
                        what: what
                    )
                )
            }
        }
        return parts.count == found.count ? TextTemplate(parts: parts, mark: node.mark) : nil
    }

    private mutating func compile(_ source: String, in node: DocumentNode, at offset: Int) -> CompiledExpression? {
        guard source.contains(where: { !$0.isWhitespace }) else {
            report(Problem.emptyExpression(at: node.mark(ofScalarAt: offset)))
            return nil
        }
        do {
            return try CompiledExpression(source)
        } catch {
            report(Problem.expressionSyntax(error.message, at: node.mark(ofScalarAt: offset + error.offset)))
            return nil
        }
    }

    /// A text that may hold expressions.
    mutating func textTemplate(_ node: DocumentNode, _ what: String, in scope: ExpressionUse.Scope) -> TextTemplate? {
        if let text = node.text, text.utf8.contains(0x24), text.contains("${{") {
            return template(node, what, in: scope, need: .embedded)
        }
        return text(node, what).map { TextTemplate(parts: $0.isEmpty ? [] : [.text($0)], mark: node.mark) }
    }

    /// Data of any shape with templates inside.
    mutating func freeValue(_ node: DocumentNode, _ what: String, in scope: ExpressionUse.Scope) -> ValueTemplate? {
        switch node.content {
        case .scalar(let scalar):
            if TemplateScanner.isTemplate(scalar.text) {
                return template(node, Problem.quoted(what), in: scope, need: .anything).map {
                    ValueTemplate(.template($0), at: node.mark)
                }
            }
            if scalar.isPlain {
                warnOfSurprise(Problem.quoted(what), scalar.text, at: node.mark)
                warnOfOctal(node, Problem.quoted(what))
            }
            return ValueTemplate(.literal(node.json), at: node.mark)
        case .sequence(let nodes):
            var elements: [ValueTemplate] = []
            for (place, element) in nodes.enumerated() {
                if let value = freeValue(element, "\(what)[\(place)]", in: scope) { elements.append(value) }
            }
            return elements.count == nodes.count ? ValueTemplate(.list(elements), at: node.mark) : nil
        case .mapping(let entries):
            var members: [ValueTemplate.Member] = []
            for entry in entries {
                let name = freeKey(entry.key, "the key")
                guard let value = freeValue(entry.value, "\(what).\(name)", in: scope) else { continue }
                members.append(ValueTemplate.Member(name: name, value: value))
            }
            return members.count == entries.count ? ValueTemplate(.object(members), at: node.mark) : nil
        }
    }

    mutating func warnOfOctal(_ node: DocumentNode, _ what: String) {
        guard case .scalar(let scalar) = node.content, scalar.isPlain, YAML11.isOctal(scalar.text) else { return }
        report(
            Problem.warn(
                "PLAYBOOK-025",
                "\(what) \(Problem.quoted(scalar.text)) is a decimal number here, but other YAML readers take it for an octal one",
                at: node.mark,
                fix: "leave the zeros out, or quote it if it is a text"
            )
        )
    }
}

extension DocumentNode {
    /// An empty plain scalar, `~` or `null`.
    var isNull: Bool { json.isNull }
}
