/// A comprehension: runs its body once for each element of a list or key of a map.
struct FoldNode: Node {
    let kind: Syntax.Fold.Kind
    let range: any Node
    /// Slots of the variables: the element, or index or key and value.
    let slots: [Int]
    let predicate: (any Node)?
    let transform: (any Node)?
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let items = try Items(try range.evaluate(&run), pairs: slots.count == 2, at: offset)
        try run.charge(1)
        switch kind {
        case .all: return .bool(try decide(items, decides: false, &run))
        case .exists: return .bool(try decide(items, decides: true, &run))
        case .existsOne: return .bool(try count(items, &run) == 1)
        case .map, .transformList: return try collect(items, &run)
        case .filter: return try filter(items, &run)
        case .transformMap: return try collectMap(items, &run)
        case .transformMapEntry: return try mergeEntries(items, &run)
        }
    }

    /// What is walked over; keys and values of the same place belong together.
    private struct Items {
        var first: [CELValue]
        var second: [CELValue]
        var isIndexed = false

        init(_ range: CELValue, pairs: Bool, at offset: Int) throws(ExpressionFault) {
            switch range {
            case .list(let elements):
                first = elements
                second = elements
                isIndexed = pairs
            case .map(let map):
                first = map.keys
                second = map.values
            default:
                throw .evaluation(
                    "only lists and maps can be walked through, not a value of type \(range.type)",
                    at: offset
                )
            }
        }
    }

    private func bind(_ items: Items, _ place: Int, _ run: inout Evaluation) throws(ExpressionFault) {
        try run.charge(1)
        run.locals[slots[0]] = items.isIndexed ? .int(Int64(place)) : items.first[place]
        if slots.count > 1 { run.locals[slots[1]] = items.second[place] }
    }

    private func decide(_ items: Items, decides: Bool, _ run: inout Evaluation) throws(ExpressionFault) -> Bool {
        guard let predicate else { return !decides }
        var verdict = Verdict(decides: decides, offset: offset)
        for place in items.first.indices {
            try bind(items, place, &run)
            try verdict.add(predicate, &run)
            if verdict.isDecided { return decides }
        }
        return try verdict.undecided()
    }

    /// Whether the element under the variables passes the filter.
    private func passes(_ run: inout Evaluation) throws(ExpressionFault) -> Bool {
        guard let predicate else { return true }
        let value = try predicate.evaluate(&run)
        guard case .bool(let flag) = value else {
            throw .evaluation("\(kind.rawValue) tests with a bool, not with a value of type \(value.type)", at: offset)
        }
        return flag
    }

    private func count(_ items: Items, _ run: inout Evaluation) throws(ExpressionFault) -> Int {
        var count = 0
        for place in items.first.indices {
            try bind(items, place, &run)
            if try passes(&run) { count += 1 }
        }
        return count
    }

    private func filter(_ items: Items, _ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        var kept: [CELValue] = []
        for place in items.first.indices {
            try bind(items, place, &run)
            if try passes(&run) { kept.append(items.first[place]) }
        }
        return .list(kept)
    }

    private func collect(_ items: Items, _ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        var collected: [CELValue] = []
        for place in items.first.indices {
            try bind(items, place, &run)
            guard try passes(&run), let transform else { continue }
            collected.append(try transform.evaluate(&run))
        }
        return .list(collected)
    }

    private func collectMap(_ items: Items, _ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        var map = CELMap()
        for place in items.first.indices {
            try bind(items, place, &run)
            guard try passes(&run), let transform else { continue }
            let key = items.isIndexed ? CELValue.int(Int64(place)) : items.first[place]
            try MapNode.insert(key, try transform.evaluate(&run), into: &map, at: offset)
        }
        return .map(map)
    }

    private func mergeEntries(_ items: Items, _ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        var map = CELMap()
        for place in items.first.indices {
            try bind(items, place, &run)
            guard try passes(&run), let transform else { continue }
            let entry = try transform.evaluate(&run)
            guard case .map(let part) = entry else {
                throw .evaluation("transformMapEntry collects maps, not a value of type \(entry.type)", at: offset)
            }
            try run.charge(part.count)
            for (key, value) in zip(part.keys, part.values) {
                try MapNode.insert(key, value, into: &map, at: offset)
            }
        }
        return .map(map)
    }
}

/// `cel.bind(name, value, body)`.
struct BindNode: Node {
    let slot: Int
    let value: any Node
    let body: any Node

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1)
        run.locals[slot] = try value.evaluate(&run)
        return try body.evaluate(&run)
    }
}

/// `target.optMap(name, body)` and `optFlatMap`.
struct OptionalMapNode: Node {
    let target: any Node
    let slot: Int
    let body: any Node
    let isFlat: Bool
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try target.evaluate(&run)
        try run.charge(1)
        guard case .optional(let inner) = value else {
            throw .evaluation("optMap works on an optional, not on a value of type \(value.type)", at: offset)
        }
        guard let inner else { return .optional(nil) }
        run.locals[slot] = inner
        let result = try body.evaluate(&run)
        guard isFlat else { return .optional(result) }
        guard case .optional = result else {
            throw .evaluation(
                "optFlatMap needs an optional from its body, not a value of type \(result.type)",
                at: offset
            )
        }
        return result
    }
}

/// `target.or(other)` and `target.orValue(value)`: the other side is left alone when there is a value.
struct OptionalElseNode: Node {
    let target: any Node
    let otherwise: any Node
    let unwraps: Bool
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try target.evaluate(&run)
        try run.charge(1)
        guard case .optional(let inner) = value else {
            let name = unwraps ? "orValue" : "or"
            throw .evaluation("\(name) works on an optional, not on a value of type \(value.type)", at: offset)
        }
        if let inner { return unwraps ? inner : value }
        let result = try otherwise.evaluate(&run)
        if unwraps { return result }
        guard case .optional = result else {
            throw .evaluation("or needs another optional, not a value of type \(result.type)", at: offset)
        }
        return result
    }
}
