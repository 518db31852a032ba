/// A length of time, to the nanosecond, of at most about 10,000 years either way.
package struct CELDuration: Sendable, Hashable {
    package let nanoseconds: Int128

    /// Seconds; the bound of `google.protobuf.Duration`.
    static let greatestSeconds: Int128 = 315_576_000_000

    /// Nil beyond the bound.
    package init?(nanoseconds: Int128) {
        guard nanoseconds.magnitude <= Self.greatestSeconds.magnitude * 1_000_000_000 else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// Nil when the two moments are as far apart as moments can be, as in the reference implementation.
    init?(between earlier: CELTimestamp, and later: CELTimestamp) {
        let length = later.nanoseconds - earlier.nanoseconds
        guard length.magnitude < Self.longestSpan.magnitude else { return nil }
        nanoseconds = length
    }

    private static let longestSpan: Int128 = 315_537_897_599 * 1_000_000_000

    /// Nil beyond the bound; digits below the nanosecond are cut.
    package init?(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(nanoseconds: Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000))
    }

    /// The same length in Swift's own type.
    package var duration: Duration {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(clamping: rest))
    }

    /// Whole units, cut toward zero.
    func whole(_ unit: Int128) -> Int64 { Int64(clamping: nanoseconds / unit) }

    private static let units: [String: Int128] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// Reads `1h30m`, `-1.5s`, `250ms`: signed, decimal numbers each with its unit, or a bare `0`.
    package init?(_ text: String) {
        guard text.utf8.count <= 128 else { return nil }
        var reader = FieldReader(text)
        let isNegative = reader.skip("-")
        if !isNegative { _ = reader.skip("+") }
        if reader.rest.elementsEqual("0".utf8) {
            nanoseconds = 0
            return
        }
        guard !reader.isAtEnd else { return nil }
        var total: Int128 = 0
        while !reader.isAtEnd {
            guard let part = reader.decimal(), let unit = Self.units[reader.letters()],
                let length = part.scaled(by: unit)
            else { return nil }
            total += length
            guard total <= Self.greatestSeconds * 1_000_000_000 else { return nil }
        }
        nanoseconds = isNegative ? -total : total
    }

    /// Decimal seconds such as `5400s` or `-1.5s`.
    package var text: String {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        return "\(nanoseconds < 0 ? "-" : "")\(seconds)\(fractionText(Int64(clamping: rest)))s"
    }
}
