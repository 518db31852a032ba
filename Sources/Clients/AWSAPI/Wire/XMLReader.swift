/// Reads one XML document within bounds: no DTD, only the five predefined and numeric entities, nothing recursive.
package struct XMLReader {
    /// What a reader takes before it refuses.
    package struct Limits: Sendable {
        package var bytes: Int
        package var depth: Int
        package var elements: Int

        package init(bytes: Int = 16 << 20, depth: Int = 64, elements: Int = 1_000_000) {
            self.bytes = bytes
            self.depth = depth
            self.elements = elements
        }
    }

    package struct Fault: Error, Sendable, Hashable {
        package enum Reason: Sendable, Hashable {
            case tooLarge, tooDeep, tooManyElements, invalidUTF8, unexpectedEnd
            case doctype, unknownEntity, badMarkup, mismatchedTag, textOutside, severalRoots
        }

        package var reason: Reason
        /// Bytes from the start of the document.
        package var offset: Int
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0
    private var open: [XMLElement] = []
    private var root: XMLElement?
    private var count = 0

    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(Fault) -> XMLElement {
        guard bytes.count <= limits.bytes else { throw Fault(reason: .tooLarge, offset: 0) }
        var reader = XMLReader(bytes: bytes, limits: limits)
        return try reader.document()
    }

    private init(bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    private mutating func document() throws(Fault) -> XMLElement {
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<") { try markup() } else { try characters() }
        }
        guard open.isEmpty, let root else { throw fault(.unexpectedEnd) }
        return root
    }

    private mutating func markup() throws(Fault) {
        if skip("<?") {
            try skipPast("?>")
        } else if skip("<!--") {
            try skipPast("-->")
        } else if skip("<![CDATA[") {
            let start = position
            try skipPast("]]>")
            try append(text(start..<(position - 3)))
        } else if skip("<!") {
            throw fault(.doctype)
        } else if skip("</") {
            try endTag()
        } else {
            position += 1
            try startTag()
        }
    }

    private mutating func startTag() throws(Fault) {
        let name = try tagName()
        count += 1
        guard count <= limits.elements else { throw fault(.tooManyElements) }
        guard open.count < limits.depth else { throw fault(.tooDeep) }
        guard root == nil else { throw fault(.severalRoots) }
        let isEmpty = try skipAttributes()
        open.append(XMLElement(name))
        if isEmpty { close() }
    }

    private mutating func endTag() throws(Fault) {
        let name = try tagName()
        skipSpace()
        guard skip(">") else { throw fault(.badMarkup) }
        guard let last = open.last, last.name.utf8.elementsEqual(name.utf8) else { throw fault(.mismatchedTag) }
        close()
    }

    private mutating func close() {
        guard let element = open.popLast() else { return }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    /// The name up to white space, `/` or `>`; a prefix is dropped.
    private mutating func tagName() throws(Fault) -> String {
        var start = position
        while position < bytes.count, !Self.endsName(bytes[position]) {
            if bytes[position] == UInt8(ascii: ":") { start = position + 1 }
            position += 1
        }
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        guard position > start else { throw fault(.badMarkup) }
        return try text(start..<position)
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "<")
    }

    /// Attributes are checked for their quotes and dropped; true when the tag closes itself.
    private mutating func skipAttributes() throws(Fault) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: ">"): return false
            case UInt8(ascii: "/"):
                guard skip(">") else { throw fault(.badMarkup) }
                return true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let end = bytes[position...].firstIndex(of: byte) else { throw fault(.unexpectedEnd) }
                position = end + 1
            case UInt8(ascii: "<"): throw fault(.badMarkup)
            default: break
            }
        }
        throw fault(.unexpectedEnd)
    }

    private mutating func characters() throws(Fault) {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<"), bytes[position] != UInt8(ascii: "&") {
            position += 1
        }
        if position > start { try append(text(start..<position)) }
        if position < bytes.count, bytes[position] == UInt8(ascii: "&") { try append(entity()) }
    }

    private mutating func entity() throws(Fault) -> String {
        let start = position + 1
        guard let end = bytes[start..<min(start + 12, bytes.count)].firstIndex(of: UInt8(ascii: ";")) else {
            throw fault(.unknownEntity)
        }
        let name = try text(start..<end)
        guard let scalar = Self.scalar(name) else { throw fault(.unknownEntity) }
        position = end + 1
        return String(Character(scalar))
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        let predefined: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let known = predefined[name] { return known }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
        guard digits.utf8.first.map(isHexDigit) == true else { return nil }
        guard let value = UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10), value != 0 else { return nil }
        return Unicode.Scalar(value)
    }

    private mutating func append(_ text: String) throws(Fault) {
        guard !open.isEmpty else {
            guard text.utf8.allSatisfy(Self.isSpace) else { throw fault(.textOutside) }
            return
        }
        open[open.count - 1].text += text
    }

    private func text(_ range: Range<Int>) throws(Fault) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw fault(.invalidUTF8) }
        return text
    }

    private mutating func skip(_ literal: String) -> Bool {
        guard bytes[position...].starts(with: literal.utf8) else { return false }
        position += literal.utf8.count
        return true
    }

    private mutating func skipPast(_ literal: String) throws(Fault) {
        while position < bytes.count {
            if skip(literal) { return }
            position += 1
        }
        throw fault(.unexpectedEnd)
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// Signs are no digits, though integers may be read with them.
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private func fault(_ reason: Fault.Reason) -> Fault { Fault(reason: reason, offset: position) }
}
