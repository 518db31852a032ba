/// Outside text as it may go to a terminal: in one line, with nothing in it that moves the cursor or turns the text round.
enum PlainText {
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHostile) else { return text }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { plain.append(isHostile(scalar) ? "\u{FFFD}" : scalar) }
        return String(plain)
    }

    /// Controls, marks of direction, invisible and line-breaking scalars.
    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xe0000...0xe007f: true
        default: false
        }
    }
}
