internal import Vocabulary

extension PlaybookReader {
    /// A value for a parameter: literal values are checked now, expressions when all names are known.
    mutating func value(
        _ node: DocumentNode,
        of parameter: ActionManifest.Parameter,
        _ what: String,
        in scope: ExpressionUse.Scope
    ) -> ValueTemplate? {
        value(node, type: parameter.type, what, in: scope, range: parameter.range)
    }

    private mutating func value(
        _ node: DocumentNode,
        type: ParameterType,
        _ what: String,
        in scope: ExpressionUse.Scope,
        range: ClosedRange<Int64>? = nil
    ) -> ValueTemplate? {
        if let text = node.text, TemplateScanner.isTemplate(text) {
            return templateValue(node, type: type, what, in: scope)
        }
        switch type {
        case .list(let element):
            return list(node, of: element, what, in: scope)
        case .object(let parameters):
            return object(node, parameters, what, in: scope)
        case .stringMap:
            return stringMap(node, what, in: scope)
        case .integer, .number:
            return number(node, type: type, what, range: range)
        case .string, .boolean, .duration, .objectName, .namespace, .instanceId, .arn, .cidr, .choice:
            return scalar(node, type: type, what)
        }
    }

    /// A single expression keeps its type; with text around it the result is a text, which not every type takes.
    private mutating func templateValue(
        _ node: DocumentNode,
        type: ParameterType,
        _ what: String,
        in scope: ExpressionUse.Scope
    ) -> ValueTemplate? {
        guard let template = template(node, Problem.quoted(what), in: scope, need: .parameter(type)) else { return nil }
        if template.whole == nil, !type.isWrittenAsText {
            report(
                Problem.badValue(
                    Problem.quoted(what),
                    node,
                    needs: type.inWords,
                    fix: "use one “${{ … }}” with nothing around it"
                )
            )
            return nil
        }
        return ValueTemplate(.template(template), at: node.mark)
    }

    private mutating func list(
        _ node: DocumentNode,
        of type: ParameterType,
        _ what: String,
        in scope: ExpressionUse.Scope
    ) -> ValueTemplate? {
        guard let nodes = node.sequence else {
            report(
                Problem.badValue(
                    Problem.quoted(what),
                    node,
                    needs: "a list",
                    fix: "write a list: “- …” a line, or “[…]”"
                )
            )
            return nil
        }
        var elements: [ValueTemplate] = []
        for (place, element) in nodes.enumerated() {
            if let value = value(element, type: type, "\(what)[\(place)]", in: scope) { elements.append(value) }
        }
        return elements.count == nodes.count ? ValueTemplate(.list(elements), at: node.mark) : nil
    }

    private mutating func object(
        _ node: DocumentNode,
        _ parameters: [ActionManifest.Parameter],
        _ what: String,
        in scope: ExpressionUse.Scope
    ) -> ValueTemplate? {
        guard node.mapping != nil else {
            let keys = parameters.map(\.name).joined(separator: ", ")
            report(
                Problem.badValue(
                    Problem.quoted(what),
                    node,
                    needs: "a mapping",
                    fix: "write a mapping with the keys \(keys)"
                )
            )
            return nil
        }
        return values(node, parameters, owner: Problem.quoted(what), prefix: what + ".", at: node.mark, in: scope)
            .map { ValueTemplate(.object($0), at: node.mark) }
    }

    /// The members of `with`, or of an object inside it.
    mutating func values(
        _ node: DocumentNode,
        _ parameters: [ActionManifest.Parameter],
        owner: String,
        prefix: String,
        at mark: SourceMark,
        in scope: ExpressionUse.Scope
    ) -> [ValueTemplate.Member]? {
        var members: [ValueTemplate.Member] = []
        var isWhole = true
        for entry in node.mapping ?? [] {
            let name = entry.key.text ?? ""
            guard let parameter = parameters.first(where: { $0.name.isIdentical(to: name) }) else {
                report(Problem.unknownParameter(entry.key, of: owner, known: parameters.map(\.name)))
                isWhole = false
                continue
            }
            if let value = value(entry.value, of: parameter, prefix + name, in: scope) {
                members.append(ValueTemplate.Member(name: name, value: value))
            } else {
                isWhole = false
            }
        }
        for parameter in parameters where parameter.isRequired && node[parameter.name] == nil {
            report(Problem.missingParameter(parameter.name, of: owner, at: mark, type: parameter.type.inWords))
            isWhole = false
        }
        return isWhole ? members : nil
    }

    private mutating func stringMap(
        _ node: DocumentNode,
        _ what: String,
        in scope: ExpressionUse.Scope
    ) -> ValueTemplate? {
        guard let entries = node.mapping else {
            report(
                Problem.badValue(
                    Problem.quoted(what),
                    node,
                    needs: "a mapping of texts",
                    fix: "write “name: text” lines"
                )
            )
            return nil
        }
        var members: [ValueTemplate.Member] = []
        for entry in entries {
            let name = freeKey(entry.key, "the key")
            guard let text = textTemplate(entry.value, Problem.quoted("\(what).\(name)"), in: scope) else { continue }
            members.append(.init(name: name, value: ValueTemplate(.template(text), at: entry.value.mark)))
        }
        return members.count == entries.count ? ValueTemplate(.object(members), at: node.mark) : nil
    }

    private mutating func number(
        _ node: DocumentNode,
        type: ParameterType,
        _ what: String,
        range: ClosedRange<Int64>?
    ) -> ValueTemplate? {
        guard type.accepts(node.json) else {
            report(Problem.badValue(Problem.quoted(what), node, needs: type.inWords, fix: node.numberAdvice))
            return nil
        }
        warnOfOctal(node, Problem.quoted(what))
        if let range, let number = node.json.integer, !range.contains(number) {
            report(Problem.outOfRange(Problem.quoted(what), node, range: "\(range.lowerBound)–\(range.upperBound)"))
            return nil
        }
        return ValueTemplate(.literal(node.json), at: node.mark)
    }

    private mutating func scalar(_ node: DocumentNode, type: ParameterType, _ what: String) -> ValueTemplate? {
        guard type.accepts(node.json) else {
            report(Problem.badValue(Problem.quoted(what), node, needs: type.inWords, fix: type.advice(for: node)))
            return nil
        }
        if case .scalar(let scalar) = node.content, scalar.isPlain, type.isWrittenAsText {
            warnOfSurprise(Problem.quoted(what), scalar.text, at: node.mark)
        }
        if case .cidr = type { warnOfBlock(node, what) }
        return ValueTemplate(.literal(node.json), at: node.mark)
    }

    /// Blocks that say more than somebody may have meant.
    private mutating func warnOfBlock(_ node: DocumentNode, _ what: String) {
        guard let text = node.text, let block = CIDR(text) else { return }
        if block.prefixLength == 0 {
            report(
                Problem.warn(
                    "PLAYBOOK-037",
                    "\(Problem.quoted(what)) \(text) is every address there is",
                    at: node.mark,
                    fix: "name the few addresses that are meant"
                )
            )
        } else if !text.hasPrefix("\(block.network)/"), IPAddress(text.prefixBefore("/")) != block.network {
            report(
                Problem.warn(
                    "PLAYBOOK-037",
                    "\(Problem.quoted(what)) \(text) stands for \(block): bits after the prefix do not count",
                    at: node.mark,
                    fix: "write \(block), or \(text.prefixBefore("/"))/\(block.network.bitWidth) for the one address"
                )
            )
        }
    }
}

extension String {
    fileprivate func prefixBefore(_ separator: Character) -> String { String(prefix { $0 != separator }) }
}

extension DocumentNode {
    fileprivate var numberAdvice: String {
        if case .scalar(let scalar) = content, !scalar.isPlain, Int64(scalar.text) != nil { return "remove the quotes" }
        return "write a number"
    }
}
