extension PatternReader {
    private static let plain: [Unicode.Scalar: Unicode.Scalar] = [
        "a": "\u{7}", "f": "\u{c}", "t": "\t", "n": "\n", "r": "\r", "v": "\u{b}",
    ]

    /// An escape outside of a class.
    mutating func escape() throws(ExpressionFault) -> PatternTree {
        switch peek(1) {
        case "A": return place(.textStart)
        case "z": return place(.textEnd)
        case "b": return place(.wordBoundary)
        case "B": return place(.noWordBoundary)
        default: break
        }
        if let set = try escapedClass() { return .one(set) }
        return .one(literal(try escapedScalar()))
    }

    private mutating func place(_ assertion: PatternTree.Assertion) -> PatternTree {
        position += 2
        return .assertion(assertion)
    }

    /// `\d`, `\pL`, `\P{Lu}` and their kin; nil, and nothing read, for other escapes.
    mutating func escapedClass() throws(ExpressionFault) -> ScalarSet? {
        guard let letter = peek(1) else { throw fault("the pattern ends after a backslash") }
        var set: ScalarSet
        switch letter {
        case "d", "D": set = .digits
        case "w", "W": set = .words
        case "s", "S": set = .spaces
        case "p", "P": return try category(isNegated: letter == "P")
        default: return nil
        }
        position += 2
        set.isNegated = ("A"..."Z").contains(letter)
        set.foldsCase = flags.foldsCase
        return set
    }

    private mutating func category(isNegated: Bool) throws(ExpressionFault) -> ScalarSet {
        position += 2
        guard let first = peek() else { throw fault("the name of a Unicode class is missing") }
        position += 1
        var name = String(first)
        if first == "{" {
            name = ""
            while let next = peek(), next != "}" {
                name.unicodeScalars.append(next)
                position += 1
            }
            guard skip("}") else { throw fault("the name of a Unicode class is not closed") }
        }
        let isInverse = name.hasPrefix("^")
        if isInverse { name.removeFirst() }
        guard ScalarSet.categoryNames.contains(name) else {
            throw fault("there is no Unicode class “\(name)”; general categories such as L, Lu, Nd are known")
        }
        return ScalarSet(category: name, isNegated: isNegated != isInverse)
    }

    /// An escape that stands for one scalar.
    mutating func escapedScalar() throws(ExpressionFault) -> Unicode.Scalar {
        guard let letter = peek(1) else { throw fault("the pattern ends after a backslash") }
        if letter == "x" { return try hexadecimal() }
        if letter == "0" || (("1"..."7").contains(letter) && peek(2)?.isOctal == true && peek(3)?.isOctal == true) {
            return try octal()
        }
        if let plain = Self.plain[letter] {
            position += 2
            return plain
        }
        guard letter.isASCII, !letter.isNamePart || letter == "_" else {
            let what = letter.isDigit ? "back-references are not supported" : "“\\\(letter)” is no escape"
            throw fault(what)
        }
        position += 2
        return letter
    }

    private mutating func octal() throws(ExpressionFault) -> Unicode.Scalar {
        position += 1
        var value: UInt32 = 0
        for _ in 0..<3 {
            guard let next = peek(), next.isOctal else { break }
            value = value * 8 + (next.value - 0x30)
            position += 1
        }
        return Unicode.Scalar(value) ?? "\0"
    }

    private mutating func hexadecimal() throws(ExpressionFault) -> Unicode.Scalar {
        position += 2
        let isBraced = skip("{")
        var digits = ""
        while let next = peek(), next.isHexDigit, digits.utf8.count < (isBraced ? 8 : 2) {
            digits.unicodeScalars.append(next)
            position += 1
        }
        guard isBraced ? skip("}") : digits.utf8.count == 2, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw fault("“\\x” needs two hexadecimal digits, or a code point in braces") }
        return scalar
    }
}

// MARK: - Classes in brackets

extension PatternReader {
    mutating func scalarClass() throws(ExpressionFault) -> ScalarSet {
        position += 1
        var set = ScalarSet()
        set.foldsCase = flags.foldsCase
        set.isNegated = skip("^")
        var isFirst = true
        while true {
            guard let next = peek() else { throw fault("a class “[…]” is not closed") }
            if next == "]", !isFirst {
                position += 1
                return set
            }
            isFirst = false
            if next == "[", peek(1) == ":" {
                set.insert(try posixClass())
            } else if next == "\\", let escaped = try escapedClass() {
                set.insert(escaped)
            } else {
                set.insert(try range())
            }
        }
    }

    private mutating func range() throws(ExpressionFault) -> ClosedRange<UInt32> {
        let first = try classScalar()
        guard peek() == "-", let end = peek(1), end != "]" else { return first.value...first.value }
        position += 1
        let last = try classScalar()
        guard first <= last else { throw fault("the range \(first)-\(last) runs backwards") }
        return first.value...last.value
    }

    private mutating func classScalar() throws(ExpressionFault) -> Unicode.Scalar {
        guard let next = peek() else { throw fault("a class “[…]” is not closed") }
        if next == "\\" { return try escapedScalar() }
        position += 1
        return next
    }

    private mutating func posixClass() throws(ExpressionFault) -> ScalarSet {
        position += 2
        let isNegated = skip("^")
        var name = ""
        while let next = peek(), next.isNameStart {
            name.unicodeScalars.append(next)
            position += 1
        }
        guard skip(":"), skip("]"), var set = ScalarSet.posix[name] else {
            throw fault("there is no class “[:\(name):]”")
        }
        set.isNegated = isNegated
        set.foldsCase = flags.foldsCase
        return set
    }
}

extension Unicode.Scalar {
    fileprivate var isOctal: Bool { ("0"..."7").contains(self) }
}
