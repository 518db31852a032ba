/// Reads the grammar of the Common Expression Language, bounded in depth.
struct Parser {
    let tokens: [Token]
    private var position = 0
    private var depth = 0

    /// Brackets, braces, parentheses and arguments inside one another.
    static let deepestNesting = 64
    /// Levels of the whole tree; chains of operators count too.
    static let deepestTree = 256

    static func parse(_ source: String) throws(ExpressionFault) -> Syntax {
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        if parser.current.form == .end { throw parser.fault("the expression is empty") }
        let syntax = try parser.expression()
        guard parser.current.form == .end else {
            throw parser.fault("\(parser.current.shown) cannot stand here; the expression was complete before it")
        }
        return syntax
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    /// The last token is always `.end`, and nothing moves past it.
    var current: Token { tokens[min(position, tokens.count - 1)] }

    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    func fault(_ message: String, at offset: Int? = nil) -> ExpressionFault {
        ExpressionFault(.parse, message, at: offset ?? current.offset)
    }

    mutating func skip(_ mark: Token.Mark) -> Bool {
        guard current.form == .mark(mark) else { return false }
        advance()
        return true
    }

    mutating func expect(_ mark: Token.Mark, _ purpose: String) throws(ExpressionFault) {
        guard skip(mark) else { throw fault("\(purpose) needs “\(mark.rawValue)” here, not \(current.shown)") }
    }

    /// Refuses what would recurse too deeply when evaluated.
    func bounded(_ syntax: Syntax) throws(ExpressionFault) -> Syntax {
        guard syntax.depth <= Self.deepestTree else {
            throw fault("the expression nests deeper than \(Self.deepestTree) levels", at: syntax.offset)
        }
        return syntax
    }

    mutating func expression() throws(ExpressionFault) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else {
            throw fault("the expression nests deeper than \(Self.deepestNesting) levels")
        }
        return try conditional()
    }

    /// Chains of `a ? b : c ? d : e` are read in a loop and folded from the right.
    private mutating func conditional() throws(ExpressionFault) -> Syntax {
        var branches: [(condition: Syntax, value: Syntax)] = []
        while true {
            let next = try disjunction()
            guard skip(.question) else { return try fold(branches, otherwise: next) }
            let value = try disjunction()
            try expect(.colon, "“?”")
            branches.append((next, value))
        }
    }

    private func fold(
        _ branches: [(condition: Syntax, value: Syntax)],
        otherwise: Syntax
    ) throws(ExpressionFault) -> Syntax {
        var result = otherwise
        for (condition, value) in branches.reversed() {
            let parts = [condition, value, result]
            result = try bounded(Syntax(.conditional(condition, value, result), at: condition.offset, over: parts))
        }
        return result
    }

    private mutating func disjunction() throws(ExpressionFault) -> Syntax {
        var terms = [try conjunction()]
        while skip(.or) { terms.append(try conjunction()) }
        guard terms.count > 1 else { return terms[0] }
        return try bounded(Syntax(.disjunction(terms), at: terms[0].offset, over: terms))
    }

    private mutating func conjunction() throws(ExpressionFault) -> Syntax {
        var terms = [try chain(above: 1)]
        while skip(.and) { terms.append(try chain(above: 1)) }
        guard terms.count > 1 else { return terms[0] }
        return try bounded(Syntax(.conjunction(terms), at: terms[0].offset, over: terms))
    }

    /// Left-associative operators of at least this rank.
    private mutating func chain(above rank: Int) throws(ExpressionFault) -> Syntax {
        var left = try unary()
        while let symbol = BinaryOperator(current.form), symbol.rank >= rank {
            let offset = current.offset
            advance()
            let right = symbol.rank == 3 ? try unary() : try chain(above: symbol.rank + 1)
            left = try bounded(Syntax(.binary(symbol, left, right), at: offset, over: [left, right]))
        }
        return left
    }

    private mutating func unary() throws(ExpressionFault) -> Syntax {
        var signs: [Token] = []
        while current.form == .mark(.not) || current.form == .mark(.minus) {
            signs.append(current)
            advance()
        }
        var operand: Syntax
        if signs.last?.form == .mark(.minus), let literal = negativeLiteral() {
            signs.removeLast()
            operand = try member(of: literal)
        } else {
            operand = try member(of: try primary())
        }
        for sign in signs.reversed() {
            let form: Syntax.Form = sign.form == .mark(.not) ? .not(operand) : .negate(operand)
            operand = try bounded(Syntax(form, at: sign.offset, over: [operand]))
        }
        return operand
    }

    /// A minus belongs to the number behind it, so that the least int can be written.
    private mutating func negativeLiteral() -> Syntax? {
        let value: CELValue
        switch current.form {
        case .integer(let magnitude) where magnitude <= UInt64(Int64.max) + 1:
            value = .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        case .double(let number): value = .double(-number)
        default: return nil
        }
        let offset = max(0, current.offset - 1)
        advance()
        return Syntax(.literal(value), at: offset)
    }
}
