/// Walks over bytes eight at a time.
package enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Eight bytes from a place on, the first one lowest; the caller knows that they are there.
    @inline(__always)
    static func word(_ bytes: Span<UInt8>, at place: Int) -> UInt64 {
        let part = bytes.extracting(place..<(place &+ 8))
        let low =
            UInt64(part[0]) | UInt64(part[1]) &<< 8 | UInt64(part[2]) &<< 16 | UInt64(part[3]) &<< 24
        let high =
            UInt64(part[4]) &<< 32 | UInt64(part[5]) &<< 40 | UInt64(part[6]) &<< 48 | UInt64(part[7]) &<< 56
        return low | high
    }

    /// Puts eight bytes to a place on; the caller knows that there is room.
    @inline(__always)
    static func store(_ word: UInt64, in bytes: inout MutableSpan<UInt8>, at place: Int) {
        var part = MutableRawSpan(_elements: &bytes)
        part.storeBytes(of: word.littleEndian, toByteOffset: place, as: UInt64.self)
    }

    /// High bits where a byte is zero; above the first of them there may be more than there are zeros.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }

    /// High bits where a byte is below 0x20; above the first of them there may be more than there are such bytes.
    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 { (word &- ones &* 0x20) & ~word }

    /// High bits where a byte ends a plain stretch of a JSON string; only the first of them counts.
    ///
    /// A quote, a backslash and control characters below 0x20 do.
    @inline(__always)
    static func ends(_ word: UInt64) -> UInt64 {
        (zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5c) | controls(word)) & highs
    }

    /// The same, and U+007F, which is written as an escape too.
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 { ends(word) | zeros(word ^ ones &* 0x7f) & highs }

    /// How many bytes stand before the first one that is marked.
    @inline(__always)
    static func offset(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }

    /// The offset of the first byte from `start` on that ends a plain stretch; the count when there is none.
    @inline(__always)
    static func plainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var place = start
        while place &+ 8 <= bytes.count {
            let found = ends(word(bytes, at: place))
            if found != 0 { return place &+ offset(found) }
            place &+= 8
        }
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x22 || byte == 0x5c || byte < 0x20 { return place }
            place &+= 1
        }
        return place
    }

    /// Fewer than eight bytes, with blanks above them.
    @inline(__always)
    static func shortWord(_ bytes: Span<UInt8>) -> UInt64 {
        var word = ones &* 0x20
        for place in bytes.indices.reversed() { word = word &<< 8 | UInt64(bytes[place]) }
        return word
    }

    /// Whether all bytes are ASCII.
    package static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        var place = 0
        var seen: UInt64 = 0
        while place &+ 8 <= bytes.count {
            seen |= word(bytes, at: place)
            place &+= 8
        }
        while place < bytes.count {
            seen |= UInt64(bytes[place])
            place &+= 1
        }
        return seen & highs == 0
    }

    /// Whether all bytes are ASCII from the blank up to the tilde.
    package static func isPrintableASCII(_ bytes: Span<UInt8>) -> Bool {
        var place = 0
        while place &+ 8 <= bytes.count {
            let word = word(bytes, at: place)
            if (word | controls(word) | zeros(word ^ ones &* 0x7f)) & highs != 0 { return false }
            place &+= 8
        }
        if place > 0 {
            // The last eight once more, some of them for the second time.
            let last = word(bytes, at: bytes.count &- 8)
            return (last | controls(last) | zeros(last ^ ones &* 0x7f)) & highs == 0
        }
        let word = shortWord(bytes)
        return (word | controls(word) | zeros(word ^ ones &* 0x7f)) & highs == 0
    }

    /// Whether two stretches hold the same bytes.
    @inline(__always)
    static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var place = 0
        while place &+ 8 <= left.count {
            if word(left, at: place) != word(right, at: place) { return false }
            place &+= 8
        }
        if place > 0 { return word(left, at: left.count &- 8) == word(right, at: left.count &- 8) }
        while place < left.count {
            if left[place] != right[place] { return false }
            place &+= 1
        }
        return true
    }
}
