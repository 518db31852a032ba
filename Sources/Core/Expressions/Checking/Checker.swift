/// Infers types from the leaves up and notes what cannot work.
struct Checker {
    private let schema: ExpressionSchema
    private var bound: [(name: String, type: ExpressionType)] = []
    private(set) var faults: [ExpressionFault] = []

    init(schema: ExpressionSchema) { self.schema = schema }

    mutating func report(_ message: String, at offset: Int) -> ExpressionType {
        faults.append(ExpressionFault(.check, message, at: offset))
        return .dyn
    }

    func isBound(_ name: String) -> Bool { bound.contains { $0.name == name } }

    mutating func infer(_ syntax: Syntax) -> ExpressionType {
        let offset = syntax.offset
        switch syntax.form {
        case .literal(let value): return ExpressionType(of: value)
        case .name, .select: return inferPath(syntax)
        case .has(let operand, let field, _):
            _ = member(field, of: infer(operand), at: offset)
            return .bool
        case .index(let operand, let key, let isOptional): return inferIndex(operand, key, isOptional, at: offset)
        case .call(let function, let target, let arguments): return inferCall(function, target, arguments, at: offset)
        case .list(let elements): return inferList(elements)
        case .map(let entries): return inferMap(entries, at: offset)
        case .not(let operand):
            need(.bool, "“!” negates", operand)
            return .bool
        case .negate(let operand):
            let type = infer(operand)
            guard type.fits(.int) || type.fits(.double) else {
                return report("“-” takes an int or a double, not \(type.name)", at: offset)
            }
            return type
        case .binary(let symbol, let left, let right):
            return infer(symbol, left, right, at: offset)
        case .conjunction(let terms), .disjunction(let terms):
            for term in terms { need(.bool, "“&&” and “||” join", term) }
            return .bool
        case .conditional(let condition, let value, let otherwise):
            need(.bool, "“?” decides on", condition)
            return infer(value).joined(with: infer(otherwise))
        case .fold(let fold): return infer(fold, at: offset)
        case .bind(let name, let value, let body):
            return within([(name, infer(value))]) { $0.infer(body) }
        case .optionalMap(let target, let name, let body, let isFlat):
            return inferOptionalMap(target, name, body, isFlat, at: offset)
        }
    }

    private mutating func need(_ wanted: ExpressionType, _ what: String, _ operand: Syntax) {
        let type = infer(operand)
        if !type.fits(wanted) { _ = report("\(what) \(wanted.name), not \(type.name)", at: operand.offset) }
    }

    private mutating func within(
        _ names: [(String, ExpressionType)],
        _ body: (inout Checker) -> ExpressionType
    ) -> ExpressionType {
        for (name, type) in names { bound.append((name, type)) }
        defer { bound.removeLast(names.count) }
        return body(&self)
    }

    private mutating func inferOptionalMap(
        _ target: Syntax,
        _ name: String,
        _ body: Syntax,
        _ isFlat: Bool,
        at offset: Int
    ) -> ExpressionType {
        let type = infer(target)
        guard type.fits(.optional(.dyn)) else {
            return report("optMap works on an optional, not on \(type.name)", at: offset)
        }
        let result = within([(name, type.wrapped)]) { $0.infer(body) }
        return isFlat ? result : .optional(result)
    }

    private mutating func inferList(_ elements: [Syntax.Element]) -> ExpressionType {
        var type: ExpressionType?
        for element in elements {
            let next = infer(element.value)
            let own = element.isOptional ? next.wrapped : next
            type = type?.joined(with: own) ?? own
        }
        return .list(type ?? .dyn)
    }

    private mutating func inferMap(_ entries: [Syntax.Entry], at offset: Int) -> ExpressionType {
        var keys: ExpressionType?
        var values: ExpressionType?
        for entry in entries {
            let key = infer(entry.key)
            switch key {
            case .dyn, .bool, .int, .uint, .string: break
            default: _ = report("a key is bool, int, uint or string, not \(key.name)", at: entry.key.offset)
            }
            let next = infer(entry.value)
            let value = entry.isOptional ? next.wrapped : next
            keys = keys?.joined(with: key) ?? key
            values = values?.joined(with: value) ?? value
        }
        return .map(keys ?? .dyn, values ?? .dyn)
    }

    private mutating func infer(_ fold: Syntax.Fold, at offset: Int) -> ExpressionType {
        let range = infer(fold.range)
        let isPair = fold.variables.count == 2
        let types: [ExpressionType]
        switch range {
        case .list(let element): types = isPair ? [.int, element] : [element]
        case .map(let key, let value): types = isPair ? [key, value] : [key]
        case .object: types = isPair ? [.string, .dyn] : [.string]
        case .dyn: types = isPair ? [.dyn, .dyn] : [.dyn]
        default: return report("only lists and maps can be walked through, not \(range.name)", at: offset)
        }
        return within(Array(zip(fold.variables, types))) { checker in
            if let predicate = fold.predicate { checker.need(.bool, "\(fold.kind.rawValue) tests with", predicate) }
            let transform = fold.transform.map { checker.infer($0) } ?? .dyn
            switch fold.kind {
            case .all, .exists, .existsOne: return .bool
            case .map, .transformList: return .list(transform)
            case .filter: return .list(types[0])
            case .transformMap: return .map(types[0], transform)
            case .transformMapEntry: return transform
            }
        }
    }
}

// MARK: - Names and members

extension Checker {
    private mutating func inferPath(_ syntax: Syntax) -> ExpressionType {
        if let name = syntax.dottedName, name.isAbsolute || !isBound(name.names[0]) { return inferGlobal(name) }
        switch syntax.form {
        case .name(let name, _): return bound.last { $0.name == name }?.type ?? .dyn
        case .select(let operand, let field, let isOptional):
            let type = member(field, of: infer(operand), at: syntax.offset)
            return isOptional ? .optional(type.isOptional ? type.wrapped : type) : type
        default: return .dyn
        }
    }

    /// The longest declared name wins; what is left are members.
    private mutating func inferGlobal(_ dotted: Syntax.DottedName) -> ExpressionType {
        let names = dotted.names
        for count in stride(from: names.count, through: 1, by: -1) {
            let name = names[..<count].joined(separator: ".")
            guard var type = schema.variables[name] ?? (CELType.named[name] == nil ? nil : .type) else { continue }
            for place in count..<names.count { type = member(names[place], of: type, at: dotted.offsets[place]) }
            return type
        }
        let hint = NearestName.suggestion(for: names[0], among: schema.variables.keys)
        return report("no variable is called “\(names[0])”\(hint)", at: dotted.offsets[0])
    }

    private mutating func member(_ field: String, of type: ExpressionType, at offset: Int) -> ExpressionType {
        switch type {
        case .dyn: return .dyn
        case .map(let key, let value):
            guard ExpressionType.string.fits(key) else {
                return report("“.\(field)” needs keys that are strings, but they are \(key.name)", at: offset)
            }
            return value
        case .object(let members, let isOpen):
            if let type = members[field] { return type }
            guard !isOpen else { return .dyn }
            let hint = NearestName.suggestion(for: field, among: members.keys)
            let known = members.keys.sorted().prefix(12).joined(separator: ", ")
            return report("there is no member “\(field)”\(hint.isEmpty ? "; there are: \(known)" : hint)", at: offset)
        case .optional(let inner): return .optional(member(field, of: inner, at: offset))
        default: return report("“.\(field)” cannot be selected from \(type.name)", at: offset)
        }
    }

    private mutating func inferIndex(
        _ operand: Syntax,
        _ key: Syntax,
        _ isOptional: Bool,
        at offset: Int
    ) -> ExpressionType {
        let container = infer(operand)
        let element = self.element(of: container, by: infer(key), key, at: offset)
        return isOptional ? .optional(element.isOptional ? element.wrapped : element) : element
    }

    private mutating func element(
        of container: ExpressionType,
        by key: ExpressionType,
        _ syntax: Syntax,
        at offset: Int
    ) -> ExpressionType {
        switch container {
        case .dyn: return .dyn
        case .list(let element):
            guard key == .dyn || key.isNumber else {
                return report("a list is indexed by an int, not by \(key.name)", at: syntax.offset)
            }
            return element
        case .map(let wanted, let value):
            guard key.fits(wanted) || (key.isNumber && wanted.isNumber) else {
                return report("the keys are \(wanted.name), not \(key.name)", at: syntax.offset)
            }
            return value
        case .object:
            if case .literal(.string(let field)) = syntax.form {
                return member(field, of: container, at: syntax.offset)
            }
            guard key.fits(.string) else { return report("the keys are string, not \(key.name)", at: syntax.offset) }
            return .dyn
        case .optional(let inner): return .optional(element(of: inner, by: key, syntax, at: offset))
        default: return report("\(container.name) has no elements to index", at: offset)
        }
    }
}

extension ExpressionType {
    fileprivate var isOptional: Bool { if case .optional = self { true } else { false } }
}
