/// Splits a text at its `${{ … }}`.
///
/// The end of an expression is the first `}}` outside quotes and outside the expression's own braces,
/// so that `${{ {"a": {"b": 1}} }}` is one expression.
struct TemplateScanner {
    enum Part: Equatable {
        case text(String)
        /// The source without the white space around it, and where it starts: Unicode scalars from the text's start.
        case expression(String, offset: Int)
        /// No `}}` follows this `${{`.
        case unclosed(offset: Int)
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var text = ""
    private var parts: [Part] = []

    static func parts(of text: String) -> [Part] {
        var scanner = TemplateScanner(text)
        scanner.scan()
        return scanner.parts
    }

    /// Whether a text has anything for this scanner to do.
    static func isTemplate(_ text: String) -> Bool { text.utf8.contains(0x24) && text.contains("${{") }

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private mutating func scan() {
        while position < scalars.count {
            if isNext("$${{") {
                text += "${{"
                position += 4
            } else if isNext("${{") {
                takeExpression()
            } else {
                text.unicodeScalars.append(scalars[position])
                position += 1
            }
        }
        endText()
    }

    private mutating func takeExpression() {
        endText()
        let opening = position
        position += 3
        guard let end = end(from: position) else {
            parts.append(.unclosed(offset: opening))
            position = scalars.count
            return
        }
        var start = position
        var last = end
        while start < last, scalars[start].properties.isWhitespace { start += 1 }
        while last > start, scalars[last - 1].properties.isWhitespace { last -= 1 }
        var source = ""
        source.unicodeScalars.append(contentsOf: scalars[start..<last])
        parts.append(.expression(source, offset: start))
        position = end + 2
    }

    private mutating func endText() {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
    }

    private func isNext(_ word: StaticString) -> Bool { isNext(word, at: position) }

    private func isNext(_ word: StaticString, at place: Int) -> Bool {
        var place = place
        for scalar in word.description.unicodeScalars {
            guard place < scalars.count, scalars[place] == scalar else { return false }
            place += 1
        }
        return true
    }

    private func end(from start: Int) -> Int? {
        var place = start
        var depth = 0
        while place < scalars.count {
            switch scalars[place] {
            case "\"", "'":
                place = endOfQuote(from: place)
                continue
            case "{": depth += 1
            case "}":
                if depth == 0 { return isNext("}}", at: place) ? place : firstEnd(from: place) }
                depth -= 1
            default: break
            }
            place += 1
        }
        // A quote or brace that never closes: the expression's own fault, told at its own place.
        return firstEnd(from: start)
    }

    private func firstEnd(from start: Int) -> Int? { (start..<scalars.count).first { isNext("}}", at: $0) } }

    /// After a string literal; its raw and triple-quoted forms end at a quote all the same.
    private func endOfQuote(from start: Int) -> Int {
        let quote = scalars[start]
        let isTriple = start + 2 < scalars.count && scalars[start + 1] == quote && scalars[start + 2] == quote
        let width = isTriple ? 3 : 1
        let isRaw = start > 0 && (scalars[start - 1] == "r" || scalars[start - 1] == "R")
        var place = start + width
        while place < scalars.count {
            if scalars[place] == "\\", !isRaw {
                place += 2
                continue
            }
            if scalars[place...].prefix(width).allSatisfy({ $0 == quote }), place + width <= scalars.count {
                return place + width
            }
            place += 1
        }
        return scalars.count
    }
}
