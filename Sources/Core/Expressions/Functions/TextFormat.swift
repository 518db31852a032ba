/// `'%s on %d'.format([…])`.
enum TextFormat {
    /// One `%…` with its precision.
    private struct Clause {
        var letter: Unicode.Scalar
        var precision: Int?
        /// Scalars it takes, the percent sign included.
        var width: Int
    }

    private static let greatestPrecision = 1_000

    @Sendable static func format(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 2, case .string(let text) = arguments[0], case .list(let values) = arguments[1] else {
            return nil
        }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        var place = 0
        var used = 0
        while place < scalars.count {
            guard scalars[place] == "%" else {
                result.unicodeScalars.append(scalars[place])
                place += 1
                continue
            }
            let clause = try clause(scalars, at: place)
            place += clause.width
            if clause.letter == "%" {
                result += "%"
                continue
            }
            guard used < values.count else {
                throw .evaluation("format has more clauses than values: only \(values.count) were given")
            }
            try run.charge(1 + (clause.precision ?? 6) / 16)
            try run.chargeWalk(through: values[used])
            result += try shown(values[used], clause)
            used += 1
        }
        return .string(result)
    }

    private static func clause(_ scalars: [Unicode.Scalar], at start: Int) throws(ExpressionFault) -> Clause {
        var place = start + 1
        var precision: Int?
        if place < scalars.count, scalars[place] == "." {
            place += 1
            var number = 0
            let first = place
            while place < scalars.count, scalars[place].isDigit, number <= greatestPrecision {
                number = number * 10 + Int(scalars[place].value - 0x30)
                place += 1
            }
            guard place > first, number <= greatestPrecision else {
                throw .evaluation("a precision in format is a number of at most \(greatestPrecision)")
            }
            precision = number
        }
        guard place < scalars.count else { throw .evaluation("the text for format ends inside a “%” clause") }
        return Clause(letter: scalars[place], precision: precision, width: place + 1 - start)
    }

    private static func shown(_ value: CELValue, _ clause: Clause) throws(ExpressionFault) -> String {
        let text: String?
        switch clause.letter {
        case "s": text = plain(value)
        case "d": text = decimal(value)
        case "f": text = real(value) { DecimalText.fixed($0, precision: clause.precision ?? 6) }
        case "e": text = real(value) { DecimalText.scientific($0, precision: clause.precision ?? 6) }
        case "b": text = value == .bool(true) ? "1" : value == .bool(false) ? "0" : whole(value, radix: 2)
        case "o": text = whole(value, radix: 8)
        case "x": text = hexadecimal(value, isUppercase: false)
        case "X": text = hexadecimal(value, isUppercase: true)
        default: throw .evaluation("format knows no “%\(clause.letter)”; there are %s %d %f %e %b %o %x %X %%")
        }
        guard let text else { throw .evaluation("“%\(clause.letter)” cannot format a value of type \(value.type)") }
        return text
    }

    private static func decimal(_ value: CELValue) -> String? {
        if case .double(let number) = value, !number.isFinite { return number.celText }
        return whole(value, radix: 10)
    }

    private static func whole(_ value: CELValue, radix: Int, isUppercase: Bool = false) -> String? {
        switch value {
        case .int(let number): String(number, radix: radix, uppercase: isUppercase)
        case .uint(let number): String(number, radix: radix, uppercase: isUppercase)
        default: nil
        }
    }

    private static func hexadecimal(_ value: CELValue, isUppercase: Bool) -> String? {
        switch value {
        case .string(let text): hexadecimal(Array(text.utf8), isUppercase: isUppercase)
        case .bytes(let bytes): hexadecimal(bytes, isUppercase: isUppercase)
        default: whole(value, radix: 16, isUppercase: isUppercase)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], isUppercase: Bool) -> String {
        var text = ""
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16, uppercase: isUppercase)
        }
        return text
    }

    private static func real(_ value: CELValue, _ format: (Double) -> String) -> String? {
        let number: Double
        switch value {
        case .double(let given): number = given
        case .int(let given): number = Double(given)
        case .uint(let given): number = Double(given)
        default: return nil
        }
        return number.isFinite ? format(number) : number.celText
    }

    /// What `%s` shows; nil for optionals and what holds them.
    private static func plain(_ value: CELValue) -> String? {
        switch value {
        case .null: return "null"
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .type(let type): return type.name
        case .list(let elements):
            var parts: [String] = []
            for element in elements {
                guard let part = plain(element) else { return nil }
                parts.append(part)
            }
            return "[" + parts.joined(separator: ", ") + "]"
        case .map(let map): return plain(map)
        case .optional: return nil
        case .bool, .int, .uint, .double, .string, .timestamp, .duration, .address, .network: return value.text
        }
    }

    /// Entries in the order of their keys' texts, so that equal maps read the same.
    private static func plain(_ map: CELMap) -> String? {
        var parts: [String] = []
        for (key, value) in zip(map.keys, map.values) {
            guard let keyText = plain(key), let valueText = plain(value) else { return nil }
            parts.append("\(keyText): \(valueText)")
        }
        parts.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return "{" + parts.joined(separator: ", ") + "}"
    }
}
