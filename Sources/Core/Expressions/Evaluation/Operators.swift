import Vocabulary

/// What the operators between two values do.
enum Operators {
    static func apply(
        _ symbol: BinaryOperator,
        _ left: CELValue,
        _ right: CELValue,
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue {
        switch symbol {
        case .equal: return .bool(try areEqual(left, right, &run))
        case .notEqual: return .bool(!(try areEqual(left, right, &run)))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return .bool(try compare(symbol, left, right, &run))
        case .contained: return .bool(try contains(right, left, &run))
        case .add: return try add(left, right, &run)
        case .subtract, .multiply, .divide, .remainder: return try Arithmetic.apply(symbol, left, right)
        }
    }

    static func areEqual(
        _ left: CELValue,
        _ right: CELValue,
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> Bool {
        try run.chargeWalk(through: left)
        try run.chargeWalk(through: right)
        return left.isEqual(to: right)
    }

    /// `left` stands in a list, or is a key of a map.
    private static func contains(
        _ container: CELValue,
        _ wanted: CELValue,
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> Bool {
        switch container {
        case .map(let map): return map[wanted] != nil
        case .list(let elements):
            for element in elements where try areEqual(element, wanted, &run) { return true }
            return false
        default: throw noOverload(.contained, wanted, container)
        }
    }

    static func noOverload(_ symbol: BinaryOperator, _ left: CELValue, _ right: CELValue) -> ExpressionFault {
        .evaluation(symbol.complaint("\(left.type)", "\(right.type)"))
    }
}

extension BinaryOperator {
    /// Why the operator cannot work on two types, given by the names a message uses.
    func complaint(_ left: String, _ right: String) -> String {
        switch self {
        case .equal, .notEqual: "“\(rawValue)” compares \(left) with \(right), which are never equal"
        case .contained: "“in” cannot look for \(left) in \(right)"
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            "“\(rawValue)” cannot compare \(left) with \(right)\(Self.remedy(left, right))"
        case .add, .subtract, .multiply, .divide, .remainder:
            "“\(rawValue)” cannot join \(left) and \(right)\(Self.remedy(left, right))"
        }
    }

    private static func remedy(_ left: String, _ right: String) -> String {
        guard left != right else { return "" }
        let convertible: Set<String> = ["int", "uint", "double", "string", "timestamp", "duration"]
        guard convertible.contains(left), convertible.contains(right) else { return "" }
        return left == "string" ? "; convert with \(right)(…) or string(…)" : "; convert with \(left)(…)"
    }
}

// MARK: - Order

extension Operators {
    private static func compare(
        _ symbol: BinaryOperator,
        _ left: CELValue,
        _ right: CELValue,
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> Bool {
        if let numbers = NumberOrder(left, right) { return holds(symbol, numbers) }
        switch (left, right) {
        case (.bool(let a), .bool(let b)): return holds(symbol, order(a ? 1 : 0, b ? 1 : 0))
        case (.string(let a), .string(let b)):
            try run.charge((a.utf8.count + b.utf8.count) / 16)
            return holds(symbol, order(a.utf8, b.utf8))
        case (.bytes(let a), .bytes(let b)):
            try run.charge((a.count + b.count) / 16)
            return holds(symbol, order(a, b))
        case (.timestamp(let a), .timestamp(let b)): return holds(symbol, order(a.nanoseconds, b.nanoseconds))
        case (.duration(let a), .duration(let b)): return holds(symbol, order(a.nanoseconds, b.nanoseconds))
        default: throw noOverload(symbol, left, right)
        }
    }

    private static func holds(_ symbol: BinaryOperator, _ order: NumberOrder) -> Bool {
        switch order {
        case .less: symbol == .less || symbol == .lessOrEqual
        case .same: symbol == .lessOrEqual || symbol == .greaterOrEqual
        case .more: symbol == .greater || symbol == .greaterOrEqual
        case .unordered: false
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> NumberOrder {
        left < right ? .less : left == right ? .same : .more
    }

    /// UTF-8 sorts as code points do.
    private static func order<Bytes: Sequence<UInt8>>(_ left: Bytes, _ right: Bytes) -> NumberOrder {
        if left.elementsEqual(right) { return .same }
        return left.lexicographicallyPrecedes(right) ? .less : .more
    }
}

// MARK: - Addition

extension Operators {
    private static func add(
        _ left: CELValue,
        _ right: CELValue,
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue {
        switch (left, right) {
        case (.string(let a), .string(let b)):
            try run.charge((a.utf8.count + b.utf8.count) / 16)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try run.charge((a.count + b.count) / 16)
            return .bytes(a + b)
        case (.list(let a), .list(let b)):
            try run.charge(a.count + b.count)
            return .list(a + b)
        default: return try Arithmetic.apply(.add, left, right)
        }
    }
}
