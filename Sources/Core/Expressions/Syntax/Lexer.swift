/// Cuts the text of an expression into tokens.
struct Lexer {
    let scalars: [Unicode.Scalar]
    var position = 0

    /// Unicode scalars that an expression may have.
    static let longestSource = 65_536

    static func tokens(of source: String) throws(ExpressionFault) -> [Token] {
        guard source.utf8.count <= longestSource * 4 else { throw tooLong }
        var lexer = Lexer(scalars: Array(source.unicodeScalars))
        guard lexer.scalars.count <= longestSource else { throw tooLong }
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.form == .end { return tokens }
        }
    }

    private static let tooLong = ExpressionFault(
        .parse,
        "the expression is longer than \(longestSource) characters",
        at: 0
    )

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// The scalar `distance` places on; NUL stands in for everything behind the end.
    func peek(_ distance: Int = 0) -> Unicode.Scalar {
        position + distance < scalars.count ? scalars[position + distance] : "\0"
    }

    var isAtEnd: Bool { position >= scalars.count }

    func fault(_ message: String, at offset: Int? = nil) -> ExpressionFault {
        ExpressionFault(.parse, message, at: offset ?? position)
    }

    private mutating func next() throws(ExpressionFault) -> Token {
        skipSpaceAndComments()
        let start = position
        guard !isAtEnd else { return Token(form: .end, offset: start) }
        let first = peek()
        if let literal = try quoted() { return Token(form: literal, offset: start) }
        if first.isNameStart { return Token(form: .name(name()), offset: start) }
        if first.isDigit || (first == "." && peek(1).isDigit) { return Token(form: try number(), offset: start) }
        if first == "`" { return Token(form: try quotedName(), offset: start) }
        return Token(form: .mark(try mark()), offset: start)
    }

    private mutating func skipSpaceAndComments() {
        while !isAtEnd {
            switch peek() {
            case " ", "\t", "\n", "\r", "\u{c}": position += 1
            case "/" where peek(1) == "/": while !isAtEnd, peek() != "\n" { position += 1 }
            default: return
            }
        }
    }

    private mutating func name() -> String {
        var text = String.UnicodeScalarView()
        while !isAtEnd, peek().isNamePart {
            text.append(peek())
            position += 1
        }
        return String(text)
    }

    private mutating func quotedName() throws(ExpressionFault) -> Token.Form {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while !isAtEnd, peek() != "`" {
            guard peek().isQuotedNamePart else {
                throw fault("“\(peek())” may not stand in a field name between backticks; use ['…']")
            }
            text.append(peek())
            position += 1
        }
        guard !isAtEnd, !text.isEmpty else { throw fault("the backtick is not closed around a name", at: start) }
        position += 1
        return .quotedName(String(text))
    }

    private mutating func mark() throws(ExpressionFault) -> Token.Mark {
        let first = String(peek())
        if let pair = Token.Mark(rawValue: first + String(peek(1))) {
            position += 2
            return pair
        }
        guard let single = Token.Mark(rawValue: first) else { throw fault(Self.advice(about: peek())) }
        position += 1
        return single
    }

    private static func advice(about scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "=": "“=” is no operator; to compare write “==”"
        case "&": "“&” is no operator; for “and” write “&&”"
        case "|": "“|” is no operator; for “or” write “||”"
        case "\u{201c}", "\u{201d}", "\u{2018}", "\u{2019}": "typographic quotes; strings need \" or '"
        case "$": "“$” has no meaning here; inside ${{ … }} and when: names stand alone"
        default: "the character “\(scalar)” has no meaning here"
        }
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }
    var isHexDigit: Bool { isDigit || ("a"..."f").contains(self) || ("A"..."F").contains(self) }
    var isNameStart: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
    var isNamePart: Bool { isNameStart || isDigit }
    fileprivate var isQuotedNamePart: Bool {
        isNamePart || self == "." || self == "-" || self == "/" || self == " "
    }
}
