extension DocumentNode {
    /// The document as plain data, by the YAML 1.2 core schema.
    ///
    /// Only `true`/`false`/`null`/`~` and 1.2 numbers are special when plain: `yes`, `on`, `NO` stay strings.
    /// Keys are taken by their text; of repeated keys the last one wins (decoders diagnose them before).
    package var json: JSONValue {
        switch content {
        case .scalar(let scalar): scalar.isPlain ? Self.plainValue(scalar.text) : .string(scalar.text)
        case .sequence(let nodes): .array(nodes.map(\.json))
        case .mapping(let entries): .object(Self.object(entries))
        }
    }

    private static func object(_ entries: [Entry]) -> JSONObject {
        var object = JSONObject()
        for entry in entries { object[entry.key.text ?? JSONWriter.compact(entry.key.json)] = entry.value.json }
        return object
    }

    private static func plainValue(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first, isNumberStart(first) else { return nil }
        if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16).map(JSONValue.integer) }
        if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8).map(JSONValue.integer) }
        guard text.utf8.allSatisfy(isNumberByte) else { return nil }
        if let integer = Int64(text) { return .integer(integer) }
        if let unsigned = UInt64(text) { return .unsigned(unsigned) }
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }), let double = Double(text), double.isFinite
        else { return nil }
        return .double(double)
    }

    private static func isNumberStart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        isNumberStart(byte) || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }
}
