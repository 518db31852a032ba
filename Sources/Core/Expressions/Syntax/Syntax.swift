/// An expression as it was written, with macros already recognised.
struct Syntax: Sendable {
    indirect enum Form: Sendable {
        case literal(CELValue)
        /// A free or bound name; absolute when a point stands before it.
        case name(String, isAbsolute: Bool)
        case select(Syntax, field: String, isOptional: Bool)
        /// `has(operand.field)`.
        case has(Syntax, field: String, isOptional: Bool)
        case index(Syntax, Syntax, isOptional: Bool)
        case call(function: String, target: Syntax?, arguments: [Syntax])
        case list([Element])
        case map([Entry])
        case not(Syntax)
        case negate(Syntax)
        case binary(BinaryOperator, Syntax, Syntax)
        /// A chain of `&&`.
        case conjunction([Syntax])
        /// A chain of `||`.
        case disjunction([Syntax])
        case conditional(Syntax, Syntax, Syntax)
        case fold(Fold)
        /// `cel.bind(name, value, body)`.
        case bind(String, Syntax, in: Syntax)
        /// `target.optMap(name, body)`; flat: `optFlatMap`.
        case optionalMap(Syntax, String, Syntax, isFlat: Bool)
    }

    struct Element: Sendable {
        var value: Syntax
        var isOptional: Bool
    }

    struct Entry: Sendable {
        var key: Syntax
        var value: Syntax
        var isOptional: Bool
    }

    /// A comprehension over a list or a map.
    struct Fold: Sendable {
        enum Kind: String, Sendable {
            case all
            case exists
            case existsOne
            case map
            case filter
            case transformList
            case transformMap
            case transformMapEntry
        }

        var kind: Kind
        var range: Syntax
        /// One name, or two: index or key, and value.
        var variables: [String]
        /// What is tested; for `map` and its kin the filter.
        var predicate: Syntax?
        /// What is collected.
        var transform: Syntax?
    }

    var form: Form
    var offset: Int
    /// Levels below and including this one, for the bound on recursion.
    var depth: Int

    init(_ form: Form, at offset: Int, over children: [Syntax] = []) {
        self.form = form
        self.offset = offset
        var deepest = 0
        for child in children { deepest = max(deepest, child.depth) }
        depth = deepest + 1
    }

    /// Names joined by points: `a.b.c`.
    struct DottedName: Sendable {
        var names: [String]
        /// Where each name stands.
        var offsets: [Int]
        var isAbsolute: Bool
    }

    /// `a.b.c` as its names; nil for everything that is not only names.
    var dottedName: DottedName? {
        var names: [String] = []
        var offsets: [Int] = []
        var current = self
        while true {
            offsets.append(current.offset)
            switch current.form {
            case .name(let name, let isAbsolute):
                names.append(name)
                return DottedName(names: names.reversed(), offsets: offsets.reversed(), isAbsolute: isAbsolute)
            case .select(let operand, let field, false):
                names.append(field)
                current = operand
            default: return nil
            }
        }
    }
}

/// Operators between two values; `&&`, `||` and `?:` stand apart because they may leave a side out.
enum BinaryOperator: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"

    /// How tightly the operator binds.
    var rank: Int {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained: 1
        case .add, .subtract: 2
        case .multiply, .divide, .remainder: 3
        }
    }

    init?(_ form: Token.Form) {
        switch form {
        case .name("in"): self = .contained
        case .mark(let mark): self.init(rawValue: mark.rawValue)
        case .integer, .unsigned, .double, .string, .bytes, .name, .quotedName, .end: return nil
        }
    }
}
