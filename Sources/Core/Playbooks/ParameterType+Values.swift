package import Vocabulary

extension ParameterType {
    /// Whether a value is one of this type, as literal in a playbook or as an expression's result.
    package func accepts(_ value: JSONValue) -> Bool {
        switch self {
        case .string: value.string != nil
        case .boolean: value.bool != nil
        case .integer: value.integer != nil
        case .number: value.number != nil
        case .duration: value.string.flatMap { Duration(playbookText: $0) } != nil
        case .objectName: value.string.map(ObjectName.isValid) ?? false
        case .namespace: value.string.map(NamespaceName.isValid) ?? false
        case .instanceId: value.string.map(InstanceID.isValid) ?? false
        case .arn: value.string.flatMap { ARN($0) } != nil
        case .cidr: value.string.flatMap { CIDR($0) } != nil
        case .choice(let words): value.string.map { text in words.contains { $0.isIdentical(to: text) } } ?? false
        case .list(let element): value.array?.allSatisfy(element.accepts) ?? false
        case .object(let parameters): value.object.map { Self.accepts($0, parameters) } ?? false
        case .stringMap: value.object?.values.allSatisfy { $0.string != nil } ?? false
        }
    }

    private static func accepts(_ object: JSONObject, _ parameters: [ActionManifest.Parameter]) -> Bool {
        for member in object {
            guard let parameter = parameters.first(where: { $0.name.isIdentical(to: member.key) }),
                parameter.accepts(member.value)
            else { return false }
        }
        return parameters.allSatisfy { !$0.isRequired || object.contains($0.name) }
    }

    /// Whether its values are written as texts, so that a text with expressions inside can make one.
    package var isWrittenAsText: Bool {
        switch self {
        case .string, .duration, .objectName, .namespace, .instanceId, .arn, .cidr, .choice: true
        case .boolean, .integer, .number, .list, .object, .stringMap: false
        }
    }

    /// As messages and `actions show` name it.
    package var inWords: String {
        switch self {
        case .string: "a text"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .duration: "a duration such as 30s or 1h30m"
        case .objectName: "the name of a Kubernetes object"
        case .namespace: "the name of a namespace"
        case .instanceId: "the id of an EC2 instance"
        case .arn: "an ARN"
        case .cidr: "a block of addresses such as 10.0.0.0/8"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .list(let element): "a list, each element \(element.inWords)"
        case .object(let parameters): "a mapping with " + parameters.map(\.name).joined(separator: ", ")
        case .stringMap: "a mapping of texts"
        }
    }

    /// What to write instead of a literal that is not accepted.
    func advice(for node: DocumentNode) -> String {
        guard let text = node.text else { return "write \(inWords)" }
        switch self {
        case .choice(let words): return NearestName.advice(text, known: words, none: "")
        case .cidr:
            guard let address = IPAddress(text) else { return "write \(inWords)" }
            return "write \(text)/\(address.bitWidth)"
        case .boolean:
            return YAML11.meaning(of: text).map { "write \($0)" } ?? "write true or false"
        case .string: return text.isEmpty ? "write a text" : "quote it: “\"\(text)\"”"
        case .objectName, .namespace: return "use lower-case letters, digits and hyphens, as Kubernetes names do"
        case .instanceId: return "write i- and 8 or 17 hexadecimal digits"
        case .integer, .number, .duration, .arn, .list, .object, .stringMap: return "write \(inWords)"
        }
    }
}

extension ActionManifest.Parameter {
    /// Whether a value is one that this parameter takes.
    package func accepts(_ value: JSONValue) -> Bool {
        guard type.accepts(value) else { return false }
        if let range, let number = value.integer { return range.contains(number) }
        return true
    }

    /// The bounds of an integer; a parameter that is called `port` is one.
    package var range: ClosedRange<Int64>? {
        if case .integer = type, name.isIdentical(to: "port") { 1...65_535 } else { nil }
    }
}
