import Runs
import Testing

@Suite("the retry schedule")
struct RetryScheduleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var interval: Duration
        var backoff: Double
        var maxDelay: Duration?
        var pauses: [Duration]
        var testDescription: String { "\(interval) × \(backoff), at most \(maxDelay.map { "\($0)" } ?? "a year")" }

        init(_ interval: Duration, _ backoff: Double, _ maxDelay: Duration?, _ pauses: [Duration]) {
            (self.interval, self.backoff, self.maxDelay, self.pauses) = (interval, backoff, maxDelay, pauses)
        }

        var policy: RetryPolicy {
            RetryPolicy(errors: [.any], interval: interval, attempts: 9, backoff: backoff, maxDelay: maxDelay)
        }
    }

    static let rows = [
        Row(.seconds(1), 2, nil, [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)]),
        Row(.seconds(3), 2, .seconds(5), [.seconds(3), .seconds(5), .seconds(5)]),
        Row(.seconds(1), 1, nil, [.seconds(1), .seconds(1), .seconds(1)]),
        Row(.milliseconds(500), 1.5, nil, [.milliseconds(500), .milliseconds(750), .milliseconds(1_125)]),
        Row(.zero, 2, nil, [.zero, .zero]),
        Row(.seconds(10), 2, .seconds(4), [.seconds(4), .seconds(4)]),
        Row(.seconds(1), 1e300, nil, [.seconds(1), RetrySchedule.longest, RetrySchedule.longest]),
    ]

    @Test("the n-th retry waits interval × backoff^(n−1), at most the cap", arguments: rows)
    func pauses(row: Row) {
        for (place, pause) in row.pauses.enumerated() {
            #expect(RetrySchedule.pause(row.policy, retry: place + 1, fraction: 0.3) == pause)
        }
    }

    @Test("full jitter draws between nothing and the scheduled pause", arguments: [-1.0, 0, 0.25, 0.999, 1, 7, .nan])
    func jitter(fraction: Double) {
        var policy = Self.rows[0].policy
        policy.jitter = .full
        let pause = RetrySchedule.pause(policy, retry: 3, fraction: fraction)
        #expect(pause >= .zero && pause <= .seconds(4))
        if fraction == 0.25 { #expect(pause == .seconds(1)) }
    }

    @Test("a billion retries cost no time to compute")
    func manyRetries() {
        #expect(RetrySchedule.ceiling(Self.rows[0].policy, retry: 1_000_000_000) == RetrySchedule.longest)
        #expect(RetrySchedule.ceiling(Self.rows[2].policy, retry: .max) == .seconds(1))
    }

    @Test("the first retrier that names the error is asked, and no other")
    func firstRetrier() {
        let policies = [
            RetryPolicy(errors: [.named("Timeout")], attempts: 0), RetryPolicy(errors: [.allBut(names: ["Timeout"])]),
            RetryPolicy(errors: [.any]),
        ]
        #expect(RetrySchedule.retrier(for: StepError("Timeout"), in: policies) == 0)
        #expect(RetrySchedule.retrier(for: StepError("timeout"), in: policies) == 1)
        #expect(RetrySchedule.retrier(for: StepError(nil), in: policies) == 2)
        #expect(RetrySchedule.retrier(for: StepError("Timeout", isTerminal: true), in: policies) == nil)
        #expect(RetrySchedule.retrier(for: StepError("Timeout", otherName: "Heart"), in: policies) == 0)
    }

    @Test("names that only look the same are not the same")
    func exactNames() {
        #expect(ErrorMatcher.named("\u{e9}").matches(StepError("\u{e9}")))
        #expect(!ErrorMatcher.named("\u{e9}").matches(StepError("e\u{301}")))
    }
}
