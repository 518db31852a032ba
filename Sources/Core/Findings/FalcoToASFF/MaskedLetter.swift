internal import Vocabulary

/// What a text is masked by: characters, or bytes where all of them are ASCII.
protocol MaskedLetter: Equatable {
    /// An ASCII letter.
    init(_ scalar: Unicode.Scalar)
    var isBlank: Bool { get }
    var isLetter: Bool { get }
    /// Whether it may stand around a word that is looked at without it.
    var isQuote: Bool { get }
    var lowered: Self { get }
    /// How many bytes of UTF-8 it takes.
    var size: Int { get }
    /// Whether a word surely holds no secret and announces none.
    static func isQuiet(_ word: ArraySlice<Self>) -> Bool
}

extension MaskedLetter {
    static var mask: ArraySlice<Self> { SecretMask.mask.unicodeScalars.map(Self.init)[...] }
}

extension Character: MaskedLetter {
    var isBlank: Bool { isWhitespace }
    var isQuote: Bool { "'\"`,;()[]{}".contains(self) }
    var lowered: Character { lowercased().first ?? self }
    var size: Int { utf8.count }
    static func isQuiet(_ word: ArraySlice<Character>) -> Bool { false }
}

extension UInt8: MaskedLetter {
    init(_ scalar: Unicode.Scalar) { self.init(truncatingIfNeeded: scalar.value) }
    var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
    var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }
    var isQuote: Bool { QuietText.isQuote(self) }
    var lowered: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
    var size: Int { 1 }
    static func isQuiet(_ word: ArraySlice<UInt8>) -> Bool { QuietText.isQuiet(word.span) }
}

extension ArraySlice where Element: MaskedLetter {
    /// Whether a text of ASCII stands at a place.
    func holds(_ text: String, at place: Int) -> Bool {
        guard place >= startIndex, place + text.utf8.count <= endIndex else { return false }
        var place = place
        for byte in text.utf8 {
            if self[place] != Element(Unicode.Scalar(byte)) { return false }
            place += 1
        }
        return true
    }

    func reads(_ text: String) -> Bool { count == text.utf8.count && holds(text, at: startIndex) }
    func begins(with text: String) -> Bool { holds(text, at: startIndex) }
    func ends(with text: String) -> Bool { holds(text, at: endIndex - text.utf8.count) }
    func place(of text: String) -> Int? {
        guard let first = text.unicodeScalars.first.map(Element.init) else { return nil }
        return indices.first { self[$0] == first && holds(text, at: $0) }
    }
    func contains(_ text: String) -> Bool { place(of: text) != nil }

    /// What stands after the last of some marks that is not at the end, without the marks at the end.
    func lastPart(after mark: Unicode.Scalar) -> ArraySlice? {
        guard let last = lastIndex(where: { $0 != Element(mark) }) else { return nil }
        let start = self[...last].lastIndex(of: Element(mark)).map { $0 + 1 } ?? startIndex
        return self[start...last]
    }
}
