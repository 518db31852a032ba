/// Reads one JSON document (RFC 8259) with bounds on size and depth.
///
/// Integers stay exact within 64 bits; of repeated keys the last one wins; a lone surrogate escape becomes U+FFFD.
package struct JSONReader {
    /// What a reader takes before it refuses.
    package struct Limits: Sendable {
        package var bytes: Int
        package var depth: Int
        /// Replace invalid UTF-8 in strings by U+FFFD instead of refusing it.
        package var repairsUTF8: Bool

        package init(bytes: Int = 16 << 20, depth: Int = 128, repairsUTF8: Bool = false) {
            self.bytes = bytes
            self.depth = depth
            self.repairsUTF8 = repairsUTF8
        }
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position: Int
    private var depth = 0

    private init(_ bytes: [UInt8], at start: Int, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
        position = start
    }

    /// Reads a whole text as one document.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONFault) -> JSONValue {
        var start = 0
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
        let (value, end) = try parsePrefix(bytes, from: start, limits: limits)
        var reader = JSONReader(bytes, at: end, limits: limits)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw JSONFault(.trailingText, at: reader.position) }
        return value
    }

    package static func parse(_ text: String, limits: Limits = Limits()) throws(JSONFault) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }

    /// Reads the first document of a text that may hold more; `end` is the offset after it.
    package static func parsePrefix(
        _ bytes: [UInt8],
        from start: Int,
        limits: Limits = Limits()
    ) throws(JSONFault) -> (value: JSONValue, end: Int) {
        guard bytes.count - start <= limits.bytes else { throw JSONFault(.tooLarge(limit: limits.bytes), at: start) }
        var reader = JSONReader(bytes, at: start, limits: limits)
        let value = try reader.value()
        return (value, reader.position)
    }

    private mutating func value() throws(JSONFault) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        case let byte: throw JSONFault(.unexpectedByte(byte), at: position)
        }
    }

    private mutating func object() throws(JSONFault) -> JSONObject {
        try open()
        var object = JSONObject()
        if try closes(with: "}") { return object }
        repeat {
            skipSpace()
            guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
            guard bytes[position] == UInt8(ascii: "\"") else {
                throw JSONFault(.unexpectedByte(bytes[position]), at: position)
            }
            let key = try string()
            try expect(":")
            object[key] = try value()
        } while try continues(until: "}")
        return object
    }

    private mutating func array() throws(JSONFault) -> [JSONValue] {
        try open()
        var elements: [JSONValue] = []
        if try closes(with: "]") { return elements }
        repeat { elements.append(try value()) } while try continues(until: "]")
        return elements
    }

    private mutating func open() throws(JSONFault) {
        guard depth < limits.depth else { throw JSONFault(.tooDeep(limit: limits.depth), at: position) }
        depth += 1
        position += 1
    }

    private mutating func closes(with end: Unicode.Scalar) throws(JSONFault) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == UInt8(ascii: end) else { return false }
        position += 1
        depth -= 1
        return true
    }

    private mutating func continues(until end: Unicode.Scalar) throws(JSONFault) -> Bool {
        if try closes(with: end) { return false }
        guard bytes[position] == UInt8(ascii: ",") else {
            throw JSONFault(.unexpectedByte(bytes[position]), at: position)
        }
        position += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(JSONFault) {
        skipSpace()
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == UInt8(ascii: scalar) else {
            throw JSONFault(.unexpectedByte(bytes[position]), at: position)
        }
        position += 1
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        for scalar in word.description.utf8 {
            guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
            guard bytes[position] == scalar else { throw JSONFault(.unexpectedByte(bytes[position]), at: position) }
            position += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }
}

// MARK: - Numbers

extension JSONReader {
    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        try digits()
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw JSONFault(.invalidNumber, at: start)
        }
        let isWhole = try !fractionAndExponent()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole {
            if let integer = Int64(text) { return .integer(integer) }
            if let unsigned = UInt64(text) { return .unsigned(unsigned) }
        }
        guard let double = Double(text), double.isFinite else { throw JSONFault(.invalidNumber, at: start) }
        return .double(double)
    }

    private mutating func fractionAndExponent() throws(JSONFault) -> Bool {
        var found = false
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
            found = true
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits()
            found = true
        }
        return found
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else {
            throw JSONFault(position < bytes.count ? .invalidNumber : .unexpectedEnd, at: position)
        }
    }
}

// MARK: - Strings

extension JSONReader {
    private mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try text(of: bytes[start..<position], at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try stringWithEscapes(from: start)
            case 0..<0x20:
                throw JSONFault(.controlCharacter, at: position)
            default:
                position += 1
            }
        }
        throw JSONFault(.unexpectedEnd, at: position)
    }

    private func text(of part: ArraySlice<UInt8>, at offset: Int) throws(JSONFault) -> String {
        if let text = String(validating: part, as: UTF8.self) { return text }
        guard limits.repairsUTF8 else { throw JSONFault(.invalidUTF8, at: offset) }
        return String(decoding: part, as: UTF8.self)
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONFault) -> String {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text(of: unescaped[...], at: start)
            case UInt8(ascii: "\\"):
                try escape(into: &unescaped)
            case 0..<0x20:
                throw JSONFault(.controlCharacter, at: position)
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw JSONFault(.unexpectedEnd, at: position)
    }

    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONFault) {
        guard position + 1 < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        let letter = bytes[position + 1]
        if letter == UInt8(ascii: "u") {
            unescaped.append(contentsOf: Array(String(try unicodeEscape()).utf8))
            return
        }
        guard let plain = Self.simpleEscapes[letter] else { throw JSONFault(.invalidEscape, at: position) }
        unescaped.append(plain)
        position += 2
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func unicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let high = try hexUnit()
        if (0xd800..<0xdc00).contains(high), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            let low = try hexUnit()
            if (0xdc00..<0xe000).contains(low) {
                return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{FFFD}"
            }
            position = mark
        }
        return Unicode.Scalar(high) ?? "\u{FFFD}"
    }

    /// Reads `\uXXXX`, leaving `position` after it.
    private mutating func hexUnit() throws(JSONFault) -> UInt32 {
        guard position + 6 <= bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        let digits = bytes[(position + 2)..<(position + 6)]
        guard digits.allSatisfy({ Self.isHexDigit($0) }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw JSONFault(.invalidEscape, at: position) }
        position += 6
        return unit
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
