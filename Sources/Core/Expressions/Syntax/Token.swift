/// A word of an expression.
struct Token {
    enum Form: Equatable {
        /// The magnitude of an int; a minus before it is the parser's to take.
        case integer(UInt64)
        case unsigned(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case name(String)
        /// A field name between backticks.
        case quotedName(String)
        case mark(Mark)
        case end
    }

    /// Punctuation and operators.
    enum Mark: String {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case slash = "/"
        case percent = "%"
        case not = "!"
        case question = "?"
        case colon = ":"
        case dot = "."
        case comma = ","
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
    }

    var form: Form
    var offset: Int

    /// How a message names the token.
    var shown: String {
        switch form {
        case .integer(let number): "“\(number)”"
        case .unsigned(let number): "“\(number)u”"
        case .double(let number): "“\(number)”"
        case .string: "a string"
        case .bytes: "bytes"
        case .name(let name): "“\(name)”"
        case .quotedName(let name): "“`\(name)`”"
        case .mark(let mark): "“\(mark.rawValue)”"
        case .end: "the end of the expression"
        }
    }
}
