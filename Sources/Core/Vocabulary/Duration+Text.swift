extension Duration {
    /// Reads `90s`, `10m`, `1h30m`, `500ms`, `2d`: whole or decimal numbers, each with its unit, largest first.
    package init?(playbookText text: String) {
        var rest = Substring(text)
        var total = Duration.zero
        var last = Duration.seconds(Int64.max / 4)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(letters.count)
            guard let number = Double(digits), number.isFinite, number < 1e9, let unit = Self.units[String(letters)],
                unit < last
            else { return nil }
            last = unit
            // Whole numbers are multiplied as such: a double's product is off by some attoseconds.
            total += Int(digits).map { unit * $0 } ?? unit * number
        }
        self = total
    }

    private static let units: [String: Duration] = [
        "ms": .milliseconds(1), "s": .seconds(1), "m": .seconds(60), "h": .seconds(3_600), "d": .seconds(86_400),
    ]

    /// The shortest text that reads back the same, in the units above; milliseconds are the finest.
    package var playbookText: String {
        var rest = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
        guard rest > 0 else { return "0s" }
        var text = ""
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
            let count = rest / Int64(size)
            if count > 0 { text += "\(count)\(unit)" }
            rest -= count * Int64(size)
        }
        return text
    }

    /// Whole seconds and the fraction as a double, for schedules and messages.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
