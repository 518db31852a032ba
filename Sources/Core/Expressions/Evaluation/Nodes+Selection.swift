/// `operand.field` and `operand.?field`.
struct SelectNode: Node {
    let operand: any Node
    let field: String
    let isOptional: Bool
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try operand.evaluate(&run)
        try run.charge(1)
        guard isOptional else { return try Selection.field(field, of: value, at: offset) }
        return .optional(try Selection.optionalField(field, of: value, at: offset))
    }
}

/// `has(operand.field)`.
struct PresenceNode: Node {
    let operand: any Node
    let field: String
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try operand.evaluate(&run)
        try run.charge(1)
        return .bool(try Selection.optionalField(field, of: value, at: offset) != nil)
    }
}

/// `operand[key]` and `operand[?key]`.
struct IndexNode: Node {
    let operand: any Node
    let key: any Node
    let isOptional: Bool
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try operand.evaluate(&run)
        let key = try key.evaluate(&run)
        try run.charge(1)
        guard isOptional else { return try Selection.element(key, of: value, at: offset) }
        return .optional(try Selection.optionalElement(key, of: value, at: offset))
    }
}

/// `[a, ?b]`.
struct ListNode: Node {
    let elements: [(value: any Node, isOptional: Bool)]
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1 + elements.count)
        var list: [CELValue] = []
        list.reserveCapacity(elements.count)
        for element in elements {
            let value = try element.value.evaluate(&run)
            guard element.isOptional else {
                list.append(value)
                continue
            }
            guard case .optional(let inner) = value else {
                throw .evaluation(
                    "“?” before an element needs an optional, not a value of type \(value.type)",
                    at: offset
                )
            }
            if let inner { list.append(inner) }
        }
        return .list(list)
    }
}

/// `{key: value, ?key: optional}`.
struct MapNode: Node {
    let entries: [(key: any Node, value: any Node, isOptional: Bool)]
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1 + entries.count)
        var map = CELMap()
        for entry in entries {
            let key = try entry.key.evaluate(&run)
            var value = try entry.value.evaluate(&run)
            if entry.isOptional {
                guard case .optional(let inner) = value else {
                    throw .evaluation(
                        "“?” before a key needs an optional value, not one of type \(value.type)",
                        at: offset
                    )
                }
                guard let inner else { continue }
                value = inner
            }
            try MapNode.insert(key, value, into: &map, at: offset)
        }
        return .map(map)
    }

    static func insert(
        _ key: CELValue,
        _ value: CELValue,
        into map: inout CELMap,
        at offset: Int
    ) throws(ExpressionFault) {
        guard CELMap.isKey(key) else {
            throw .evaluation("a value of type \(key.type) cannot be a key; use bool, int, uint or string", at: offset)
        }
        guard map.insert(key, value) else {
            throw .evaluation("the key \(Selection.shown(key)) stands twice in the map", at: offset)
        }
    }
}
