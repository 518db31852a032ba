package import Vocabulary

/// Reads settings that a person wrote, collecting every problem with its place instead of stopping at the first.
package struct SettingsReader: Sendable {
    package private(set) var diagnostics: [Diagnostic] = []
    /// Nobody reads more, and a hostile text must not keep us busy.
    private static let limit = 200

    package init() {}

    package var isClean: Bool { !diagnostics.contains { $0.severity == .error } }

    package mutating func report(_ problem: Diagnostic) {
        if diagnostics.count < Self.limit { diagnostics.append(problem) }
    }

    /// Says that a value is not what it has to be.
    package mutating func refuse(_ node: DocumentNode, _ what: String, needs need: String, fix: String? = nil) {
        report(
            Diagnostic(
                "SETTINGS-003",
                .error,
                "\(what) must be \(need), not \(Self.shape(of: node))",
                at: node.mark,
                remedy: fix ?? "write \(need)"
            )
        )
    }

    // MARK: - Mappings and lists

    /// A mapping whose keys are all known; nil when the node is none.
    package mutating func section(_ node: DocumentNode, _ what: String, keys: [String]) -> DocumentNode? {
        guard let entries = node.mapping else {
            refuse(node, what, needs: "a mapping", fix: keys.first.map { "write “\($0): …”" })
            return nil
        }
        for entry in entries where !(entry.key.text.map { keys.contains($0) } ?? false) {
            let name = entry.key.text ?? ""
            report(
                Diagnostic(
                    "SETTINGS-001",
                    .error,
                    "\(what) has no key “\(name.prefix(80))”",
                    at: entry.key.mark,
                    remedy: NearestName.advice(name, known: keys, none: "remove it")
                )
            )
        }
        return node
    }

    package mutating func require(
        _ key: String,
        in node: DocumentNode,
        _ what: String,
        example: String
    ) -> DocumentNode? {
        if let value = node[key] { return value }
        report(Diagnostic("SETTINGS-002", .error, "\(what) has no “\(key)”", at: node.mark, remedy: "add “\(example)”"))
        return nil
    }

    /// A mapping with keys that its writer chose, in order.
    package mutating func entries(_ node: DocumentNode, _ what: String) -> [(key: String, value: DocumentNode)] {
        guard let entries = node.mapping else {
            refuse(node, what, needs: "a mapping")
            return []
        }
        return entries.compactMap { entry in
            guard let key = text(entry.key, "a key of \(what)") else { return nil }
            return (key, entry.value)
        }
    }

    package mutating func list(_ node: DocumentNode, _ what: String) -> [DocumentNode] {
        guard let elements = node.sequence else {
            refuse(node, what, needs: "a list", fix: "write “- …” a line, or “[…]”")
            return []
        }
        return elements
    }

    package mutating func texts(_ node: DocumentNode, _ what: String) -> [String] {
        list(node, what).compactMap { text($0, "an element of \(what)") }
    }

    // MARK: - Scalars

    /// A text that is not blank; what is a number or a boolean to YAML has to be quoted.
    package mutating func text(_ node: DocumentNode, _ what: String, limit: Int = 2_048) -> String? {
        guard case .scalar(let scalar) = node.content, case .string = node.json else {
            let quoted = node.text.flatMap { $0.isEmpty ? nil : "quote it: “\"\($0)\"”" }
            refuse(node, what, needs: "a text", fix: quoted)
            return nil
        }
        if scalar.isPlain, let other = YAML11.meaning(of: scalar.text) {
            report(
                Diagnostic(
                    "SETTINGS-004",
                    .warning,
                    "\(what) “\(scalar.text)” is a text here, but other YAML readers take it for \(other)",
                    at: node.mark,
                    remedy: "write “\"\(scalar.text)\"”"
                )
            )
        }
        guard !scalar.text.allSatisfy(\.isWhitespace), scalar.text.unicodeScalars.count <= limit else {
            refuse(node, what, needs: "a text of 1 to \(limit) characters")
            return nil
        }
        return scalar.text
    }

    package mutating func flag(_ node: DocumentNode, _ what: String) -> Bool? {
        if case .bool(let flag) = node.json { return flag }
        refuse(node, what, needs: "true or false", fix: YAML11.meaning(of: node.text ?? "").map { "write \($0)" })
        return nil
    }

    package mutating func number(_ node: DocumentNode, _ what: String, in range: ClosedRange<Int64>) -> Int64? {
        if let number = node.json.integer, range.contains(number) { return number }
        refuse(node, what, needs: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    package mutating func choice<Word: RawRepresentable & CaseIterable>(
        _ node: DocumentNode,
        _ what: String,
        of type: Word.Type
    ) -> Word? where Word.RawValue == String {
        if let text = node.text, let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let need = "one of " + words.joined(separator: ", ")
        refuse(node, what, needs: need, fix: NearestName.advice(node.text ?? "", known: words, none: "write \(need)"))
        return nil
    }

    /// A name that passes the check of its kind.
    package mutating func name<Name: CheckedName>(_ node: DocumentNode, _ what: String, _ kind: Name.Type) -> Name? {
        guard let text = text(node, what) else { return nil }
        if let name = Name(rawValue: text) { return name }
        refuse(node, what, needs: "a valid name of its kind")
        return nil
    }

    private static func shape(of node: DocumentNode) -> String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            switch node.json {
            case .null: return "empty"
            case .bool: return "the boolean \(scalar.text)"
            case .integer, .unsigned, .double: return "the number \(scalar.text.prefix(40))"
            case .string, .array, .object: return "“\(scalar.text.prefix(80))”"
            }
        }
    }
}
