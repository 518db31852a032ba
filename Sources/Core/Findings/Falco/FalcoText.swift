package import Vocabulary

/// Alerts of a Falco with `json_output: false`: a time, a priority and words.
extension FalcoAlert {
    /// Reads `HH:MM:SS.nnnnnnnnn: Priority words` or the same with `YYYY-MM-DDT` and an offset before the colon.
    ///
    /// There is no rule and there are no fields: words of the output may come from an attacker and are not taken apart.
    /// Nil for every other line. `moment` is near the alert's time, for the day that the line does not name.
    package init?(textLine line: [UInt8], near moment: Timestamp?) {
        let head = line.prefix(64)
        guard head.count > 12, Self.isDigit(head[0]),
            let mark = head.indices.first(where: { head[$0] == 0x3a && $0 + 1 < head.endIndex && head[$0 + 1] == 0x20 })
        else { return nil }
        let words = line[(mark + 2)...]
        guard let gap = words.firstIndex(of: 0x20),
            let priority = FalcoPriority(name: String(decoding: words[..<gap], as: UTF8.self)),
            let clock = Self.time(String(decoding: line[..<mark], as: UTF8.self), near: moment)
        else { return nil }
        let text = String(decoding: words[(gap + 1)...], as: UTF8.self)
        self.init(text: text, priority: priority, time: clock.time, original: line)
        output = String(decoding: line, as: UTF8.self)
    }

    private init(text: String, priority: FalcoPriority, time: Timestamp?, original: [UInt8]) {
        rule = ""
        self.priority = priority
        source = text.hasPrefix("Falco internal:") ? "internal" : "syscall"
        isSourceInferred = true
        self.time = time
        timeOrigin = time == nil ? .receiver : .alert
        tags = []
        fields = JSONObject()
        places = FieldPlaces(fields)
        self.original = original
        sentence = String(text.prefix { $0 != "(" && $0 != "|" })
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Nil when the text is no time; a time without a day is only known near a moment.
    private static func time(_ text: String, near moment: Timestamp?) -> (time: Timestamp?, Void)? {
        if text.contains("T") { return Timestamp(text).map { ($0, ()) } }
        guard text.utf8.count >= 8, Timestamp("1970-01-01T\(text)Z") != nil else { return nil }
        guard let moment else { return (nil, ()) }
        let day: Int64 = 86_400_000_000_000
        let today = moment.text(fractionDigits: 0).prefix(10)
        guard let guess = Timestamp("\(today)T\(text)Z") else { return nil }
        // The line came after the event, and shortly: the nearest such time of day.
        let distance = guess.nanoseconds - moment.nanoseconds
        let shift = distance > day / 2 ? -day : distance < -day / 2 ? day : 0
        return (Timestamp(nanoseconds: guess.nanoseconds + shift), ())
    }
}
