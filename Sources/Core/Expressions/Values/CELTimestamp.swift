package import Vocabulary

/// A moment between the years 1 and 9999, to the nanosecond.
package struct CELTimestamp: Sendable, Hashable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package let nanoseconds: Int128

    static let least: Int128 = -62_135_596_800 * 1_000_000_000
    static let greatest: Int128 = 253_402_300_800 * 1_000_000_000 - 1

    /// Nil outside the years 1 to 9999.
    package init?(nanoseconds: Int128) {
        guard (Self.least...Self.greatest).contains(nanoseconds) else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// Every moment of the project's own type lies inside the range.
    package init(_ moment: Timestamp) { nanoseconds = Int128(moment.nanoseconds) }

    init?(seconds: Int64) { self.init(nanoseconds: Int128(seconds) * 1_000_000_000) }

    /// Whole seconds since 1970, rounded down.
    var seconds: Int64 { Int64(clamping: nanoseconds.floored(by: 1_000_000_000)) }

    /// Reads RFC 3339.
    package init?(_ text: String) {
        var reader = FieldReader(text)
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T") || reader.skip("t"), let hour = reader.digits(2),
            reader.skip(":"), let minute = reader.digits(2), reader.skip(":"), let second = reader.digits(2),
            let fraction = reader.fraction(), let offset = reader.zone(), reader.isAtEnd
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
        let time = hour * 3_600 + minute * 60 + second - offset
        let whole = Int128(date.daysSinceEpoch) * 86_400 + Int128(time)
        self.init(nanoseconds: whole * 1_000_000_000 + Int128(fraction))
    }

    /// RFC 3339 in UTC with as many digits of the fraction as are needed.
    package var text: String {
        let fields = CalendarFields(self, offset: 0)
        let date = "\(padded(fields.year, 4))-\(padded(fields.month + 1, 2))-\(padded(fields.date, 2))"
        let time = "\(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))"
        return "\(date)T\(time)\(fractionText(fields.nanosecond))Z"
    }
}

/// A moment taken apart in a zone.
struct CalendarFields {
    var year: Int64
    /// 0 is January.
    var month: Int64
    /// 1 is the first of the month.
    var date: Int64
    /// 0 is the first of January.
    var dayOfYear: Int64
    /// 0 is Sunday.
    var dayOfWeek: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    var nanosecond: Int64

    /// The fields where clocks are `offset` seconds east of UTC.
    init(_ moment: CELTimestamp, offset: Int64) {
        let local = moment.seconds + offset
        let days = Int64(clamping: Int128(local).floored(by: 86_400))
        let secondOfDay = local - days * 86_400
        let civil = CivilDate(daysSinceEpoch: days)
        year = civil.year
        month = civil.month - 1
        date = civil.day
        dayOfYear = days - CivilDate(year: civil.year, month: 1, day: 1).daysSinceEpoch
        dayOfWeek = ((days + 4) % 7 + 7) % 7
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        nanosecond = Int64(clamping: moment.nanoseconds - Int128(moment.seconds) * 1_000_000_000)
    }
}

extension Int128 {
    /// The quotient rounded toward minus infinity; the divisor is positive.
    func floored(by divisor: Int128) -> Int128 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// The number with leading zeros.
func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// A point and up to nine digits without trailing zeros; nothing for 0.
func fractionText(_ nanoseconds: Int64) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits = padded(nanoseconds, 9)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "." + digits
}
