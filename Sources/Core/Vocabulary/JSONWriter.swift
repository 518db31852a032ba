/// Writes JSON: compact, canonical (sorted keys, for digests) or pretty (for people).
package struct JSONWriter {
    package enum Style: Sendable {
        /// One line, members in the order of the object.
        case compact
        /// One line, members sorted by the bytes of their keys: equal values give equal texts.
        case canonical
        /// Two spaces an indent, members in the order of the object.
        case pretty
    }

    private var text = ""
    private let style: Style

    package static func write(_ value: JSONValue, _ style: Style = .compact) -> String {
        var writer = JSONWriter(style: style)
        writer.append(value, indent: 0)
        return writer.text
    }

    package static func compact(_ value: JSONValue) -> String { write(value, .compact) }
    package static func canonical(_ value: JSONValue) -> String { write(value, .canonical) }
    package static func pretty(_ value: JSONValue) -> String { write(value, .pretty) }

    private init(style: Style) { self.style = style }

    private mutating func append(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .unsigned(let number): text += String(number)
        case .double(let number): text += Self.shown(number)
        case .string(let string): append(string)
        case .array(let elements): append(elements, indent: indent)
        case .object(let object): append(object, indent: indent)
        }
    }

    private mutating func append(_ elements: [JSONValue], indent: Int) {
        guard !elements.isEmpty else {
            text += "[]"
            return
        }
        text += "["
        for (place, element) in elements.enumerated() {
            if place > 0 { text += "," }
            breakLine(indent + 1)
            append(element, indent: indent + 1)
        }
        breakLine(indent)
        text += "]"
    }

    private mutating func append(_ object: JSONObject, indent: Int) {
        guard !object.isEmpty else {
            text += "{}"
            return
        }
        let members = style == .canonical ? Self.sorted(object) : object.members
        text += "{"
        for (place, member) in members.enumerated() {
            if place > 0 { text += "," }
            breakLine(indent + 1)
            append(member.key)
            text += style == .pretty ? ": " : ":"
            append(member.value, indent: indent + 1)
        }
        breakLine(indent)
        text += "}"
    }

    private static func sorted(_ object: JSONObject) -> [JSONObject.Member] {
        object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private mutating func breakLine(_ indent: Int) {
        guard style == .pretty else { return }
        text += "\n"
        text += String(repeating: "  ", count: indent)
    }

    /// JSON has no NaN and no infinity; they are written as null.
    private static func shown(_ number: Double) -> String {
        guard number.isFinite else { return "null" }
        return number.description
    }

    private mutating func append(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1f}", "\u{7f}": text += Self.hexEscape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func hexEscape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
