internal import Vocabulary

/// Reads the array of a `numeric` test.
enum NumericCompiler {
    static func range(_ value: JSONValue, at keys: [String]) throws(PatternFault) -> NumericRange {
        guard let parts = value.array, let name = parts.first?.string, let number = parts.dropFirst().first?.number
        else {
            throw PatternFault("numeric needs an array: a comparison, a number, and perhaps a second pair", at: keys)
        }
        var range = NumericRange()
        switch name {
        case "=":
            range.low = number
            range.high = number
        case ">", ">=":
            range.low = number
            range.includesLow = name == ">="
        case "<", "<=":
            range.high = number
            range.includesHigh = name == "<="
        default: throw PatternFault("numeric compares with =, <, <=, > or >=", at: keys)
        }
        guard parts.count > 2 else { return range }
        return try bounded(range, from: name, Array(parts.dropFirst(2)), at: keys)
    }

    private static func bounded(
        _ range: NumericRange,
        from name: String,
        _ rest: [JSONValue],
        at keys: [String]
    ) throws(PatternFault) -> NumericRange {
        guard name == ">" || name == ">=" else {
            throw PatternFault("of two bounds the lower one (> or >=) comes first", at: keys)
        }
        guard rest.count == 2, let second = rest[0].string, second == "<" || second == "<=", let high = rest[1].number
        else { throw PatternFault("the second bound is < or <= and a number", at: keys) }
        guard range.low < high else { throw PatternFault("the lower bound is not below the upper one", at: keys) }
        var range = range
        range.high = high
        range.includesHigh = second == "<="
        return range
    }
}
