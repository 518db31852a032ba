internal import Vocabulary

/// Texts cut to the lengths that ASFF allows, counted in Unicode code points.
enum FittedText {
    /// At most `limit` code points, cut between characters and then ended by “…”; control characters become U+FFFD.
    ///
    /// - Returns: nil when nothing but white space is left, which ASFF refuses.
    static func fit(_ text: String, _ limit: Int) -> String? {
        if isPlain(text) {
            return text.utf8.count <= limit
                ? text : text[..<text.utf8.index(text.startIndex, offsetBy: limit - 1)] + "…"
        }
        let clean = printable(text)
        let fitted = clean.unicodeScalars.count <= limit ? clean : cut(clean, limit)
        return fitted.isBlank ? nil : fitted
    }

    /// Whether each byte is a code point and a character, none of them to be replaced, and the first one to be seen.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8.span
        return bytes.count > 0 && bytes[0] != 0x20 && ByteScan.isPrintableASCII(bytes)
    }

    /// The beginning of a text that may be as long as a line: enough for every limit, little enough to look at closely.
    static func head(_ text: String) -> String {
        text.utf8.count <= 8_192 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(8_192)))
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        var kept = ""
        var count = 1
        for character in text {
            count += character.unicodeScalars.count
            if count > limit { break }
            kept.append(character)
        }
        // One character may be longer than the limit all by itself.
        if kept.isEmpty { kept = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) }
        return kept + "…"
    }

    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7f..<0xa0).contains(scalar.value)
    }
}

extension JSONText {
    /// Adds a text cut to a length; one that is missing or blank adds nothing.
    mutating func add(_ key: String, fitted text: String?, _ limit: Int) {
        if let text, let fitted = FittedText.fit(text, limit) { add(key, fitted) }
    }
}
