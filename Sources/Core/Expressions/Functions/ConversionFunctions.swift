import Vocabulary

/// Conversions named after the type they lead to.
enum ConversionFunctions {
    static let all: [Function] = [
        conversion("bool", [.bool, .string], .bool, toBool),
        conversion("int", [.int, .uint, .double, .string, .timestamp], .int, toInt),
        conversion("uint", [.int, .uint, .double, .string], .uint, toUInt),
        conversion("double", [.int, .uint, .double, .string], .double, toDouble),
        conversion(
            "string",
            [
                .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .address, .network,
            ],
            .string,
            toString
        ),
        conversion("bytes", [.bytes, .string], .bytes, toBytes),
        conversion("timestamp", [.int, .string, .timestamp], .timestamp, toTimestamp),
        conversion("duration", [.string, .duration], .duration, toDuration),
    ]

    private static func conversion(
        _ name: String,
        _ sources: [ExpressionType],
        _ result: ExpressionType,
        _ convert: @escaping @Sendable (CELValue) throws(ExpressionFault) -> CELValue?
    ) -> Function {
        Function(name, sources.map { Overload([$0], result) }) { (arguments, _) throws(ExpressionFault) in
            arguments.count == 1 ? try convert(arguments[0]) : nil
        }
    }

    /// The value, or a fault that shows what could not be converted.
    private static func need(
        _ value: CELValue?,
        _ source: CELValue,
        _ type: String
    ) throws(ExpressionFault) -> CELValue {
        guard let value else { throw .evaluation("\(Selection.shown(source)) is no \(type)") }
        return value
    }

    @Sendable private static func toBool(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .bool: return value
        case .string("1"), .string("t"), .string("T"), .string("true"), .string("TRUE"), .string("True"):
            return .bool(true)
        case .string("0"), .string("f"), .string("F"), .string("false"), .string("FALSE"), .string("False"):
            return .bool(false)
        case .string: return try need(nil, value, "bool")
        default: return nil
        }
    }

    @Sendable private static func toInt(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .int: return value
        case .uint(let number): return try need(Int64(exactly: number).map { .int($0) }, value, "int")
        case .double(let number):
            let isInside = number > -0x1p63 && number < 0x1p63
            return try need(isInside ? .int(Int64(number)) : nil, value, "int")
        case .string(let text): return try need(Int64(text).map { .int($0) }, value, "int")
        case .timestamp(let moment): return .int(moment.seconds)
        default: return nil
        }
    }

    @Sendable private static func toUInt(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .uint: return value
        case .int(let number): return try need(UInt64(exactly: number).map { .uint($0) }, value, "uint")
        case .double(let number):
            let isInside = number >= 0 && number < 0x1p64
            return try need(isInside ? .uint(UInt64(number)) : nil, value, "uint")
        case .string(let text):
            let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return try need(isPlain ? UInt64(text).map { .uint($0) } : nil, value, "uint")
        default: return nil
        }
    }

    @Sendable private static func toDouble(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            let names = text.utf8.contains { $0 == UInt8(ascii: "n") || $0 == UInt8(ascii: "N") }
            guard let number = Double(text), number.isFinite || names else { return try need(nil, value, "double") }
            return .double(number)
        default: return nil
        }
    }

    @Sendable private static func toString(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .string: return value
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .evaluation("the bytes are not valid UTF-8")
            }
            return .string(text)
        case .bool, .int, .uint, .double, .timestamp, .duration, .address, .network:
            return value.text.map { .string($0) }
        case .null, .list, .map, .type, .optional: return nil
        }
    }

    @Sendable private static func toBytes(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .bytes: return value
        case .string(let text): return .bytes(Array(text.utf8))
        default: return nil
        }
    }

    @Sendable private static func toTimestamp(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .timestamp: return value
        case .int(let seconds): return .timestamp(try Arithmetic.inRange(CELTimestamp(seconds: seconds)))
        case .string(let text):
            return try need(CELTimestamp(text).map { .timestamp($0) }, value, "timestamp (RFC 3339, years 1 to 9999)")
        default: return nil
        }
    }

    @Sendable private static func toDuration(_ value: CELValue) throws(ExpressionFault) -> CELValue? {
        switch value {
        case .duration: return value
        case .string(let text):
            return try need(CELDuration(text).map { .duration($0) }, value, "duration such as 1h30m or 2.5s")
        default: return nil
        }
    }
}
