import Vocabulary

/// A value that is known before anything runs.
struct ConstantNode: Node {
    let value: CELValue

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1)
        return value
    }
}

/// A variable bound by a comprehension or `cel.bind`.
struct LocalNode: Node {
    let slot: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1)
        return run.locals[slot]
    }
}

/// What can only fail when it is reached, such as the call of an unknown function.
struct FaultNode: Node {
    let fault: ExpressionFault

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue { throw fault }
}

/// A free name with the fields selected from it: the longest declared name wins, the rest are fields.
struct GlobalNode: Node {
    let name: Syntax.DottedName
    /// Namespaces to look in, each with its final point, innermost first; the last one is empty.
    let prefixes: [String]

    private var names: [String] { name.names }

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(names.count)
        let (start, used) = try resolve(run)
        var value = start
        for place in used..<names.count {
            value = try Selection.field(names[place], of: value, at: name.offsets[place])
        }
        return value
    }

    private func resolve(_ run: Evaluation) throws(ExpressionFault) -> (CELValue, Int) {
        if run.hasDottedNames {
            for count in stride(from: names.count, through: 1, by: -1) {
                if let value = lookUp(names[..<count].joined(separator: "."), run) { return (value, count) }
            }
        } else if let value = run.variables[names[0]] {
            return (value, 1)
        }
        if let (type, count) = typeName() { return (.type(type), count) }
        let hint = NearestName.suggestion(for: names[0], among: run.variables.keys)
        throw .evaluation("no variable is called “\(names[0])”\(hint)", at: name.offsets[0])
    }

    private func lookUp(_ name: String, _ run: Evaluation) -> CELValue? {
        for prefix in prefixes {
            if let value = run.variables[prefix + name] { return value }
        }
        return nil
    }

    private func typeName() -> (CELType, Int)? {
        for count in stride(from: names.count, through: 1, by: -1) {
            let name = names[..<count].joined(separator: ".")
            for prefix in prefixes {
                if let type = CELType.named[prefix + name] { return (type, count) }
            }
        }
        return nil
    }
}

/// Selecting fields and elements.
enum Selection {
    /// The field of a map; of an optional, the optional field of what it holds.
    static func field(_ name: String, of value: CELValue, at offset: Int) throws(ExpressionFault) -> CELValue {
        switch value {
        case .map(let map):
            guard let found = map[name] else { throw missing("no member is called “\(name)”", in: map, at: offset) }
            return found
        case .optional(let inner):
            guard let inner else { return .optional(nil) }
            return .optional(try optionalField(name, of: inner, at: offset))
        default:
            throw .evaluation("“.\(name)” cannot be selected from a value of type \(value.type)", at: offset)
        }
    }

    /// The field, or nil when a map lacks it.
    static func optionalField(
        _ name: String,
        of value: CELValue,
        at offset: Int
    ) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .map(let map): return map[name]
        case .optional(let inner):
            guard let inner else { return nil }
            return try optionalField(name, of: inner, at: offset)
        default: throw .evaluation("“.?\(name)” cannot be selected from a value of type \(value.type)", at: offset)
        }
    }

    static func element(_ key: CELValue, of value: CELValue, at offset: Int) throws(ExpressionFault) -> CELValue {
        switch value {
        case .map(let map):
            guard let found = map[key] else {
                throw missing("no key is \(Selection.shown(key))", in: map, at: offset)
            }
            return found
        case .list(let elements):
            let place = try listIndex(key, at: offset)
            guard let place, elements.indices.contains(place) else {
                throw .evaluation("the index is outside the list of \(elements.count) elements", at: offset)
            }
            return elements[place]
        case .optional(let inner):
            guard let inner else { return .optional(nil) }
            return .optional(try optionalElement(key, of: inner, at: offset))
        default: throw .evaluation("a value of type \(value.type) has no elements to index", at: offset)
        }
    }

    static func optionalElement(
        _ key: CELValue,
        of value: CELValue,
        at offset: Int
    ) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .map(let map): return map[key]
        case .list(let elements):
            guard let place = try listIndex(key, at: offset), elements.indices.contains(place) else { return nil }
            return elements[place]
        case .optional(let inner):
            guard let inner else { return nil }
            return try optionalElement(key, of: inner, at: offset)
        default: throw .evaluation("a value of type \(value.type) has no elements to index", at: offset)
        }
    }

    /// Nil for whole numbers that no list can have as an index.
    private static func listIndex(_ key: CELValue, at offset: Int) throws(ExpressionFault) -> Int? {
        switch key {
        case .int(let number): return Int(exactly: number)
        case .uint(let number): return Int(exactly: number)
        case .double(let number) where number.rounded(.towardZero) == number: return Int(exactly: number)
        default: throw .evaluation("a list is indexed by an int, not by a value of type \(key.type)", at: offset)
        }
    }

    static func shown(_ key: CELValue) -> String {
        guard let text = key.text, text.utf8.count <= 64 else { return "of type \(key.type)" }
        return "“\(text)”"
    }

    private static func missing(_ what: String, in map: CELMap, at offset: Int) -> ExpressionFault {
        var known: [String] = []
        for key in map.keys.prefix(8) { known.append(key.text ?? "?") }
        let list = known.joined(separator: ", ")
        let more = map.count > known.count ? ", …" : ""
        return .evaluation(map.isEmpty ? "\(what); the map is empty" : "\(what); there are: \(list)\(more)", at: offset)
    }
}
