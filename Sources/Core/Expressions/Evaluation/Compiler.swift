/// Turns what was written into nodes that run: names become slots, literal patterns become programs.
struct Compiler {
    /// Namespaces to look in, each with its final point, innermost first; the last one is empty.
    private let prefixes: [String]
    private var scope: [(name: String, slot: Int)] = []
    private(set) var slots = 0

    init(container: String) {
        var prefixes: [String] = []
        var names = container.split(separator: ".").map { String($0) }
        while !names.isEmpty {
            prefixes.append(names.joined(separator: ".") + ".")
            names.removeLast()
        }
        self.prefixes = prefixes + [""]
    }

    mutating func node(_ syntax: Syntax) -> any Node {
        let offset = syntax.offset
        switch syntax.form {
        case .literal(let value): return ConstantNode(value: value)
        case .name, .select: return path(syntax)
        case .has(let operand, let field, _):
            return PresenceNode(operand: node(operand), field: field, offset: offset)
        case .index(let operand, let key, let isOptional):
            return IndexNode(operand: node(operand), key: node(key), isOptional: isOptional, offset: offset)
        case .call(let function, let target, let arguments):
            return call(function, target, arguments, at: offset)
        case .list(let elements): return list(elements, at: offset)
        case .map(let entries): return map(entries, at: offset)
        case .not(let operand): return NotNode(operand: node(operand), offset: offset)
        case .negate(let operand): return NegateNode(operand: node(operand), offset: offset)
        case .binary(let symbol, let left, let right):
            return BinaryNode(symbol: symbol, left: node(left), right: node(right), offset: offset)
        case .conjunction(let terms): return ChainNode(terms: nodes(terms), decides: false, offset: offset)
        case .disjunction(let terms): return ChainNode(terms: nodes(terms), decides: true, offset: offset)
        case .conditional(let condition, let value, let otherwise):
            return ConditionalNode(
                condition: node(condition),
                value: node(value),
                otherwise: node(otherwise),
                offset: offset
            )
        case .fold(let fold): return self.fold(fold, at: offset)
        case .bind(let name, let value, let body):
            let value = node(value)
            let (slots, body) = within([name]) { $0.node(body) }
            return BindNode(slot: slots[0], value: value, body: body)
        case .optionalMap(let target, let name, let body, let isFlat):
            let target = node(target)
            let (slots, body) = within([name]) { $0.node(body) }
            return OptionalMapNode(target: target, slot: slots[0], body: body, isFlat: isFlat, offset: offset)
        }
    }

    private mutating func nodes(_ many: [Syntax]) -> [any Node] {
        var nodes: [any Node] = []
        for syntax in many { nodes.append(node(syntax)) }
        return nodes
    }

    private mutating func list(_ elements: [Syntax.Element], at offset: Int) -> any Node {
        var list: [(value: any Node, isOptional: Bool)] = []
        for element in elements { list.append((node(element.value), element.isOptional)) }
        return ListNode(elements: list, offset: offset)
    }

    private mutating func map(_ entries: [Syntax.Entry], at offset: Int) -> any Node {
        var map: [(key: any Node, value: any Node, isOptional: Bool)] = []
        for entry in entries { map.append((node(entry.key), node(entry.value), entry.isOptional)) }
        return MapNode(entries: map, offset: offset)
    }
}

// MARK: - Names

extension Compiler {
    private func slot(of name: String) -> Int? { scope.last { $0.name == name }?.slot }

    /// Runs with names bound to new slots.
    private mutating func within<Result>(
        _ names: [String],
        _ body: (inout Compiler) -> Result
    ) -> (slots: [Int], result: Result) {
        var fresh: [Int] = []
        for name in names {
            scope.append((name, slots))
            fresh.append(slots)
            slots += 1
        }
        let result = body(&self)
        scope.removeLast(names.count)
        return (fresh, result)
    }

    private mutating func path(_ syntax: Syntax) -> any Node {
        if let name = syntax.dottedName, name.isAbsolute || slot(of: name.names[0]) == nil {
            return GlobalNode(name: name, prefixes: name.isAbsolute ? [""] : prefixes)
        }
        switch syntax.form {
        case .name(let name, _): return LocalNode(slot: slot(of: name) ?? 0)
        case .select(let operand, let field, let isOptional):
            return SelectNode(operand: node(operand), field: field, isOptional: isOptional, offset: syntax.offset)
        default: return node(syntax)
        }
    }

    private mutating func fold(_ fold: Syntax.Fold, at offset: Int) -> any Node {
        let range = node(fold.range)
        let (slots, parts) = within(fold.variables) { compiler in
            let predicate = fold.predicate.map { compiler.node($0) }
            let transform = fold.transform.map { compiler.node($0) }
            return (predicate, transform)
        }
        return FoldNode(
            kind: fold.kind,
            range: range,
            slots: slots,
            predicate: parts.0,
            transform: parts.1,
            offset: offset
        )
    }
}

// MARK: - Calls

extension Compiler {
    private mutating func call(
        _ name: String,
        _ target: Syntax?,
        _ arguments: [Syntax],
        at offset: Int
    ) -> any Node {
        if let function = global(name, target) { return call(function, arguments, at: offset) }
        guard let target else {
            return FaultNode(fault: .evaluation("no function is called “\(name)”", at: offset))
        }
        if arguments.count == 1, name == "or" || name == "orValue" {
            return OptionalElseNode(
                target: node(target),
                otherwise: node(arguments[0]),
                unwraps: name == "orValue",
                offset: offset
            )
        }
        guard let function = FunctionLibrary.members[name] else {
            return FaultNode(fault: .evaluation("no function is called “\(name)”", at: offset))
        }
        return call(function, [target] + arguments, at: offset)
    }

    /// The function of a plain or dotted name, seen from the container.
    private func global(_ name: String, _ target: Syntax?) -> Function? {
        guard let target else {
            return Self.global(name, isAbsolute: name.hasPrefix("."), prefixes)
        }
        guard let space = target.dottedName, space.isAbsolute || slot(of: space.names[0]) == nil else { return nil }
        let full = (space.names + [name]).joined(separator: ".")
        return Self.global(full, isAbsolute: space.isAbsolute, prefixes)
    }

    private static func global(_ name: String, isAbsolute: Bool, _ prefixes: [String]) -> Function? {
        guard !isAbsolute else {
            return FunctionLibrary.globals[name.hasPrefix(".") ? String(name.dropFirst()) : name]
        }
        for prefix in prefixes {
            if let function = FunctionLibrary.globals[prefix + name] { return function }
        }
        return nil
    }

    private mutating func call(_ function: Function, _ arguments: [Syntax], at offset: Int) -> any Node {
        if function.name == "matches", arguments.count == 2, case .literal(.string(let pattern)) = arguments[1].form {
            do throws(ExpressionFault) {
                let program = try TextPattern.compiled(pattern)
                return MatchesNode(text: node(arguments[0]), pattern: program, offset: offset)
            } catch {
                return FaultNode(fault: error.placed(at: arguments[1].offset))
            }
        }
        return CallNode(function: function, arguments: nodes(arguments), offset: offset)
    }
}
