/// What a pattern in RE2's syntax says.
indirect enum PatternTree: Sendable {
    case empty
    case one(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternTree])
    case alternatives([PatternTree])
    /// At least `least` times and at most `most` times; nil is without bound.
    case repeated(PatternTree, least: Int, most: Int?)

    /// Places between two scalars.
    enum Assertion: Sendable {
        case textStart
        case textEnd
        case lineStart
        case lineEnd
        case wordBoundary
        case noWordBoundary

        func holds(after before: Unicode.Scalar?, before next: Unicode.Scalar?) -> Bool {
            switch self {
            case .textStart: before == nil
            case .textEnd: next == nil
            case .lineStart: before == nil || before == "\n"
            case .lineEnd: next == nil || next == "\n"
            case .wordBoundary: Self.isWord(before) != Self.isWord(next)
            case .noWordBoundary: Self.isWord(before) == Self.isWord(next)
            }
        }

        private static func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar?.isNamePart ?? false }
    }
}

/// Flags of `(?ims)`.
struct PatternFlags {
    var foldsCase = false
    var isMultiLine = false
    var dotMatchesNewline = false
}

/// Reads RE2's syntax; look-around and back-references are refused, they cannot run in linear time.
struct PatternReader {
    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = PatternFlags()
    private var depth = 0

    static let deepestNesting = 64
    static let longestPattern = 10_000
    static let mostRepetitions = 1_000

    static func read(_ pattern: String) throws(ExpressionFault) -> PatternTree {
        guard pattern.utf8.count <= longestPattern else {
            throw .evaluation("the pattern is longer than \(longestPattern) bytes")
        }
        var reader = PatternReader(scalars: Array(pattern.unicodeScalars))
        let tree = try reader.alternatives()
        guard reader.isAtEnd else { throw reader.fault("“)” closes no group") }
        return tree
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var isAtEnd: Bool { position >= scalars.count }

    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    func fault(_ message: String) -> ExpressionFault {
        .evaluation("bad pattern at its character \(position + 1): \(message)")
    }

    /// Everything up to the end or an unopened `)`.
    private mutating func alternatives() throws(ExpressionFault) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw fault("groups nest deeper than \(Self.deepestNesting) levels") }
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(ExpressionFault) -> PatternTree {
        var parts: [PatternTree] = []
        while let next = peek(), next != "|", next != ")" {
            if next == "\\", peek(1) == "Q" {
                parts += quotation()
                continue
            }
            let part = try atom()
            parts.append(try repeated(part))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// `\Q…\E`: everything between stands for itself.
    private mutating func quotation() -> [PatternTree] {
        position += 2
        var parts: [PatternTree] = []
        while let next = peek() {
            if next == "\\", peek(1) == "E" {
                position += 2
                return parts
            }
            parts.append(.one(literal(next)))
            position += 1
        }
        return parts
    }

    func literal(_ scalar: Unicode.Scalar) -> ScalarSet {
        var set = ScalarSet(scalar)
        set.foldsCase = flags.foldsCase
        return set
    }

    private mutating func atom() throws(ExpressionFault) -> PatternTree {
        guard let next = peek() else { throw fault("the pattern ends too early") }
        switch next {
        case "(": return try group()
        case "[": return .one(try scalarClass())
        case "\\": return try escape()
        case "*", "+", "?": throw fault("“\(next)” repeats nothing")
        default: position += 1
        }
        switch next {
        case ".":
            return .one(flags.dotMatchesNewline ? ScalarSet(isNegated: true) : ScalarSet([10...10], isNegated: true))
        case "^": return .assertion(flags.isMultiLine ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiLine ? .lineEnd : .textEnd)
        default: return .one(literal(next))
        }
    }

    private mutating func repeated(_ part: PatternTree) throws(ExpressionFault) -> PatternTree {
        guard let (least, most) = try bounds() else { return part }
        // Lazy or not makes no difference to whether there is a match.
        _ = skip("?")
        let mark = position
        guard try bounds() == nil else {
            position = mark
            throw fault("a repetition cannot be repeated; put it into a group")
        }
        return .repeated(part, least: least, most: most)
    }

    /// A repetition; nil, and nothing read, when there is none here.
    private mutating func bounds() throws(ExpressionFault) -> (least: Int, most: Int?)? {
        if skip("*") { return (0, nil) }
        if skip("+") { return (1, nil) }
        if skip("?") { return (0, 1) }
        let start = position
        guard skip("{"), let least = number() else {
            position = start
            return nil
        }
        var most: Int? = least
        if skip(",") { most = number() }
        guard skip("}") else {
            position = start
            return nil
        }
        guard least <= Self.mostRepetitions, (most ?? 0) <= Self.mostRepetitions, least <= most ?? least else {
            throw fault("a repetition counts to \(Self.mostRepetitions) at most, and upward")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let next = peek(), next.isDigit {
            value = min((value ?? 0) * 10 + Int(next.value - 0x30), Self.mostRepetitions + 1)
            position += 1
        }
        return value
    }

    private mutating func group() throws(ExpressionFault) -> PatternTree {
        position += 1
        let outer = flags
        if skip("?") {
            if skip("P") || peek() == "<" {
                try groupName()
            } else if try setFlags() {
                return .empty
            }
        }
        let inner = try alternatives()
        guard skip(")") else { throw fault("a group is not closed") }
        flags = outer
        return inner
    }

    private mutating func groupName() throws(ExpressionFault) {
        guard skip("<"), peek() != "=", peek() != "!" else {
            throw fault("look-behind is not supported: matching runs in linear time")
        }
        let start = position
        while let next = peek(), next.isNamePart { position += 1 }
        guard position > start, skip(">") else { throw fault("a group's name is letters, digits and _, closed by “>”") }
    }

    /// Reads flags.
    /// - Returns: whether they stand alone, `(?i)`, and hold for the rest of the surrounding group.
    private mutating func setFlags() throws(ExpressionFault) -> Bool {
        var value = true
        while let next = peek() {
            position += 1
            switch next {
            case "i": flags.foldsCase = value
            case "m": flags.isMultiLine = value
            case "s": flags.dotMatchesNewline = value
            case "U": break
            case "-" where value: value = false
            case ":": return false
            case ")": return true
            case "=", "!": throw fault("look-ahead is not supported: matching runs in linear time")
            default: throw fault("“(?\(next)” is not known")
            }
        }
        throw fault("a group is not closed")
    }
}
