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

    private var text: TextBuffer
    private let style: Style

    package static func write(_ value: JSONValue, _ style: Style = .compact) -> String {
        var bytes: [UInt8] = []
        append(value, style, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func compact(_ value: JSONValue) -> String { write(value, .compact) }
    package static func canonical(_ value: JSONValue) -> String { write(value, .canonical) }
    package static func pretty(_ value: JSONValue) -> String { write(value, .pretty) }

    /// Appends the UTF-8 of the text.
    package static func append(_ value: JSONValue, _ style: Style = .compact, to bytes: inout [UInt8]) {
        // The bytes move into the buffer and back: nothing is copied.
        var text = TextBuffer(after: bytes)
        bytes = []
        append(value, style, to: &text)
        bytes = text.finish()
    }

    static func append(_ value: JSONValue, _ style: Style = .compact, to text: inout TextBuffer) {
        var writer = JSONWriter(text: text, style: style)
        text = TextBuffer(after: [])
        writer.append(value, indent: 0)
        text = writer.text
    }

    private init(text: consuming TextBuffer, style: Style) {
        self.text = text
        self.style = style
    }

    private mutating func append(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: text.put("null")
        case .bool(let flag): text.put(flag ? "true" : "false")
        case .integer(let number): text.put(number: number)
        case .unsigned(let number): text.put(String(number))
        case .double(let number): text.put(Self.shown(number))
        case .string(let string): text.put(quoted: string)
        case .array(let elements): append(elements, indent: indent)
        case .object(let object): append(object, indent: indent)
        }
    }

    private mutating func append(_ elements: [JSONValue], indent: Int) {
        guard !elements.isEmpty else { return text.put("[]") }
        text.put(UInt8(ascii: "["))
        for place in elements.indices {
            if place > 0 { text.put(UInt8(ascii: ",")) }
            breakLine(indent + 1)
            append(elements[place], indent: indent + 1)
        }
        breakLine(indent)
        text.put(UInt8(ascii: "]"))
    }

    private mutating func append(_ object: JSONObject, indent: Int) {
        guard !object.isEmpty else { return text.put("{}") }
        let members = style == .canonical ? Self.sorted(object) : object.members
        text.put(UInt8(ascii: "{"))
        for place in members.indices {
            if place > 0 { text.put(UInt8(ascii: ",")) }
            breakLine(indent + 1)
            text.put(quoted: members[place].key, then: UInt8(ascii: ":"))
            if style == .pretty { text.put(0x20) }
            append(members[place].value, indent: indent + 1)
        }
        breakLine(indent)
        text.put(UInt8(ascii: "}"))
    }

    private static func sorted(_ object: JSONObject) -> [JSONObject.Member] {
        object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private mutating func breakLine(_ indent: Int) {
        guard style == .pretty else { return }
        text.put(0x0a)
        for _ in 0..<(2 * indent) { text.put(0x20) }
    }

    /// JSON has no NaN and no infinity; they are written as null.
    private static func shown(_ number: Double) -> String {
        guard number.isFinite else { return "null" }
        return number.description
    }
}
