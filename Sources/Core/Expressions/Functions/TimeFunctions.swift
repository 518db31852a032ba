/// Getters of timestamps and durations.
enum TimeFunctions {
    static let all: [Function] = [
        getter("getFullYear", \.year),
        getter("getMonth", \.month),
        getter("getDate", \.date),
        getter("getDayOfMonth") { $0.date - 1 },
        getter("getDayOfYear", \.dayOfYear),
        getter("getDayOfWeek", \.dayOfWeek),
        getter("getHours", \.hour, whole: 3_600_000_000_000),
        getter("getMinutes", \.minute, whole: 60_000_000_000),
        getter("getSeconds", \.second, whole: 1_000_000_000),
        getter("getMilliseconds", { $0.nanosecond / 1_000_000 }, whole: 1_000_000, below: 1_000),
    ]

    /// A getter that reads a field of a timestamp.
    ///
    /// For durations it counts units of `whole` nanoseconds, wrapping at `modulus`; nil when they have no such getter.
    private static func getter(
        _ name: String,
        _ read: @escaping @Sendable (CalendarFields) -> Int64,
        whole: Int128? = nil,
        below modulus: Int64 = .max
    ) -> Function {
        var overloads = [Overload([.timestamp], .int), Overload([.timestamp, .string], .int)]
        if whole != nil { overloads.append(Overload([.duration], .int)) }
        return Function(name, isMember: true, overloads) { (arguments, run) throws(ExpressionFault) in
            switch arguments.first {
            case .timestamp(let moment):
                guard let offset = try offset(arguments, moment, run) else { return nil }
                return .int(read(CalendarFields(moment, offset: offset)))
            case .duration(let length):
                guard arguments.count == 1, let whole else { return nil }
                return .int(length.whole(whole) % modulus)
            default: return nil
            }
        }
    }

    /// Seconds east of UTC; nil when the second argument is no text.
    private static func offset(
        _ arguments: [CELValue],
        _ moment: CELTimestamp,
        _ run: Evaluation
    ) throws(ExpressionFault) -> Int64? {
        guard arguments.count > 1 else { return arguments.count == 1 ? 0 : nil }
        guard arguments.count == 2, case .string(let zone) = arguments[1] else { return nil }
        if let offset = fixedOffset(zone) { return offset }
        guard zone.utf8.count <= 64, let rules = run.zones(zone) else {
            throw .evaluation("no time zone is called \(Selection.shown(arguments[1]))")
        }
        return rules.offset(at: moment.seconds)
    }

    /// `UTC`, or `+02:00` with or without its sign.
    private static func fixedOffset(_ zone: String) -> Int64? {
        if zone == "UTC" || zone == "Z" { return 0 }
        var reader = FieldReader(zone)
        let sign: Int64 = reader.skip("-") ? -1 : 1
        if sign > 0 { _ = reader.skip("+") }
        guard let hours = reader.oneOrTwoDigits(), reader.skip(":"), let minutes = reader.digits(2), reader.isAtEnd,
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
