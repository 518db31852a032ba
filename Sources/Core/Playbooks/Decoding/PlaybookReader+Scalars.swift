internal import Vocabulary

extension PlaybookReader {
    /// A text; numbers and booleans that are not quoted are no text.
    mutating func text(_ node: DocumentNode, _ what: String) -> String? {
        guard case .scalar(let scalar) = node.content, case .string = node.json else {
            let isScalar = node.text.map { !$0.isEmpty } ?? false
            let fix = isScalar ? "quote it: “\"\(node.text ?? "")\"”" : "write a text"
            report(Problem.wrongType(what, needs: "a text", found: node, fix: fix))
            return nil
        }
        if scalar.isPlain { warnOfSurprise(what, scalar.text, at: node.mark) }
        return scalar.text
    }

    /// Says so when YAML 1.1 would read a plain text as something else.
    mutating func warnOfSurprise(_ what: String, _ text: String, at mark: SourceMark) {
        guard let other = YAML11.meaning(of: text) else { return }
        report(Problem.surprise(what, text, at: mark, means: other))
    }

    /// `on:` and the like as keys that people choose themselves.
    mutating func freeKey(_ key: DocumentNode, _ what: String) -> String {
        guard case .scalar(let scalar) = key.content else { return "" }
        if scalar.isPlain { warnOfSurprise(what, scalar.text, at: key.mark) }
        return scalar.text
    }

    mutating func flag(_ node: DocumentNode, _ what: String) -> Bool? {
        if case .bool(let flag) = node.json { return flag }
        let meant = YAML11.meaning(of: node.text ?? "") ?? "true or false"
        report(Problem.wrongType(what, needs: "true or false", found: node, fix: "write \(meant)"))
        return nil
    }

    mutating func choice<Word: RawRepresentable & CaseIterable>(
        _ node: DocumentNode,
        _ what: String,
        of type: Word.Type
    ) -> Word? where Word.RawValue == String {
        if let text = node.text, let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let fix = NearestName.advice(node.text ?? "", known: words, none: "")
        report(Problem.wrongType(what, needs: "one of " + words.joined(separator: ", "), found: node, fix: fix))
        return nil
    }

    /// A duration within bounds.
    mutating func duration(_ node: DocumentNode, _ what: String, in range: ClosedRange<Duration>) -> Duration? {
        let shown = "\(range.lowerBound.playbookText) to \(range.upperBound.playbookText)"
        guard let text = node.text, let duration = Duration(playbookText: text), range.contains(duration) else {
            report(Problem.badDuration(what, node, range: shown))
            return nil
        }
        return duration
    }

    /// A name that expressions can use after a point.
    mutating func identifier(_ node: DocumentNode, _ what: String) -> String? {
        let rule = "use letters, digits and “_”, not a digit first, at most 63, and none of the words of expressions"
        guard let text = node.text, Identifier.isValid(text) else {
            report(Problem.badName(what, node, rule: rule))
            return nil
        }
        return text
    }
}

/// What may be a name inside an expression.
enum Identifier {
    /// What expressions know before anybody chose a name, and CEL's own words.
    static let taken: Set<String> = [
        "finding", "event", "subject", "parameters", "run", "states", "vars", "true", "false", "null", "in", "as",
        "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...63).contains(text.utf8.count) else { return false }
        let isStart = NameSyntax.isAlphanumeric(first) && !(0x30...0x39).contains(first) || first == 0x5f
        return isStart && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == 0x5f } && !taken.contains(text)
    }
}
