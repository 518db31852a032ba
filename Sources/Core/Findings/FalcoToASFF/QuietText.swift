/// Tells in one walk over the bytes that a text surely is left as it is by the mask: most are.
///
/// It may say no of a text that has no secret either, never yes of one that has: what it looks for is in every word that
/// `Masker` hides, changes or remembers.
struct QuietText: Sendable {
    /// The last eight letters of the word so far, in lower case.
    private var letters: UInt64 = 0
    private var start = 0
    private var hasColon = false
    private var mayBeToken = false
    /// Whether nothing was found so far.
    private var isQuiet = true

    static func isQuiet(_ text: Span<UInt8>) -> Bool {
        var words = QuietText()
        words.mayBeToken = beginsToken(text, at: 0)
        return words.isQuiet(with: text)
    }

    private init() {}

    /// Where a walk stands after a name and an equals sign.
    init(before name: String) {
        let head = Array((name + "=").utf8)
        mayBeToken = Self.beginsToken(head.span, at: 0)
        isQuiet = walk(head.span)
        start -= head.count
    }

    /// Whether a text is quiet that goes on where this walk stands.
    func isQuiet(with text: Span<UInt8>) -> Bool {
        guard isQuiet else { return false }
        var words = self
        words.mayBeToken = mayBeToken || Self.beginsToken(text, at: 0)
        return words.walk(text) && words.ends(at: text.count)
    }

    private mutating func walk(_ text: Span<UInt8>) -> Bool {
        // White space, “-”, “:”, “=” and “@”.
        let (low, high): (UInt64, UInt64) = (0x2400_2001_0000_3e00, 1)
        var letters = letters
        for place in text.indices {
            let byte = text[place]
            if Self.isLetter(byte) {
                letters = letters &<< 8 | UInt64(byte | 0x20)
            } else if byte >= 0x80 || (byte < 0x40 ? low : high) &>> UInt64(byte & 63) & 1 != 0 {
                self.letters = letters
                guard passes(byte, of: text, at: place) else { return false }
                letters = self.letters
            }
        }
        self.letters = letters
        return true
    }

    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private mutating func passes(_ byte: UInt8, of text: Span<UInt8>, at place: Int) -> Bool {
        switch byte {
        case 0x20, 0x09...0x0d:
            guard ends(at: place) else { return false }
            self = QuietText()
            start = place + 1
            mayBeToken = Self.beginsToken(text, at: start)
        case UInt8(ascii: "="):
            mayBeToken = mayBeToken || Self.beginsToken(text, at: place + 1)
            return !Self.isTelling(letters)
        case UInt8(ascii: ":"):
            hasColon = true
            return !Self.isTelling(letters)
        case UInt8(ascii: "@"): return !hasColon
        case UInt8(ascii: "-"): return !Self.isRule(text, at: place)
        default: return false
        }
        return true
    }

    private func ends(at place: Int) -> Bool {
        !(mayBeToken && place - start >= 20) && !Self.isTelling(letters) && !Self.isAnnouncing(letters)
    }

    /// The five hyphens around a key's name.
    private static func isRule(_ text: Span<UInt8>, at place: Int) -> Bool {
        place >= 4 && text[place - 1] == 0x2d && text[place - 2] == 0x2d && text[place - 3] == 0x2d
            && text[place - 4] == 0x2d
    }

    /// The ends of all names that tell of a secret.
    private static func isTelling(_ letters: UInt64) -> Bool {
        switch letters & 0xff_ffff {
        case ending("o", "r", "d"), ending("s", "w", "d"), ending("a", "s", "e"), ending("p", "w", "d"),
            ending("r", "e", "t"), ending("k", "e", "y"), ending("k", "e", "n"), ending("i", "a", "l"),
            ending("a", "l", "s"):
            true
        // Authorization: many a “connection” and “action” stands in alerts.
        case ending("i", "o", "n"): letters >> 24 & 0xff_ffff == ending("z", "a", "t")
        default: false
        }
    }

    /// The ends of programs that take passwords, and of “bearer”.
    private static func isAnnouncing(_ letters: UInt64) -> Bool {
        switch letters & 0xff_ffff {
        case ending("u", "r", "l"), ending("g", "e", "t"), ending("a", "s", "s"), ending("s", "q", "l"),
            ending("u", "m", "p"), ending("m", "i", "n"), ending("a", "d", "b"), ending("r", "e", "r"):
            true
        default: false
        }
    }

    @inline(__always)
    private static func ending(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar) -> UInt64 {
        UInt64(first.value << 16 | second.value << 8 | third.value)
    }

    /// The first two bytes of tokens with a known look, after quotes.
    private static func beginsToken(_ text: Span<UInt8>, at place: Int) -> Bool {
        var place = place
        while place < text.count, isQuote(text[place]) { place += 1 }
        guard place + 1 < text.count else { return false }
        switch (text[place] | 0x20, text[place + 1] | 0x20) {
        case (0x67, 0x68), (0x67, 0x69), (0x67, 0x6c), (0x78, 0x6f), (0x65, 0x79), (0x73, 0x6b), (0x6e, 0x70),
            (0x70, 0x79):
            return true
        default: return false
        }
    }

    static func isQuote(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
