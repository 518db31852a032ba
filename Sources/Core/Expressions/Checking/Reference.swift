/// A free name of an expression with the fields that are selected from it.
package struct Reference: Sendable, Hashable {
    /// The name and the longest chain of fields: `["subject", "pod", "uid"]`.
    package var path: [String]
    /// Unicode scalars from the start of the source to the name.
    package var offset: Int

    static func all(in syntax: Syntax) -> [Reference] {
        var collector = ReferenceCollector()
        collector.visit(syntax)
        return collector.references.sorted { $0.offset < $1.offset }
    }
}

/// Walks an expression and notes the names that nothing inside it binds.
private struct ReferenceCollector {
    var references: [Reference] = []
    private var bound: [String] = []

    init() {}

    mutating func visit(_ syntax: Syntax) {
        switch syntax.form {
        case .literal: break
        case .name, .select: visitPath(syntax)
        case .has(let operand, let field, _):
            visitPath(Syntax(.select(operand, field: field, isOptional: false), at: syntax.offset))
        case .index(let operand, let key, _): visit([operand, key])
        case .call(let function, let target, let arguments):
            if let target, !isNamespace(target, of: function) { visit(target) }
            visit(arguments)
        case .list(let elements): for element in elements { visit(element.value) }
        case .map(let entries): for entry in entries { visit([entry.key, entry.value]) }
        case .not(let operand), .negate(let operand): visit(operand)
        case .binary(_, let left, let right): visit([left, right])
        case .conjunction(let terms), .disjunction(let terms): visit(terms)
        case .conditional(let condition, let value, let otherwise): visit([condition, value, otherwise])
        case .fold(let fold):
            visit(fold.range)
            binding(fold.variables, visit: [fold.predicate, fold.transform])
        case .bind(let name, let value, let body):
            visit(value)
            binding([name], visit: [body])
        case .optionalMap(let target, let name, let body, _):
            visit(target)
            binding([name], visit: [body])
        }
    }

    private mutating func visit(_ many: [Syntax]) { for syntax in many { visit(syntax) } }

    private mutating func binding(_ names: [String], visit bodies: [Syntax?]) {
        bound += names
        for body in bodies { if let body { visit(body) } }
        bound.removeLast(names.count)
    }

    private func isNamespace(_ target: Syntax, of function: String) -> Bool {
        guard let space = target.dottedName, space.isAbsolute || !bound.contains(space.names[0]) else { return false }
        return FunctionLibrary.globals[(space.names + [function]).joined(separator: ".")] != nil
    }

    /// A chain of fields, ordinary or optional, down to the name it starts from.
    private mutating func visitPath(_ syntax: Syntax) {
        var fields: [String] = []
        var current = syntax
        while case .select(let operand, let field, _) = current.form {
            fields.append(field)
            current = operand
        }
        guard case .name(let name, let isAbsolute) = current.form else {
            visit(current)
            return
        }
        let path = [name] + fields.reversed()
        let isType = CELType.named[name] != nil || CELType.named[path.joined(separator: ".")] != nil
        guard isAbsolute || !bound.contains(name), !isType else { return }
        references.append(Reference(path: path, offset: current.offset))
    }
}
