internal import Vocabulary

/// Functions of the language itself: sizes, types, texts.
enum StandardFunctions {
    static let all: [Function] = [
        Function("size", sizes, size), Function("size", isMember: true, sizes, size),
        Function("type", [Overload([.dyn], .type)]) { arguments, _ in
            arguments.count == 1 ? .type(arguments[0].type) : nil
        },
        Function("dyn", [Overload([.dyn], .dyn)]) { arguments, _ in arguments.count == 1 ? arguments[0] : nil },
        Function("contains", isMember: true, predicates, contains),
        Function("startsWith", isMember: true, predicates, startsWith),
        Function("endsWith", isMember: true, predicates, endsWith),
        Function("matches", predicates, matches), Function("matches", isMember: true, predicates, matches),
        Function("base64.encode", [Overload([.bytes], .string)], encode),
        Function("base64.decode", [Overload([.string], .bytes)], decode),
    ]

    private static let sizes = [
        Overload([.string], .int), Overload([.bytes], .int), Overload([.list(.dyn)], .int),
        Overload([.map(.dyn, .dyn)], .int),
    ]
    private static let predicates = [Overload([.string, .string], .bool)]

    @Sendable private static func size(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1 else { return nil }
        switch arguments[0] {
        case .string(let text): return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let elements): return .int(Int64(elements.count))
        case .map(let map): return .int(Int64(map.count))
        default: return nil
        }
    }

    private static func texts(_ arguments: [CELValue]) -> (String, String)? {
        guard arguments.count == 2, case .string(let a) = arguments[0], case .string(let b) = arguments[1] else {
            return nil
        }
        return (a, b)
    }

    @Sendable private static func contains(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, part) = texts(arguments) else { return nil }
        return .bool(Search(for: Array(part.utf8)).first(in: Array(text.utf8), from: 0) != nil)
    }

    @Sendable private static func startsWith(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, part) = texts(arguments) else { return nil }
        return .bool(text.utf8.starts(with: part.utf8))
    }

    @Sendable private static func endsWith(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, part) = texts(arguments) else { return nil }
        return .bool(text.utf8.reversed().starts(with: part.utf8.reversed()))
    }

    @Sendable private static func matches(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard let (text, pattern) = texts(arguments) else { return nil }
        let program = try TextPattern.compiled(pattern)
        try run.charge(program.size)
        return .bool(try program.matches(text, &run))
    }

    @Sendable private static func encode(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1, case .bytes(let bytes) = arguments[0] else { return nil }
        return .string(Base64.encode(bytes))
    }

    @Sendable private static func decode(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
        guard let bytes = Base64.decode(text) else { throw .evaluation("the text is not valid Base64") }
        return .bytes(bytes)
    }
}
