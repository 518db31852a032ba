extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds.
    package var description: String { text(fractionDigits: 3) }

    /// RFC 3339 in UTC; `fractionDigits` is 0, 3, 6 or 9 and cuts, never rounds.
    package func text(fractionDigits: Int) -> String {
        var seconds = nanoseconds / 1_000_000_000
        var fraction = nanoseconds % 1_000_000_000
        if fraction < 0 {
            fraction += 1_000_000_000
            seconds -= 1
        }
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let clock = seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        var text = Array("0000-00-00T00:00:00.000000000Z".utf8)
        Self.put(date.year, at: 0..<4, of: &text)
        Self.put(date.month, at: 5..<7, of: &text)
        Self.put(date.day, at: 8..<10, of: &text)
        Self.put(clock / 3_600, at: 11..<13, of: &text)
        Self.put(clock / 60 % 60, at: 14..<16, of: &text)
        Self.put(clock % 60, at: 17..<19, of: &text)
        Self.put(fraction, at: 20..<29, of: &text)
        text.removeSubrange((fractionDigits == 0 ? 19 : 20 + min(fractionDigits, 9))..<29)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339: any number of fraction digits (nine are kept), `Z`, `+02:00` or `+0200`.
    package init?(_ text: String) {
        let bytes = text.utf8.span.extracting(first: 64)
        var reader = DigitReader()
        guard let year = reader.number(bytes, 4), reader.skip(bytes, "-"), let month = reader.number(bytes, 2),
            reader.skip(bytes, "-"),
            let day = reader.number(bytes, 2),
            reader.skip(bytes, "T") || reader.skip(bytes, "t") || reader.skip(bytes, " "),
            let hour = reader.number(bytes, 2), reader.skip(bytes, ":"), let minute = reader.number(bytes, 2),
            reader.skip(bytes, ":"),
            let second = reader.number(bytes, 2)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, hour < 24, minute < 60, second <= 60, let fraction = reader.fraction(bytes),
            let offset = reader.zoneOffset(bytes), reader.position == bytes.count
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(fraction)
        guard !overflow, !carry else { return nil }
        nanoseconds = sum
    }

    private static func put(_ number: Int64, at places: Range<Int>, of text: inout [UInt8]) {
        var rest = number
        for place in places.reversed() {
            text[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
    }
}

/// A day of the Gregorian calendar, proleptic.
package struct CivilDate: Sendable, Hashable {
    package var year: Int64
    package var month: Int64
    package var day: Int64

    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Counts with years that begin in March, so that the leap day is the last of its year.
    package init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var isValid: Bool {
        (1...12).contains(month) && day >= 1 && day <= daysInMonth
    }

    private var daysInMonth: Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads fixed-width digits from a short text.
private struct DigitReader {
    private(set) var position = 0

    mutating func number(_ bytes: Span<UInt8>, _ width: Int) -> Int64? {
        guard position + width <= bytes.count else { return nil }
        var number: Int64 = 0
        for place in position..<(position + width) {
            guard (0x30...0x39).contains(bytes[place]) else { return nil }
            number = number * 10 + Int64(bytes[place] - 0x30)
        }
        position += width
        return number
    }

    mutating func skip(_ bytes: Span<UInt8>, _ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// Nanoseconds; 0 when there is no fraction, nil when the point has no digit after it.
    mutating func fraction(_ bytes: Span<UInt8>) -> Int64? {
        guard skip(bytes, ".") || skip(bytes, ",") else { return 0 }
        var nanoseconds: Int64 = 0
        var digits = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if digits < 9 { nanoseconds = nanoseconds * 10 + Int64(bytes[position] - 0x30) }
            digits += 1
            position += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(9, digits) { nanoseconds *= 10 }
        return nanoseconds
    }

    /// Seconds east of UTC.
    mutating func zoneOffset(_ bytes: Span<UInt8>) -> Int64? {
        if skip(bytes, "Z") || skip(bytes, "z") { return 0 }
        let sign: Int64
        if skip(bytes, "+") { sign = 1 } else if skip(bytes, "-") { sign = -1 } else { return nil }
        guard let hours = number(bytes, 2), hours < 24 else { return nil }
        _ = skip(bytes, ":")
        guard let minutes = number(bytes, 2), minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
