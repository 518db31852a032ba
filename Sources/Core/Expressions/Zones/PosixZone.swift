import Vocabulary

/// A zone's rule as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZone: Sendable, Hashable {
    private let standard: Int64
    /// Nil where clocks never change.
    private let summer: Summer?

    private struct Summer: Sendable, Hashable {
        var offset: Int64
        var start: Day
        var end: Day
    }

    /// A day of every year with a second of that day.
    private enum Day: Sendable, Hashable {
        /// The `week`-th `weekday` (0 is Sunday) of a month; week 5 is the last one.
        case month(Int64, week: Int64, weekday: Int64, second: Int64)
        /// Day 1 to 365; the 29th of February is never counted.
        case julian(Int64, second: Int64)
        /// Day 0 to 365.
        case dayOfYear(Int64, second: Int64)

        /// Local seconds since 1970 in a year.
        func seconds(in year: Int64) -> Int64 {
            let january = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            switch self {
            case .julian(let day, let second):
                let isLeap = CivilDate(year: year, month: 2, day: 29).isValid
                return (january + day - 1 + (isLeap && day > 59 ? 1 : 0)) * 86_400 + second
            case .dayOfYear(let day, let second): return (january + day) * 86_400 + second
            case .month(let month, let week, let weekday, let second):
                let first = CivilDate(year: year, month: month, day: 1)
                let start = ((first.daysSinceEpoch + 4) % 7 + 7) % 7
                var day = 1 + (weekday - start + 7) % 7 + (week - 1) * 7
                while !CivilDate(year: year, month: month, day: day).isValid { day -= 7 }
                return (first.daysSinceEpoch + day - 1) * 86_400 + second
            }
        }
    }

    /// Nil when the text is no such rule.
    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3_600
        if let next = reader.peek, next != UInt8(ascii: ",") {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard reader.skip(","), let start = reader.day(), reader.skip(","), let end = reader.day(), reader.isAtEnd
        else {
            return nil
        }
        summer = Summer(offset: offset, start: start, end: end)
    }

    func offset(at moment: Int64) -> Int64 {
        guard let summer else { return standard }
        let local = Int128(moment) + Int128(standard)
        let days = Int64(clamping: local.floored(by: 86_400))
        let year = CivilDate(daysSinceEpoch: days).year
        let start = summer.start.seconds(in: year) - standard
        let end = summer.end.seconds(in: year) - summer.offset
        let isSummer = start < end ? (start..<end).contains(moment) : !(end..<start).contains(moment)
        return isSummer ? summer.offset : standard
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        var isAtEnd: Bool { position == bytes.count }
        var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: scalar) else { return false }
            position += 1
            return true
        }

        private mutating func take(while isPart: (UInt8) -> Bool) -> Int {
            let start = position
            while let next = peek, isPart(next) { position += 1 }
            return position - start
        }

        /// An abbreviation: letters, or anything between angle brackets.
        mutating func name() -> Bool {
            if skip("<") { return take { $0 != UInt8(ascii: ">") } > 0 && skip(">") }
            return take { Unicode.Scalar($0).properties.isAlphabetic } >= 3
        }

        mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
            let start = position
            guard (1...3).contains(take { (0x30...0x39).contains($0) }) else { return nil }
            guard let value = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else { return nil }
            return range.contains(value) ? value : nil
        }

        /// Signed hours with optional minutes and seconds, as seconds.
        mutating func time() -> Int64? {
            let sign: Int64 = skip("-") ? -1 : 1
            if sign > 0 { _ = skip("+") }
            guard let hours = number(0...167) else { return nil }
            var seconds = hours * 3_600
            for unit: Int64 in [60, 1] where skip(":") {
                guard let part = number(0...59) else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        mutating func day() -> Day? {
            if skip("M") {
                guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
                    let weekday = number(0...6), let second = clock()
                else { return nil }
                return .month(month, week: week, weekday: weekday, second: second)
            }
            if skip("J") {
                guard let day = number(1...365), let second = clock() else { return nil }
                return .julian(day, second: second)
            }
            guard let day = number(0...365), let second = clock() else { return nil }
            return .dayOfYear(day, second: second)
        }

        /// `/3`, `/-1:30`; two o'clock when nothing is said.
        private mutating func clock() -> Int64? { skip("/") ? time() : 7_200 }
    }
}
