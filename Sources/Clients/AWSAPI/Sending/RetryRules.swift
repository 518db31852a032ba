/// How often and when a call is repeated: AWS's standard mode.
///
/// - Source: botocore, `retries/standard.py` and `retries/quota.py`.
package struct RetryRules: Sendable, Hashable {
    /// The first one counts.
    package var attempts: Int
    package static let longestBackoff = Duration.seconds(20)

    package init(attempts: Int = 3) { self.attempts = max(1, attempts) }

    /// A random part of a time that doubles with each retry; the service may ask for up to five seconds more.
    ///
    /// `attempt` is the one that failed, 1 the first; `asked` are the milliseconds of `x-amz-retry-after`.
    package func pause(after attempt: Int, isThrottled: Bool, asked: Int?, fraction: Double) -> Duration {
        let base = isThrottled ? Duration.seconds(1) : .milliseconds(50)
        let backoff = min(base * (1 << min(attempt - 1, 20)), Self.longestBackoff) * fraction
        guard let asked, asked > 0 else { return backoff }
        return max(backoff, min(.milliseconds(min(asked, 60_000)), backoff + .seconds(5)))
    }
}
