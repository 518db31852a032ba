/// Checked arithmetic on numbers, timestamps and durations; nothing is converted silently.
enum Arithmetic {
    static func apply(
        _ symbol: BinaryOperator,
        _ left: CELValue,
        _ right: CELValue
    ) throws(ExpressionFault) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try whole(symbol, a, b, "int"))
        case (.uint(let a), .uint(let b)): return .uint(try whole(symbol, a, b, "uint"))
        case (.double(let a), .double(let b)):
            guard let result = real(symbol, a, b) else { throw Operators.noOverload(symbol, left, right) }
            return .double(result)
        default:
            guard let result = try time(symbol, left, right) else {
                throw Operators.noOverload(symbol, left, right)
            }
            return result
        }
    }

    private static func whole<Number: FixedWidthInteger>(
        _ symbol: BinaryOperator,
        _ a: Number,
        _ b: Number,
        _ type: String
    ) throws(ExpressionFault) -> Number {
        let (result, overflow): (Number, Bool)
        switch symbol {
        case .add: (result, overflow) = a.addingReportingOverflow(b)
        case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide, .remainder:
            guard b != 0 else { throw .evaluation("division by zero in “\(symbol.rawValue)”") }
            (result, overflow) =
                symbol == .divide
                ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained:
            (result, overflow) = (0, true)
        }
        guard !overflow else { throw .evaluation("the result of “\(symbol.rawValue)” does not fit into \(type)") }
        return result
    }

    private static func real(_ symbol: BinaryOperator, _ a: Double, _ b: Double) -> Double? {
        switch symbol {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .remainder, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained: nil
        }
    }

    /// Nil when the operator means nothing for these types.
    private static func time(
        _ symbol: BinaryOperator,
        _ left: CELValue,
        _ right: CELValue
    ) throws(ExpressionFault) -> CELValue? {
        switch (symbol, left, right) {
        case (.add, .timestamp(let moment), .duration(let length)),
            (.add, .duration(let length), .timestamp(let moment)):
            return .timestamp(try inRange(CELTimestamp(nanoseconds: moment.nanoseconds + length.nanoseconds)))
        case (.subtract, .timestamp(let moment), .duration(let length)):
            return .timestamp(try inRange(CELTimestamp(nanoseconds: moment.nanoseconds - length.nanoseconds)))
        case (.add, .duration(let a), .duration(let b)):
            return .duration(try inRange(CELDuration(nanoseconds: a.nanoseconds + b.nanoseconds)))
        case (.subtract, .duration(let a), .duration(let b)):
            return .duration(try inRange(CELDuration(nanoseconds: a.nanoseconds - b.nanoseconds)))
        case (.subtract, .timestamp(let a), .timestamp(let b)):
            return .duration(try inRange(CELDuration(between: b, and: a)))
        default: return nil
        }
    }

    static func inRange(_ moment: CELTimestamp?) throws(ExpressionFault) -> CELTimestamp {
        guard let moment else { throw .evaluation("the timestamp lies outside the years 1 to 9999") }
        return moment
    }

    static func inRange(_ length: CELDuration?) throws(ExpressionFault) -> CELDuration {
        guard let length else { throw .evaluation("the duration is longer than durations may be") }
        return length
    }
}
