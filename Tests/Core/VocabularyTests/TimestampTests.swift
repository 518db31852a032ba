import Testing
import Vocabulary

@Suite("Moments are read and written as RFC 3339 has them")
struct TimestampTests {
    @Test(
        "every spelling of one moment reads the same",
        arguments: [
            "2026-11-23T15:30:39.033335712Z", "2026-11-23t15:30:39.033335712z", "2026-11-23 16:30:39.033335712+01:00",
            "2026-11-23T11:00:39.033335712-0430", "2026-11-23T15:30:39.0333357129999Z",
        ]
    )
    func reads(_ text: String) throws {
        let moment = try #require(Timestamp(text))
        #expect(moment.text(fractionDigits: 9) == "2026-11-23T15:30:39.033335712Z")
        #expect(moment.description == "2026-11-23T15:30:39.033Z")
        #expect(moment.text(fractionDigits: 0) == "2026-11-23T15:30:39Z")
    }

    @Test(
        "what is no moment is nil",
        arguments: [
            "", "2026-11-23", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+25:00", "9999-01-01T00:00:00Z",
            "2026-01-01T00:00:00Zx",
        ]
    )
    func refuses(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("each day from 1700 to 2250 survives the calendar both ways")
    func calendarRoundTrips() {
        var last = CivilDate(year: 1_699, month: 12, day: 31)
        for day in Int64(-98_615)...102_628 {
            let date = CivilDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day && date.isValid)
            let isNext = (date.year, date.month, date.day) > (last.year, last.month, last.day)
            #expect(isNext)
            last = date
        }
    }

    @Test("moments before 1970 are written right")
    func writesEarlyMoments() {
        #expect(Timestamp(nanoseconds: -1).text(fractionDigits: 9) == "1969-12-31T23:59:59.999999999Z")
        #expect(Timestamp("1969-12-31T23:59:59.999999999Z")?.nanoseconds == -1)
    }

    @Test(
        "durations are read with their units and written back",
        arguments: [
            ("90s", "1m30s"), ("24h", "1d"), ("1h30m", "1h30m"), ("500ms", "500ms"), ("0s", "0s"), ("1.5h", "1h30m"),
        ]
    )
    func readsDurations(_ text: String, _ written: String) throws {
        #expect(try #require(Duration(playbookText: text)).playbookText == written)
    }

    @Test(
        "whole numbers of a unit are exact",
        arguments: [("365d", 31_536_000), ("8760h", 31_536_000), ("90d", 7_776_000)]
    )
    func readsDurationsExactly(_ text: String, _ seconds: Int) {
        #expect(Duration(playbookText: text) == .seconds(seconds))
    }

    @Test(
        "what is no duration is nil",
        arguments: ["", "5", "s", "5 s", "-5s", "5m5h", "5s5s", "1e3s", "5x", "99999999999s"]
    )
    func refusesDurations(_ text: String) {
        #expect(Duration(playbookText: text) == nil)
    }
}
