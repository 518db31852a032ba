/// Values that may be absent; `or`, `orValue`, `optMap` and `optFlatMap` are nodes of their own.
enum OptionalFunctions {
    static let all: [Function] = [
        Function("optional.none", [Overload([], .optional(.dyn))]) { arguments, _ in
            arguments.isEmpty ? .optional(nil) : nil
        },
        Function("optional.of", [Overload([.dyn]) { .optional($0[0]) }]) { arguments, _ in
            arguments.count == 1 ? .optional(arguments[0]) : nil
        },
        Function("optional.ofNonZeroValue", [Overload([.dyn]) { .optional($0[0]) }]) { arguments, _ in
            guard arguments.count == 1 else { return nil }
            return .optional(arguments[0].isZero ? nil : arguments[0])
        },
        Function("hasValue", isMember: true, [Overload([.optional(.dyn)], .bool)]) { arguments, _ in
            guard arguments.count == 1, case .optional(let inner) = arguments[0] else { return nil }
            return .bool(inner != nil)
        },
        Function("value", isMember: true, [Overload([.optional(.dyn)]) { $0[0].wrapped }]) {
            (arguments, _) throws(ExpressionFault) in
            guard arguments.count == 1, case .optional(let inner) = arguments[0] else { return nil }
            guard let inner else { throw .evaluation("the optional is empty; guard it with hasValue() or orValue(…)") }
            return inner
        },
    ]
}
