/// A type as far as it is known before anything runs.
package indirect enum ExpressionType: Sendable, Hashable {
    /// Known only when the expression runs; passes every check.
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case duration
    case timestamp
    case type
    case address
    case network
    case list(ExpressionType)
    case map(ExpressionType, ExpressionType)
    case optional(ExpressionType)
    /// Named members; open: others may be there too.
    case object([String: ExpressionType], isOpen: Bool)

    /// How a message names the type.
    package var name: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .duration: "duration"
        case .timestamp: "timestamp"
        case .type: "type"
        case .address: "IP address"
        case .network: "CIDR block"
        case .list(let element): element == .dyn ? "list" : "list of \(element.name)"
        case .map: "map"
        case .optional(let inner): inner == .dyn ? "optional" : "optional \(inner.name)"
        case .object: "object"
        }
    }

    var isNumber: Bool { self == .int || self == .uint || self == .double }

    /// What an optional holds; the type itself for everything else.
    var wrapped: ExpressionType { if case .optional(let inner) = self { inner } else { .dyn } }

    /// Whether a value of this type may stand where the other is wanted, as far as is known.
    package func fits(_ wanted: ExpressionType) -> Bool {
        switch (self, wanted) {
        case (.dyn, _), (_, .dyn), (.object, .object), (.object, .map), (.map, .object): true
        case (.list(let a), .list(let b)): a.fits(b)
        case (.map(let k, let v), .map(let l, let w)): k.fits(l) && v.fits(w)
        case (.optional(let a), .optional(let b)): a.fits(b)
        default: self == wanted
        }
    }

    /// The type of either of two values.
    func joined(with other: ExpressionType) -> ExpressionType { self == other ? self : .dyn }

    /// The type of a value that is known.
    init(of value: CELValue) {
        switch value {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .uint: self = .uint
        case .double: self = .double
        case .string: self = .string
        case .bytes: self = .bytes
        case .list: self = .list(.dyn)
        case .map: self = .map(.dyn, .dyn)
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .type: self = .type
        case .optional: self = .optional(.dyn)
        case .address: self = .address
        case .network: self = .network
        }
    }
}

/// The names that an expression may use, with their types.
package struct ExpressionSchema: Sendable, Hashable {
    package var variables: [String: ExpressionType]

    package init(variables: [String: ExpressionType]) { self.variables = variables }
}

/// What is known about an expression before it runs.
package struct ExpressionCheck: Sendable, Hashable {
    /// Every problem found, in the order of the source.
    package var faults: [ExpressionFault]
    /// The type of the result.
    package var type: ExpressionType
}

extension CompiledExpression {
    /// Judges names, fields, types, functions and literal patterns; finds all faults in one pass.
    ///
    /// The result must be of the type `wanted`; `dyn` takes any.
    package func check(_ schema: ExpressionSchema, expecting wanted: ExpressionType = .dyn) -> ExpressionCheck {
        var checker = Checker(schema: schema)
        let type = checker.infer(syntax)
        var faults = checker.faults
        if faults.isEmpty, !type.fits(wanted) {
            let message = "the expression must give \(wanted.name), but it gives \(type.name)"
            faults.append(ExpressionFault(.check, message, at: syntax.offset))
        }
        faults.sort { $0.offset < $1.offset }
        return ExpressionCheck(faults: faults, type: type)
    }
}
