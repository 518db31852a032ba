internal import Vocabulary

extension PlaybookReader {
    private static let types: KeyValuePairs<String, ParameterType> = [
        "string": .string, "boolean": .boolean, "integer": .integer, "number": .number, "duration": .duration,
        "objectName": .objectName, "podName": .objectName, "nodeName": .objectName, "namespace": .namespace,
        "instanceId": .instanceId, "arn": .arn, "cidr": .cidr,
        "stringMap": .stringMap,
    ]

    mutating func parameters(_ node: DocumentNode) -> [PlaybookParameter] {
        guard let entries = node.mapping else {
            report(Problem.wrongType("“parameters”", needs: "a mapping", found: node))
            return []
        }
        var parameters: [PlaybookParameter] = []
        for entry in entries {
            guard let name = parameterName(entry.key), let parameter = parameter(name, entry) else { continue }
            parameters.append(parameter)
        }
        return parameters
    }

    private mutating func parameterName(_ key: DocumentNode) -> String? {
        guard let name = key.text, Identifier.isName(name) else {
            report(
                Problem.badName(
                    "parameter name",
                    key,
                    rule: "use letters, digits and “_”, not a digit first, at most 63"
                )
            )
            return nil
        }
        if case .scalar(let scalar) = key.content, scalar.isPlain { warnOfSurprise("the key", name, at: key.mark) }
        return name
    }

    private mutating func parameter(_ name: String, _ entry: DocumentNode.Entry) -> PlaybookParameter? {
        let place = "the parameter “\(name)”"
        let keys = ["type", "default", "values", "of", "summary"]
        guard let members = members(entry.value, of: place, keys: keys, required: ["type": "type: string"]),
            let type = members["type"].flatMap({ type($0, members, place) })
        else { return nil }
        let summary = members["summary"].flatMap { text($0, "“summary”") }
        let fallback = members["default"].flatMap { defaultValue($0, name: name, type: type) }
        return PlaybookParameter(
            name: name,
            type: type,
            defaultValue: fallback,
            summary: summary ?? "",
            mark: entry.key.mark
        )
    }

    private mutating func defaultValue(_ node: DocumentNode, name: String, type: ParameterType) -> JSONValue? {
        if let text = node.text, TemplateScanner.isTemplate(text) {
            report(
                Problem.badValue(
                    "the default of “\(name)”",
                    node,
                    needs: "a literal",
                    fix: "write the value itself: defaults hold no expressions"
                )
            )
            return nil
        }
        let parameter = ActionManifest.Parameter(name, type, "")
        return value(node, of: parameter, "parameters.\(name).default", in: .incident)?.literal
    }

    private mutating func type(_ node: DocumentNode, _ members: Members, _ place: String) -> ParameterType? {
        let type = type(named: node, members, place)
        if let stray = members.keyNode("values"), !(node.text == "choice") {
            report(
                Problem.make(
                    "PLAYBOOK-001",
                    "\(place) has “values”, which only a choice has",
                    at: stray.mark,
                    fix: "write “type: choice”, or remove it"
                )
            )
        }
        if let stray = members.keyNode("of"), !(node.text == "list") {
            report(
                Problem.make(
                    "PLAYBOOK-001",
                    "\(place) has “of”, which only a list has",
                    at: stray.mark,
                    fix: "write “type: list”, or remove it"
                )
            )
        }
        return type
    }

    private mutating func type(named node: DocumentNode, _ members: Members, _ place: String) -> ParameterType? {
        if node.text == "choice" {
            guard let values = members["values"] else {
                report(Problem.missingKey("values", in: place, at: node.mark, example: "values: [one, other]"))
                return nil
            }
            let words = elements(values, "“values”")
            let texts = words.compactMap { text($0, "a value of a choice") }
            return texts.count == words.count && !texts.isEmpty ? .choice(texts) : nil
        }
        if node.text == "list" {
            guard let element = members["of"] else {
                report(Problem.missingKey("of", in: place, at: node.mark, example: "of: string"))
                return nil
            }
            return simpleType(element).map { .list($0) }
        }
        return simpleType(node, also: ["choice", "list"])
    }

    private mutating func simpleType(_ node: DocumentNode, also others: [String] = []) -> ParameterType? {
        if let text = node.text, let found = Self.types.first(where: { $0.key.isIdentical(to: text) }) {
            return found.value
        }
        let known = Self.types.map(\.key) + others
        report(
            Problem.make(
                "PLAYBOOK-003",
                "no type is called \(Problem.quoted(node.text ?? ""))",
                at: node.mark,
                fix: NearestName.advice(node.text ?? "", known: known, none: "")
            )
        )
        return nil
    }
}

extension Identifier {
    /// A name that stands after a point, where expressions have no words of their own.
    static func isName(_ text: String) -> Bool { isValid(text) || taken.contains(text) }
}
