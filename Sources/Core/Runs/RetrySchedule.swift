internal import Vocabulary

/// When the next try is due.
package enum RetrySchedule {
    /// No pause is longer than a year, whatever the policy multiplies up to.
    package static let longest = Duration.seconds(31_622_400)

    /// The pause before a retry.
    ///
    /// - Parameters:
    ///   - policy: whose pause it is.
    ///   - retry: 1 for the first retry of this policy.
    ///   - fraction: what jitter draws, from 0 to 1; without jitter it is not asked.
    /// - Returns: `interval × backoff^(retry − 1)`, at most `maxDelay`; with full jitter that times `fraction`.
    /// - Source: Amazon States Language, "Retrying after error".
    package static func pause(_ policy: RetryPolicy, retry: Int, fraction: Double) -> Duration {
        let whole = ceiling(policy, retry: retry)
        switch policy.jitter {
        case .none: return whole
        case .full: return scaled(whole, by: fraction.isFinite ? min(1, max(0, fraction)) : 0)
        }
    }

    /// The longest pause that a retry of the policy may take.
    package static func ceiling(_ policy: RetryPolicy, retry: Int) -> Duration {
        let limit = min(policy.maxDelay ?? longest, longest)
        guard policy.interval > .zero else { return .zero }
        let cap = limit.inSeconds
        var seconds = policy.interval.inSeconds
        var left = max(0, retry - 1)
        while left > 0, seconds < cap, policy.backoff > 1 {
            seconds *= policy.backoff
            left -= 1
        }
        return seconds >= cap ? limit : .nanoseconds(Int64(seconds * 1e9))
    }

    private static func scaled(_ duration: Duration, by fraction: Double) -> Duration {
        .nanoseconds(Int64(duration.inSeconds * fraction * 1e9))
    }

    /// The index of the retrier that is asked about an error: the first that names it, used up or not.
    package static func retrier(for error: StepError, in policies: [RetryPolicy]) -> Int? {
        policies.firstIndex { $0.isFor(error) }
    }

    /// A fraction from 0 up to 1 that depends on nothing but its two arguments.
    ///
    /// - Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
    static func fraction(seed: UInt64, draw: Int) -> Double {
        var bits = seed &+ UInt64(truncatingIfNeeded: draw) &* 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits >> 31
        return Double(bits >> 11) / 9_007_199_254_740_992
    }
}
