extension Parser {
    /// Words that name nothing, kept for programs that embed CEL.
    static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    private static let constants: [String: CELValue] = ["true": .bool(true), "false": .bool(false), "null": .null]

    mutating func primary() throws(ExpressionFault) -> Syntax {
        let token = current
        switch token.form {
        case .integer(let magnitude):
            guard let number = Int64(exactly: magnitude) else {
                throw fault("“\(magnitude)” does not fit into an int; for an unsigned number write \(magnitude)u")
            }
            return literal(.int(number))
        case .unsigned(let number): return literal(.uint(number))
        case .double(let number): return literal(.double(number))
        case .string(let text): return literal(.string(text))
        case .bytes(let bytes): return literal(.bytes(bytes))
        case .name(let name): return try named(name, isAbsolute: false)
        case .mark(.dot):
            advance()
            guard case .name(let name) = current.form else { throw fault("a name must follow the leading point") }
            return try named(name, isAbsolute: true)
        case .mark(.openParenthesis):
            advance()
            let inner = try expression()
            try expect(.closeParenthesis, "the open parenthesis")
            return inner
        case .mark(.openBracket): return try list()
        case .mark(.openBrace): return try map()
        case .quotedName: throw fault("a name between backticks may only follow a point")
        case .mark, .end: throw fault("a value is missing before \(token.shown)")
        }
    }

    private mutating func literal(_ value: CELValue) -> Syntax {
        defer { advance() }
        return Syntax(.literal(value), at: current.offset)
    }

    private mutating func named(_ name: String, isAbsolute: Bool) throws(ExpressionFault) -> Syntax {
        let offset = current.offset
        if let constant = Self.constants[name], !isAbsolute { return literal(constant) }
        guard !Self.reservedWords.contains(name), name != "in", Self.constants[name] == nil else {
            throw fault("“\(name)” is a reserved word and cannot name a variable")
        }
        advance()
        guard skip(.openParenthesis) else { return Syntax(.name(name, isAbsolute: isAbsolute), at: offset) }
        let arguments = try arguments()
        return try bounded(try call(isAbsolute ? "." + name : name, on: nil, arguments, at: offset))
    }

    /// Everything up to the closing parenthesis.
    private mutating func arguments() throws(ExpressionFault) -> [Syntax] {
        guard !skip(.closeParenthesis) else { return [] }
        var arguments: [Syntax] = []
        repeat { arguments.append(try expression()) } while skip(.comma)
        try expect(.closeParenthesis, "the call")
        return arguments
    }

    /// Selections, indices and calls that follow a value.
    mutating func member(of start: Syntax) throws(ExpressionFault) -> Syntax {
        var operand = start
        while true {
            let offset = current.offset
            if skip(.dot) {
                operand = try bounded(try selection(from: operand, at: offset))
            } else if skip(.openBracket) {
                let isOptional = skip(.question)
                let key = try expression()
                try expect(.closeBracket, "the index")
                let form = Syntax.Form.index(operand, key, isOptional: isOptional)
                operand = try bounded(Syntax(form, at: offset, over: [operand, key]))
            } else if current.form == .mark(.openBrace), operand.dottedName != nil {
                throw fault("messages such as Name{…} are not supported; write a map: {'field': value}")
            } else {
                return operand
            }
        }
    }

    private mutating func selection(from operand: Syntax, at offset: Int) throws(ExpressionFault) -> Syntax {
        let isOptional = skip(.question)
        let field: String
        let fieldOffset = current.offset
        switch current.form {
        case .name(let name) where name != "in" && Self.constants[name] == nil: field = name
        case .quotedName(let name): field = name
        default: throw fault("a field name must follow the point, not \(current.shown)")
        }
        let isQuoted = current.form == .quotedName(field)
        advance()
        if !isOptional, !isQuoted, skip(.openParenthesis) {
            return try call(field, on: operand, try arguments(), at: fieldOffset)
        }
        return Syntax(.select(operand, field: field, isOptional: isOptional), at: fieldOffset, over: [operand])
    }

    private mutating func list() throws(ExpressionFault) -> Syntax {
        let offset = current.offset
        advance()
        var elements: [Syntax.Element] = []
        while !skip(.closeBracket) {
            if elements.isEmpty, skip(.comma) {
                try expect(.closeBracket, "the list")
                break
            }
            let isOptional = skip(.question)
            elements.append(Syntax.Element(value: try expression(), isOptional: isOptional))
            if skip(.comma) { continue }
            try expect(.closeBracket, "the list")
            break
        }
        return try bounded(Syntax(.list(elements), at: offset, over: elements.map(\.value)))
    }

    private mutating func map() throws(ExpressionFault) -> Syntax {
        let offset = current.offset
        advance()
        var entries: [Syntax.Entry] = []
        while !skip(.closeBrace) {
            if entries.isEmpty, skip(.comma) {
                try expect(.closeBrace, "the map")
                break
            }
            let isOptional = skip(.question)
            let key = try expression()
            try expect(.colon, "the key of the map")
            entries.append(Syntax.Entry(key: key, value: try expression(), isOptional: isOptional))
            if skip(.comma) { continue }
            try expect(.closeBrace, "the map")
            break
        }
        return try bounded(Syntax(.map(entries), at: offset, over: entries.map(\.key) + entries.map(\.value)))
    }
}
