/// The math extension.
enum MathFunctions {
    static let all: [Function] =
        extremes + [
            real("math.ceil", .double) { .double($0.rounded(.up)) },
            real("math.floor", .double) { .double($0.rounded(.down)) },
            real("math.round", .double) { .double($0.rounded(.toNearestOrAwayFromZero)) },
            real("math.trunc", .double) { .double($0.rounded(.towardZero)) },
            real("math.isInf", .bool) { .bool($0.isInfinite) },
            real("math.isNaN", .bool) { .bool($0.isNaN) },
            real("math.isFinite", .bool) { .bool($0.isFinite) },
            Function("math.abs", numbers, absolute),
            Function("math.sign", numbers, sign),
            Function("math.sqrt", numbers.map { Overload($0.parameters, .double) }, squareRoot),
            bits("math.bitAnd", { $0 & $1 }, { $0 & $1 }),
            bits("math.bitOr", { $0 | $1 }, { $0 | $1 }),
            bits("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
            Function("math.bitNot", [Overload([.int], .int), Overload([.uint], .uint)], complement),
            shift("math.bitShiftLeft") { $0 << $1 },
            shift("math.bitShiftRight") { $0 >> $1 },
        ]

    private static let numbers = [Overload([.int], .int), Overload([.uint], .uint), Overload([.double], .double)]

    private static func real(
        _ name: String,
        _ result: ExpressionType,
        _ compute: @escaping @Sendable (Double) -> CELValue
    ) -> Function {
        Function(name, [Overload([.double], result)]) { arguments, _ in
            guard arguments.count == 1, case .double(let number) = arguments[0] else { return nil }
            return compute(number)
        }
    }

    @Sendable private static func absolute(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1 else { return nil }
        switch arguments[0] {
        case .uint, .double(0...): return arguments[0]
        case .double(let number): return .double(number.magnitude)
        case .int(let number):
            guard number != .min else { throw .evaluation("the absolute value does not fit into an int") }
            return .int(abs(number))
        default: return nil
        }
    }

    @Sendable private static func sign(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1 else { return nil }
        switch arguments[0] {
        case .int(let number): return .int(number.signum())
        case .uint(let number): return .uint(min(number, 1))
        case .double(let number): return .double(number > 0 ? 1 : number < 0 ? -1 : number)
        default: return nil
        }
    }

    @Sendable private static func squareRoot(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1 else { return nil }
        switch arguments[0] {
        case .int(let number): return .double(Double(number).squareRoot())
        case .uint(let number): return .double(Double(number).squareRoot())
        case .double(let number): return .double(number.squareRoot())
        default: return nil
        }
    }
}

// MARK: - Bits

extension MathFunctions {
    private static func bits(
        _ name: String,
        _ signed: @escaping @Sendable (Int64, Int64) -> Int64,
        _ unsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        Function(name, [Overload([.int, .int], .int), Overload([.uint, .uint], .uint)]) { arguments, _ in
            guard arguments.count == 2 else { return nil }
            switch (arguments[0], arguments[1]) {
            case (.int(let a), .int(let b)): return .int(signed(a, b))
            case (.uint(let a), .uint(let b)): return .uint(unsigned(a, b))
            default: return nil
            }
        }
    }

    @Sendable private static func complement(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1 else { return nil }
        switch arguments[0] {
        case .int(let number): return .int(~number)
        case .uint(let number): return .uint(~number)
        default: return nil
        }
    }

    /// Shifts the pattern of bits: to the right zeros come in, also for negative ints.
    private static func shift(
        _ name: String,
        _ move: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        let overloads = [Overload([.int, .int], .int), Overload([.uint, .int], .uint)]
        return Function(name, overloads) { (arguments, _) throws(ExpressionFault) in
            guard arguments.count == 2, case .int(let distance) = arguments[1] else { return nil }
            guard distance >= 0 else { throw .evaluation("a shift needs a distance of 0 or more, not \(distance)") }
            let steps = UInt64(distance)
            switch arguments[0] {
            case .int(let number):
                let moved = steps < 64 ? move(UInt64(bitPattern: number), steps) : 0
                return .int(Int64(bitPattern: moved))
            case .uint(let number): return .uint(steps < 64 ? move(number, steps) : 0)
            default: return nil
            }
        }
    }
}

// MARK: - Greatest and least

extension MathFunctions {
    private static let extremes = [extreme("math.greatest", .more), extreme("math.least", .less)]

    private static func extreme(_ name: String, _ wanted: NumberOrder) -> Function {
        let overloads = [Overload([.list(.dyn)], .dyn), Overload([.dyn], .dyn, isVariadic: true)]
        return Function(name, overloads) { (arguments, _) throws(ExpressionFault) in
            var candidates = arguments
            if arguments.count == 1, case .list(let elements) = arguments[0] { candidates = elements }
            guard let first = candidates.first else { throw .evaluation("\(name) needs at least one number") }
            var best = first
            for candidate in candidates {
                guard let order = NumberOrder(candidate, best) else { return nil }
                if order == wanted { best = candidate }
            }
            return best
        }
    }
}
