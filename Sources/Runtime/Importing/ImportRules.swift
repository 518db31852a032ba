package import Vocabulary

/// How findings are sent: the limits of BatchImportFindings and our patience.
///
/// - Source: Security Hub API reference and user guide: 100 findings of 240 KB and 6 MB a call, 10 calls a second with a
///   burst of 30 in each account and Region.
package struct ImportRules: Sendable, Hashable {
    package static let findingBytes = 240 * 1_024
    /// One of them stays free for the rest of the document.
    package static let callBytes = 5 << 20
    package static let callFindings = 100

    /// Calls a second in one account and Region.
    package var rate: Double
    package var burst: Double
    /// Calls under way at once to one destination: an answer takes the service most of a second.
    package var inFlight: Int
    /// How long a finding that is not urgent waits for others to go with; the two highest severities do not wait.
    package var linger: Duration
    /// How long a finding is tried again after what may pass, counted from its first call.
    package var patience: Duration
    /// The longest pause between two tries.
    package var longestPause: Duration
    /// Findings that wait before whoever hands in more has to wait too, and their bytes.
    package var backlog: Int
    package var backlogBytes: Int

    package init(
        rate: Double = 10,
        burst: Double = 30,
        inFlight: Int = 8,
        linger: Duration = .milliseconds(200),
        patience: Duration = .seconds(300),
        longestPause: Duration = .seconds(20),
        backlog: Int = 2_000,
        backlogBytes: Int = 16 << 20
    ) {
        self.rate = rate
        self.burst = burst
        self.inFlight = inFlight
        self.linger = linger
        self.patience = patience
        self.longestPause = longestPause
        self.backlog = backlog
        self.backlogBytes = backlogBytes
    }

    /// A random part of a time that doubles with each failure.
    package func pause(after failures: Int, isThrottled: Bool, fraction: Double) -> Duration {
        let base = isThrottled ? Duration.seconds(1) : .milliseconds(100)
        let longest = min(base * (1 << min(max(failures - 1, 0), 16)), longestPause)
        // Never nothing at all: a service that fails at once is not asked again at once.
        return longest * (0.25 + 0.75 * fraction)
    }
}

/// Calls that may be made now, and when the next one may be.
package struct CallBudget: Sendable, Hashable {
    private let rate: Double
    private let burst: Double
    private var tokens: Double
    private var since: Timestamp

    package init(_ rules: ImportRules, at now: Timestamp) {
        rate = rules.rate
        burst = rules.burst
        tokens = rules.burst
        since = now
    }

    private mutating func refill(_ now: Timestamp) {
        // A clock that is set back adds nothing, and later time counts from there.
        let passed = max(.zero, now.duration(since: since)) / .seconds(1)
        tokens = min(burst, tokens + passed * rate)
        since = now
    }

    package mutating func isFull(at now: Timestamp) -> Bool {
        refill(now)
        return tokens >= burst
    }

    /// Takes one call; false when there is none to be had now.
    package mutating func take(at now: Timestamp) -> Bool {
        refill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// When the next call may be made.
    package mutating func next(at now: Timestamp) -> Timestamp {
        refill(now)
        guard tokens < 1 else { return now }
        return now.advanced(by: .seconds(1) * ((1 - tokens) / rate) + .nanoseconds(1))
    }

    /// Others use the same account: the service said that it is enough for now.
    package mutating func empty(at now: Timestamp) {
        refill(now)
        tokens = 0
    }
}
