extension JSONReader {
    mutating func string(_ bytes: Span<UInt8>) throws(JSONFault) -> String {
        let start = position + 1
        position = ByteScan.plainEnd(bytes, from: start)
        guard position < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            let text = try text(bytes.extracting(start..<position), at: start)
            position += 1
            return text
        case UInt8(ascii: "\\"):
            return try stringWithEscapes(bytes, from: start)
        default:
            throw JSONFault(.controlCharacter, at: position)
        }
    }

    private func text(_ part: Span<UInt8>, at offset: Int) throws(JSONFault) -> String {
        if let utf8 = try? UTF8Span(validating: part) { return String(copying: utf8) }
        guard limits.repairsUTF8 else { throw JSONFault(.invalidUTF8, at: offset) }
        return String(decoding: part.indices.map { part[$0] }, as: UTF8.self)
    }

    private mutating func stringWithEscapes(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> String {
        var count = 0
        // Out of the reader, so that both can be written to.
        var buffer = unescaped
        unescaped = []
        position = start
        while position < bytes.count {
            // What is read before the next look for room, and at most so much is written.
            let stop = min(bytes.count, position + 4_096)
            let room = count + (stop - position) + 16
            if buffer.count < room { buffer += [UInt8](repeating: 0, count: max(room - buffer.count, 256)) }
            unescape(bytes, until: stop, into: &buffer, count: &count)
            guard position < stop else { continue }
            guard bytes[position] != UInt8(ascii: "\"") else {
                position += 1
                let text = try text(buffer.span.extracting(first: count), at: start)
                unescaped = buffer
                return text
            }
            try rareEscape(bytes, into: &buffer, count: &count)
        }
        throw JSONFault(.unexpectedEnd, at: position)
    }

    /// Reads plain stretches and escapes of one letter up to a place, the string's end or what is neither.
    private mutating func unescape(_ bytes: Span<UInt8>, until stop: Int, into buffer: inout [UInt8], count: inout Int)
    {
        var output = buffer.mutableSpan
        var (place, end) = (position, count)
        while place < stop {
            if place &+ 8 <= stop, bytes[place] != UInt8(ascii: "\\") {
                let word = ByteScan.word(bytes, at: place)
                ByteScan.store(word, in: &output, at: end)
                let ends = ByteScan.ends(word)
                let plain = ends == 0 ? 8 : ByteScan.offset(ends)
                place &+= plain
                end &+= plain
                if ends == 0 { continue }
            }
            let byte = bytes[place]
            if byte == UInt8(ascii: "\\") {
                guard place &+ 1 < bytes.count else { break }
                let plain = Self.plain(bytes[place &+ 1])
                guard plain != 0 else { break }
                output[end] = plain
                place &+= 2
            } else {
                guard byte != UInt8(ascii: "\""), byte >= 0x20 else { break }
                output[end] = byte
                place &+= 1
            }
            end &+= 1
        }
        (position, count) = (place, end)
    }

    /// What an escape of one letter stands for; zero for others.
    @inline(__always)
    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        default: 0
        }
    }

    /// What stops the quick walk: an escape with digits, or what no string may hold.
    private mutating func rareEscape(
        _ bytes: Span<UInt8>,
        into buffer: inout [UInt8],
        count: inout Int
    ) throws(JSONFault) {
        guard bytes[position] == UInt8(ascii: "\\") else { throw JSONFault(.controlCharacter, at: position) }
        guard position + 1 < bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        guard bytes[position + 1] == UInt8(ascii: "u") else { throw JSONFault(.invalidEscape, at: position) }
        for byte in UTF8.encode(try unicodeEscape(bytes)) ?? UTF8.encodedReplacementCharacter {
            buffer[count] = byte
            count += 1
        }
    }

    private mutating func unicodeEscape(_ bytes: Span<UInt8>) throws(JSONFault) -> Unicode.Scalar {
        let high = try hexUnit(bytes)
        if (0xd800..<0xdc00).contains(high), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            let low = try hexUnit(bytes)
            if (0xdc00..<0xe000).contains(low) {
                return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{FFFD}"
            }
            position = mark
        }
        return Unicode.Scalar(high) ?? "\u{FFFD}"
    }

    /// Reads `\uXXXX`, leaving `position` after it.
    private mutating func hexUnit(_ bytes: Span<UInt8>) throws(JSONFault) -> UInt32 {
        guard position + 6 <= bytes.count else { throw JSONFault(.unexpectedEnd, at: position) }
        var unit: UInt32 = 0
        for place in (position + 2)..<(position + 6) {
            guard let digit = Self.hexDigit(bytes[place]) else { throw JSONFault(.invalidEscape, at: position) }
            unit = unit << 4 | digit
        }
        position += 6
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46, 0x61...0x66: UInt32(byte | 0x20) - 0x57
        default: nil
        }
    }
}
