internal import Vocabulary

/// The source as Unicode scalars, to find where each character of a scalar's text stands.
struct SourceText: Sendable {
    /// Without the byte order mark, so that libyaml's indices fit.
    let scalars: [Unicode.Scalar]

    /// Nil for texts that are not UTF-8.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let all = Array(text.unicodeScalars)
        scalars = all.first == "\u{FEFF}" ? Array(all.dropFirst()) : all
    }

    /// The scalars of UTF-8 bytes, without the byte order mark.
    static func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        let all = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        return all.first == "\u{FEFF}" ? Array(all.dropFirst()) : all
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || isBreak(scalar) }

    /// Where the text of a scalar event stands; empty when it runs on one line from the event's own place.
    func pieces(of text: String, style: Event.ScalarStyle, from event: Event) -> [DocumentNode.Piece] {
        var walk = TextWalk(self, style: style, from: event)
        let pieces = walk.follow(text)
        let straight = DocumentNode.Piece(offset: 0, line: event.line + 1, column: event.column + 1)
        return pieces == [straight] ? [] : pieces
    }
}

/// Walks a scalar's unfolded text and its source side by side.
///
/// Characters other than white space meet exactly; white space that folding took away is skipped in the source.
private struct TextWalk {
    private let source: [Unicode.Scalar]
    private let style: Event.ScalarStyle
    private var position: Int
    private var line: Int
    private var column: Int

    init(_ text: SourceText, style: Event.ScalarStyle, from event: Event) {
        source = text.scalars
        self.style = style
        position = event.index
        line = event.line + 1
        column = event.column + 1
        skipProperties(isExpected: event.anchor != nil || event.tag != nil)
        switch style {
        case .plain: break
        case .singleQuoted, .doubleQuoted: step()
        case .block: skipHeader()
        }
    }

    mutating func follow(_ text: String) -> [DocumentNode.Piece] {
        var pieces: [DocumentNode.Piece] = []
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            guard reach(scalar) else { break }
            let runsOn = pieces.last.map { $0.line == line && $0.column + offset - $0.offset == column } ?? false
            if !runsOn { pieces.append(DocumentNode.Piece(offset: offset, line: line, column: column)) }
            pass(scalar)
        }
        return pieces
    }

    /// Skips what folding removed before a scalar of the text; false when the two do not meet.
    private mutating func reach(_ scalar: Unicode.Scalar) -> Bool {
        while position < source.count {
            let here = source[position]
            if here == scalar { return true }
            if style == .doubleQuoted, here == "\\" {
                guard position + 1 < source.count, SourceText.isBreak(source[position + 1]) else { return true }
                step()
                continue
            }
            if SourceText.isBreak(here), scalar == " " || SourceText.isBreak(scalar) { return true }
            guard SourceText.isBlank(here) else { return false }
            step()
        }
        return false
    }

    /// Moves over the source of one scalar of the text.
    private mutating func pass(_ scalar: Unicode.Scalar) {
        let here = source[position]
        step()
        if style == .singleQuoted, here == "'" {
            step()
        } else if style == .doubleQuoted, here == "\\" {
            let digits = ["x": 2, "u": 4, "U": 8][position < source.count ? source[position] : " "] ?? 0
            for _ in 0...digits { step() }
        }
    }

    private mutating func step() {
        guard position < source.count else { return }
        let here = source[position]
        position += 1
        let isSplit = here == "\r" && position < source.count && source[position] == "\n"
        if SourceText.isBreak(here), !isSplit {
            line += 1
            column = 1
        } else {
            column += 1
        }
    }

    /// Moves over `&anchor` and `!tag`, in either order.
    private mutating func skipProperties(isExpected: Bool) {
        guard isExpected else { return }
        while position < source.count, source[position] == "&" || source[position] == "!" {
            while position < source.count, !SourceText.isBlank(source[position]) { step() }
            while position < source.count, SourceText.isBlank(source[position]) { step() }
        }
    }

    private mutating func skipHeader() {
        while position < source.count, !SourceText.isBreak(source[position]) { step() }
        step()
    }
}
