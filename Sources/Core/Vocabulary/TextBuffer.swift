/// A text of JSON that grows at its end, with room behind it.
struct TextBuffer {
    private var bytes: [UInt8]
    private(set) var count: Int

    /// Goes on after some bytes without a copy of them.
    init(after bytes: consuming [UInt8]) {
        count = bytes.count
        self.bytes = bytes
    }

    /// Gives the text away, without the room behind it.
    mutating func finish() -> [UInt8] {
        bytes.removeLast(bytes.count - count)
        defer { self = TextBuffer(after: []) }
        return bytes
    }

    func bytes(from start: Int) -> [UInt8] { Array(bytes[start..<count]) }

    /// Forgets what came after a count.
    mutating func rewind(to count: Int) { self.count = min(self.count, count) }

    @inline(__always)
    private mutating func makeRoom(_ size: Int) {
        if bytes.count &- count < size { grow(size) }
    }

    private mutating func grow(_ size: Int) {
        let more = max(size, min(max(count, 256), 8_192))
        // Doubling by hand: room that is added is taken exactly.
        if bytes.capacity - bytes.count < more { bytes.reserveCapacity(max(bytes.count + more, 2 * bytes.capacity)) }
        bytes.append(addingCapacity: more) { room in room.append(repeating: 0, count: more) }
    }

    mutating func put(_ byte: UInt8) {
        makeRoom(1)
        bytes[count] = byte
        count += 1
    }

    /// A text of ASCII that needs no escape.
    mutating func put(_ plain: String) {
        for byte in plain.utf8 { put(byte) }
    }

    mutating func put(number: Int64) {
        makeRoom(20)
        var digits = 1
        var rest = number.magnitude
        while rest > 9 {
            rest /= 10
            digits += 1
        }
        rest = number.magnitude
        let start = number < 0 ? count + 1 : count
        bytes[count] = UInt8(ascii: "-")
        for place in (start..<(start + digits)).reversed() {
            bytes[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
        count = start + digits
    }

    /// A string in quotes, between two other bytes; zero stands for none.
    mutating func put(_ before: UInt8 = 0, quoted string: String, then after: UInt8 = 0) {
        let text = string.utf8.span
        makeRoom(text.count &+ 12)
        let end = Self.copy(text, to: &bytes, at: count, before, after)
        guard end == 0 else {
            count = end
            return
        }
        if before != 0 { put(before) }
        putEscaped(text)
        if after != 0 { put(after) }
    }

    /// The end of a quoted copy; zero when a byte needs an escape.
    ///
    /// The caller has made room for eight bytes more.
    private static func copy(
        _ text: Span<UInt8>,
        to bytes: inout [UInt8],
        at start: Int,
        _ before: UInt8,
        _ after: UInt8
    ) -> Int {
        var output = bytes.mutableSpan
        var begin = start
        if before != 0 {
            output[begin] = before
            begin &+= 1
        }
        output[begin] = 0x22
        begin &+= 1
        let end = begin &+ text.count
        var place = 0
        while place &+ 8 <= text.count {
            let word = ByteScan.word(text, at: place)
            if ByteScan.escapes(word) != 0 { return 0 }
            ByteScan.store(word, in: &output, at: begin &+ place)
            place &+= 8
        }
        if place > 0, place < text.count {
            // The last eight once more, some of them for the second time.
            let word = ByteScan.word(text, at: text.count &- 8)
            if ByteScan.escapes(word) != 0 { return 0 }
            ByteScan.store(word, in: &output, at: end &- 8)
        } else if place == 0 {
            let word = ByteScan.shortWord(text)
            if ByteScan.escapes(word) != 0 { return 0 }
            ByteScan.store(word, in: &output, at: begin)
        }
        output[end] = 0x22
        guard after != 0 else { return end &+ 1 }
        output[end &+ 1] = after
        return end &+ 2
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f
    }

    private mutating func putEscaped(_ text: Span<UInt8>) {
        put(0x22)
        for place in text.indices {
            let byte = text[place]
            guard Self.needsEscape(byte) else {
                put(byte)
                continue
            }
            put(UInt8(ascii: "\\"))
            switch byte {
            case 0x22, 0x5c: put(byte)
            case 0x0a: put(UInt8(ascii: "n"))
            case 0x0d: put(UInt8(ascii: "r"))
            case 0x09: put(UInt8(ascii: "t"))
            default:
                put("u00")
                put(Self.hexDigit(byte >> 4))
                put(Self.hexDigit(byte & 15))
            }
        }
        put(0x22)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
