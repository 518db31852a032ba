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

    let limits: Limits
    var position: Int
    var depth = 0
    /// Room for what a string with escapes stands for, used again for each.
    var unescaped: [UInt8] = []

    private init(at start: Int, limits: Limits) {
        self.limits = limits
        position = start
    }

    /// Reads a whole text as one document.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONFault) -> JSONValue {
        try parse(bytes.span, limits: limits)
    }

    package static func parse(_ text: String, limits: Limits = Limits()) throws(JSONFault) -> JSONValue {
        try parse(text.utf8.span, limits: limits)
    }

    /// Reads a whole text that somebody else owns, without a copy of it.
    package static func parse(_ bytes: Span<UInt8>, limits: Limits = Limits()) throws(JSONFault) -> JSONValue {
        let hasMark = bytes.count > 2 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
        let (value, end) = try parsePrefix(bytes, from: hasMark ? 3 : 0, limits: limits)
        var reader = JSONReader(at: end, limits: limits)
        reader.skipSpace(bytes)
        guard reader.position == bytes.count else { throw JSONFault(.trailingText, at: reader.position) }
        return value
    }

    /// Reads the first document of a text that may hold more; `end` is the offset after it.
    package static func parsePrefix(
        _ bytes: [UInt8],
        from start: Int,
        limits: Limits = Limits()
    ) throws(JSONFault) -> (value: JSONValue, end: Int) {
        try parsePrefix(bytes.span, from: start, limits: limits)
    }

    /// The same on bytes that somebody else owns.
    package static func parsePrefix(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: Limits = Limits()
    ) throws(JSONFault) -> (value: JSONValue, end: Int) {
        guard bytes.count - start <= limits.bytes else { throw JSONFault(.tooLarge(limit: limits.bytes), at: start) }
        var reader = JSONReader(at: start, limits: limits)
        let value = try reader.value(bytes)
        return (value, reader.position)
    }

    private mutating func value(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
        skipSpace(bytes)
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "{"): return .object(try object(bytes))
        case UInt8(ascii: "["): return .array(try array(bytes))
        case UInt8(ascii: "-"), 0x30...0x39: return try number(bytes)
        case UInt8(ascii: "t"): return try literal(bytes, "true", .bool(true))
        case UInt8(ascii: "f"): return try literal(bytes, "false", .bool(false))
        case UInt8(ascii: "n"): return try literal(bytes, "null", .null)
        case let byte: throw JSONFault(.unexpectedByte(byte), at: position)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONObject {
        try open()
        if try closes(bytes, with: UInt8(ascii: "}")) { return JSONObject() }
        var object = JSONObject(capacity: 12)
        // A bit for each key so far, which few others share: most keys are new at first sight.
        var seen: UInt64 = 0
        repeat {
            skipSpace(bytes)
            guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
            guard bytes[position] == UInt8(ascii: "\"") else {
                throw JSONFault(.unexpectedByte(bytes[position]), at: position)
            }
            let key = try string(bytes)
            try expect(bytes, UInt8(ascii: ":"))
            let value = try value(bytes)
            let bit = Self.bit(key)
            if seen & bit == 0 { object.append(key, value) } else { object[key] = value }
            seen |= bit
        } while try continues(bytes, until: UInt8(ascii: "}"))
        return object
    }

    private static func bit(_ key: String) -> UInt64 {
        let bytes = key.utf8.span
        guard bytes.count > 0 else { return 1 }
        let (last, middle) = (UInt64(bytes[bytes.count &- 1]), UInt64(bytes[bytes.count &>> 1]))
        return 1 &<< (UInt64(bytes.count) &* 5 &+ last &* 3 &+ middle &* 11)
    }

    private mutating func array(_ bytes: Span<UInt8>) throws(JSONFault) -> [JSONValue] {
        try open()
        var elements: [JSONValue] = []
        if try closes(bytes, with: UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try value(bytes)) } while try continues(bytes, until: UInt8(ascii: "]"))
        return elements
    }

    private mutating func open() throws(JSONFault) {
        guard depth < limits.depth else { throw JSONFault(.tooDeep(limit: limits.depth), at: position) }
        depth += 1
        position += 1
    }

    @inline(__always)
    private mutating func closes(_ bytes: Span<UInt8>, with end: UInt8) throws(JSONFault) -> Bool {
        skipSpace(bytes)
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == end else { return false }
        position += 1
        depth -= 1
        return true
    }

    @inline(__always)
    private mutating func continues(_ bytes: Span<UInt8>, until end: UInt8) throws(JSONFault) -> Bool {
        if try closes(bytes, with: end) { return false }
        guard bytes[position] == UInt8(ascii: ",") else {
            throw JSONFault(.unexpectedByte(bytes[position]), at: position)
        }
        position += 1
        return true
    }

    @inline(__always)
    private mutating func expect(_ bytes: Span<UInt8>, _ byte: UInt8) throws(JSONFault) {
        skipSpace(bytes)
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position] == byte else { throw JSONFault(.unexpectedByte(bytes[position]), at: position) }
        position += 1
    }

    private mutating func literal(
        _ bytes: Span<UInt8>,
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONFault) -> JSONValue {
        for letter in word.description.utf8 {
            guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
            guard bytes[position] == letter else { throw JSONFault(.unexpectedByte(bytes[position]), at: position) }
            position += 1
        }
        return value
    }

    @inline(__always)
    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
            default: return
            }
        }
    }
}
