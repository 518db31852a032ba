package import Vocabulary

/// Writes plain data as a YAML block document that every YAML 1.1 and 1.2 reader reads back the same.
///
/// Any string that could be taken for something else is quoted as in JSON, which YAML includes.
package struct YAMLText {
    private var text = ""

    /// The document without a final newline.
    package static func write(_ value: JSONValue) -> String {
        var writer = YAMLText()
        if isBlock(value) { writer.block(value, indent: 0) } else { writer.text += inline(value) + "\n" }
        if writer.text.hasSuffix("\n") { writer.text.removeLast() }
        return writer.text
    }

    /// `lead` begins the first line instead of the margin: `- ` of the list whose element this is.
    private mutating func block(_ value: JSONValue, indent: Int, lead: String? = nil) {
        let margin = String(repeating: "  ", count: indent)
        var start = lead ?? margin
        for element in value.array ?? [] {
            item(start, element, indent: indent)
            start = margin
        }
        for member in value.object ?? JSONObject() {
            entry(start + Self.quoted(member.key) + ":", member.value, indent: indent)
            start = margin
        }
    }

    private mutating func item(_ start: String, _ element: JSONValue, indent: Int) {
        if Self.isBlock(element) {
            block(element, indent: indent + 1, lead: start + "- ")
        } else {
            text += start + "- " + Self.inline(element) + "\n"
        }
    }

    private mutating func entry(_ head: String, _ value: JSONValue, indent: Int) {
        guard Self.isBlock(value) else {
            text += head + " " + Self.inline(value) + "\n"
            return
        }
        text += head + "\n"
        block(value, indent: indent + 1)
    }

    /// Whether the value has lines of its own.
    private static func isBlock(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        case .null, .bool, .integer, .unsigned, .double, .string: false
        }
    }

    private static func inline(_ value: JSONValue) -> String {
        if case .string(let text) = value { return quoted(text) }
        return JSONWriter.compact(value)
    }

    private static func quoted(_ text: String) -> String {
        isPlain(text) ? text : JSONWriter.compact(.string(text))
    }

    /// Begins with a letter, holds harmless characters only, and is no word that some YAML gives a meaning.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), let last = text.utf8.last, last != UInt8(ascii: " ") else {
            return false
        }
        let harmless = Set("-_./ ".utf8)
        for byte in text.utf8 where !isLetter(byte) && !(0x30...0x39).contains(byte) && !harmless.contains(byte) {
            return false
        }
        return !meaningful.contains(text.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }

    private static let meaningful: Set<String> = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    ]
}
