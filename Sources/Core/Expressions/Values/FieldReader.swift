/// Reads the fixed-width and decimal numbers of times and durations.
struct FieldReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }
    var rest: ArraySlice<UInt8> { bytes[position...] }

    private var isDigit: Bool { position < bytes.count && (0x30...0x39).contains(bytes[position]) }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// Exactly `width` digits.
    mutating func digits(_ width: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<width {
            guard isDigit else { return nil }
            number = number * 10 + Int64(bytes[position] - 0x30)
            position += 1
        }
        return number
    }

    /// One or two digits.
    mutating func oneOrTwoDigits() -> Int64? {
        guard let first = digits(1) else { return nil }
        return isDigit ? digits(1).map { first * 10 + $0 } : first
    }

    /// Nanoseconds; 0 when there is no fraction, nil when the point has no digit after it.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard isDigit else { return nil }
        var nanoseconds: Int64 = 0
        var scale: Int64 = 100_000_000
        while isDigit {
            nanoseconds += Int64(bytes[position] - 0x30) * scale
            scale /= 10
            position += 1
        }
        return nanoseconds
    }

    /// Seconds east of UTC: `Z`, `+02:00`, `-07:30`.
    mutating func zone() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("-") ? -1 : skip("+") ? 1 : 0
        guard sign != 0, let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3_600 + minutes * 60)
    }

    /// A decimal number, at most 18 digits on each side of its point.
    struct Decimal {
        var whole: Int128
        var fraction: Int128
        var scale: Int128

        /// The product cut to a whole number; nil when it is far too large.
        func scaled(by unit: Int128) -> Int128? {
            let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product + fraction * unit / scale
        }
    }

    mutating func decimal() -> Decimal? {
        var number = Decimal(whole: 0, fraction: 0, scale: 1)
        let start = position
        while isDigit {
            guard number.whole < 1_000_000_000_000_000_000_000 else { return nil }
            number.whole = number.whole * 10 + Int128(bytes[position] - 0x30)
            position += 1
        }
        let hasWhole = position > start
        guard skip(".") else { return hasWhole ? number : nil }
        let point = position
        while isDigit {
            if number.scale < 1_000_000_000_000_000 {
                number.fraction = number.fraction * 10 + Int128(bytes[position] - 0x30)
                number.scale *= 10
            }
            position += 1
        }
        return hasWhole || position > point ? number : nil
    }

    /// Everything up to the next digit or point.
    mutating func letters() -> String {
        let start = position
        while position < bytes.count, !isDigit, bytes[position] != UInt8(ascii: ".") { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
