import Expressions
import Testing
import Vocabulary

@Suite("Times and zones")
struct TimeTests {
    @Test(
        "timestamps and durations calculate to the nanosecond",
        arguments: [
            (
                "string(timestamp('2024-02-28T23:30:00.000000001-01:00') + duration('24h'))",
                "2024-03-01T00:30:00.000000001Z"
            ),
            ("string(timestamp('2024-03-01T00:00:00Z') - timestamp('2024-02-01T00:00:00Z'))", "2505600s"),
            ("string(duration('-1h30m0.25s'))", "-5400.25s"),
            ("string(duration('1.5ms') + duration('2us3ns'))", "0.001502003s"),
            ("string(timestamp(-1))", "1969-12-31T23:59:59Z"),
            ("string(timestamp('0001-01-01T00:00:00Z'))", "0001-01-01T00:00:00Z"),
        ]
    )
    func calculates(_ source: String, _ expected: String) throws {
        #expect(try evaluate(source) == .string(expected))
    }

    @Test(
        "fields are counted as CEL counts them",
        arguments: [
            ("getFullYear()", 2024), ("getMonth()", 11), ("getDate()", 31), ("getDayOfMonth()", 30),
            ("getDayOfYear()", 365),
            ("getDayOfWeek()", 2), ("getHours()", 23), ("getMinutes()", 59), ("getSeconds()", 58),
            ("getMilliseconds()", 987),
            ("getFullYear('+02:00')", 2025), ("getHours('05:30')", 5), ("getMinutes('-00:30')", 29),
            ("getDayOfYear('UTC')", 365),
        ]
    )
    func fields(_ getter: String, _ expected: Int64) throws {
        #expect(try evaluate("timestamp('2024-12-31T23:59:58.987654321Z').\(getter)") == .int(expected))
    }

    @Test(
        "a duration's getters give the whole length, but milliseconds only the part below a second",
        arguments: [("getHours()", 26), ("getMinutes()", 1_563), ("getSeconds()", 93_784), ("getMilliseconds()", 567)]
    )
    func durations(_ getter: String, _ expected: Int64) throws {
        #expect(try evaluate("duration('26h3m4.567s').\(getter)") == .int(expected))
    }

    /// A made-up zone: 30 minutes east until 2000, then one hour east, with summer time from its rule.
    static let zone = TimeZoneRules(tzif: TimeZoneFile.bytes(rule: "CET-1CEST,M3.5.0,M10.5.0/3"))

    @Test(
        "a named zone follows its file, and its rule after the file's last change",
        arguments: [
            ("1999-12-31T23:59:59Z", 1_800), ("2000-01-01T00:00:00Z", 3_600), ("2026-01-15T12:00:00Z", 3_600),
            ("2026-03-29T00:59:59Z", 3_600), ("2026-03-29T01:00:00Z", 7_200), ("2026-10-25T00:59:59Z", 7_200),
            ("2026-10-25T01:00:00Z", 3_600), ("9999-07-01T00:00:00Z", 7_200),
        ]
    )
    func zones(_ moment: String, _ expected: Int64) throws {
        let rules = try #require(Self.zone)
        let timestamp = try #require(CELTimestamp(moment))
        #expect(rules.offset(at: Int64(timestamp.nanoseconds / 1_000_000_000)) == expected)
    }

    @Test("summer time may span the turn of the year, and days may be counted through the year")
    func southern() throws {
        let south = try #require(TimeZoneRules(tzif: TimeZoneFile.bytes(rule: "<+10>-10<+11>,M10.1.0,M4.1.0/3")))
        #expect(south.offset(at: 1_767_225_600) == 39_600)  // 2026-01-01
        #expect(south.offset(at: 1_782_864_000) == 36_000)  // 2026-07-01
        let days = try #require(TimeZoneRules(tzif: TimeZoneFile.bytes(rule: "AAA0BBB,J60/0,300/0")))
        #expect(days.offset(at: 1_772_323_199) == 0)  // one second before 2026-03-01
        #expect(days.offset(at: 1_772_323_200) == 3_600)
    }

    @Test("an unknown zone is a fault, never UTC")
    func unknownZone() throws {
        let zone = Self.zone
        let source = "timestamp('2026-07-01T00:00:00Z').getHours('Some/Where')"
        #expect(try evaluate(source, zones: { $0 == "Some/Where" ? zone : nil }) == .int(2))
        #expect(fault(of: source)?.message == "no time zone is called “Some/Where”")
        #expect(fault(of: "timestamp('2026-07-01T00:00:00Z').getHours('+25:00')") != nil)
    }

    @Test(
        "no cut or changed zone file crashes the reader",
        arguments: 0..<TimeZoneFile.bytes(rule: "CET-1CEST,M3.5.0,M10.5.0/3").count
    )
    func brokenFiles(_ place: Int) {
        let whole = TimeZoneFile.bytes(rule: "CET-1CEST,M3.5.0,M10.5.0/3")
        _ = TimeZoneRules(tzif: Array(whole[..<place]))
        for change: UInt8 in [0x00, 0x01, 0x7f, 0x80, 0xff] {
            var bytes = whole
            bytes[place] ^= change
            _ = TimeZoneRules(tzif: bytes)?.offset(at: 1_800_000_000)
        }
    }
}

/// Writes small TZif files.
enum TimeZoneFile {
    /// 30 minutes east of UTC until 2000-01-01, then one hour, then the rule.
    static func bytes(rule: String) -> [UInt8] {
        let empty = header(times: 0, types: 1, letters: 1) + big(0, 4) + [0, 0] + [0]
        let block = big(946_684_800, 8) + [1] + big(1_800, 4) + [0, 0] + big(3_600, 4) + [0, 0] + [65, 0]
        return empty + header(times: 1, types: 2, letters: 2) + block + Array("\n\(rule)\n".utf8)
    }

    private static func header(times: UInt64, types: UInt64, letters: UInt64) -> [UInt8] {
        let counts = [0, 0, 0, times, types, letters].flatMap { big($0, 4) }
        return Array("TZif2".utf8) + Array(repeating: 0, count: 15) + counts
    }

    private static func big(_ number: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
}
