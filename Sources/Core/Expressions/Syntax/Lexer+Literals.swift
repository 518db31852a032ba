// MARK: - Numbers

extension Lexer {
    mutating func number() throws(ExpressionFault) -> Token.Form {
        let start = position
        if peek() == "0", peek(1) == "x" || peek(1) == "X" {
            position += 2
            return try integer(from: start, digits: take { $0.isHexDigit }, radix: 16)
        }
        var text = take { $0.isDigit }
        var isWhole = true
        if peek() == ".", peek(1).isDigit {
            position += 1
            text += "." + take { $0.isDigit }
            isWhole = false
        }
        if let exponent = exponent() {
            text += exponent
            isWhole = false
        }
        guard !isWhole else { return try integer(from: start, digits: text, radix: 10) }
        let padded = text.hasPrefix(".") ? "0" + text : text
        guard !isRunOn, let value = Double(padded), value.isFinite else {
            throw fault("“\(text)” is no number", at: start)
        }
        return .double(value)
    }

    private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while !isAtEnd, isPart(peek()) {
            text.append(peek())
            position += 1
        }
        return String(text)
    }

    private mutating func exponent() -> String? {
        guard peek() == "e" || peek() == "E" else { return nil }
        let hasSign = peek(1) == "+" || peek(1) == "-"
        guard peek(hasSign ? 2 : 1).isDigit else { return nil }
        let sign = peek(1) == "-" ? "-" : ""
        position += hasSign ? 2 : 1
        return "e" + sign + take { $0.isDigit }
    }

    /// Whether a name follows the number without a space: `1abc`.
    private var isRunOn: Bool { peek().isNamePart }

    private mutating func integer(from start: Int, digits: String, radix: Int) throws(ExpressionFault) -> Token.Form {
        let isUnsigned = peek() == "u" || peek() == "U"
        if isUnsigned { position += 1 }
        guard !digits.isEmpty, !isRunOn else { throw fault("this is no number", at: start) }
        guard let value = UInt64(digits, radix: radix) else {
            throw fault("“\(digits)” does not fit into 64 bits", at: start)
        }
        return isUnsigned ? .unsigned(value) : .integer(value)
    }
}

// MARK: - Strings and bytes

extension Lexer {
    /// How a quoted literal is written.
    private struct Quoting {
        var isRaw = false
        var isBytes = false
        var quote: Unicode.Scalar = "'"
        var isTriple = false
        var start = 0
    }

    /// A string or bytes literal; nil when none begins here.
    mutating func quoted() throws(ExpressionFault) -> Token.Form? {
        var quoting = Quoting(start: position)
        var width = 0
        if peek() == "b" || peek() == "B" {
            quoting.isBytes = true
            width += 1
        }
        if peek(width) == "r" || peek(width) == "R" {
            quoting.isRaw = true
            width += 1
        }
        quoting.quote = peek(width)
        guard quoting.quote == "'" || quoting.quote == "\"" else { return nil }
        quoting.isTriple = peek(width + 1) == quoting.quote && peek(width + 2) == quoting.quote
        position += width + (quoting.isTriple ? 3 : 1)
        return try body(quoting)
    }

    private mutating func body(_ quoting: Quoting) throws(ExpressionFault) -> Token.Form {
        var text = String.UnicodeScalarView()
        var bytes: [UInt8] = []
        while !closes(quoting) {
            guard !isAtEnd, quoting.isTriple || (peek() != "\n" && peek() != "\r") else {
                throw fault("the quote that opens here is never closed", at: quoting.start)
            }
            if peek() == "\\", !quoting.isRaw {
                let (value, isByte) = try escape(quoting)
                if quoting.isBytes, isByte {
                    bytes.append(UInt8(truncatingIfNeeded: value))
                } else {
                    text.append(try scalar(value))
                }
            } else {
                text.append(peek())
                position += 1
            }
            if quoting.isBytes {
                bytes += Array(String(text).utf8)
                text.removeAll(keepingCapacity: true)
            }
        }
        return quoting.isBytes ? .bytes(bytes) : .string(String(text))
    }

    private mutating func closes(_ quoting: Quoting) -> Bool {
        guard !isAtEnd, peek() == quoting.quote else { return false }
        guard quoting.isTriple else {
            position += 1
            return true
        }
        guard peek(1) == quoting.quote, peek(2) == quoting.quote else { return false }
        position += 3
        return true
    }

    private func scalar(_ value: UInt32) throws(ExpressionFault) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else {
            throw fault("the escape names no character: surrogates and numbers above 10FFFF are none")
        }
        return scalar
    }

    private static let plainEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}", "\\": "\\", "?": "?",
        "\"": "\"", "'": "'", "`": "`",
    ]

    /// The number behind a backslash, and whether it stands for one byte in a bytes literal.
    private mutating func escape(_ quoting: Quoting) throws(ExpressionFault) -> (value: UInt32, isByte: Bool) {
        let letter = peek(1)
        if let plain = Self.plainEscapes[letter] {
            position += 2
            return (plain.value, false)
        }
        switch letter {
        case "x", "X": return (try escapedNumber(skipping: 2, digits: 2, radix: 16), true)
        case "u" where !quoting.isBytes: return (try escapedNumber(skipping: 2, digits: 4, radix: 16), false)
        case "U" where !quoting.isBytes: return (try escapedNumber(skipping: 2, digits: 8, radix: 16), false)
        case "0"..."3": return (try escapedNumber(skipping: 1, digits: 3, radix: 8), true)
        default:
            throw fault("“\\\(letter)” is no escape; for a backslash write “\\\\” or put r before the quote")
        }
    }

    private mutating func escapedNumber(
        skipping prefix: Int,
        digits: Int,
        radix: Int
    ) throws(ExpressionFault) -> UInt32 {
        var text = String.UnicodeScalarView()
        for place in 0..<digits { text.append(peek(prefix + place)) }
        guard text.allSatisfy({ $0.isHexDigit }), let value = UInt32(String(text), radix: radix) else {
            throw fault("the escape needs \(digits) \(radix == 8 ? "octal" : "hexadecimal") digits")
        }
        position += prefix + digits
        return value
    }
}
