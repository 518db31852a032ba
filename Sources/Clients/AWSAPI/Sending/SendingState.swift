internal import Vocabulary

/// What all calls of a process share: tokens that retries cost, and how far this machine's clock is off.
package actor SendingState {
    package static let capacity = 500
    package private(set) var tokens = SendingState.capacity
    /// To be added to the local clock.
    package private(set) var offset = Duration.zero

    package init() {}

    /// Takes the price of a retry; nil when the tokens are gone.
    func take(isThrottled: Bool) -> Int? {
        let cost = isThrottled ? 5 : 14
        guard tokens >= cost else { return nil }
        tokens -= cost
        return cost
    }

    /// A success gives back what its last retry cost, or one token.
    func giveBack(_ cost: Int?) { tokens = min(Self.capacity, tokens + (cost ?? 1)) }

    /// Adopts the service's clock when the one that signed differs by more than four minutes; false when it does not.
    ///
    /// `used` is the offset of that signature: another call may have corrected ours since.
    func adopt(_ serverTime: Timestamp?, at local: Timestamp, used: Duration) -> Bool {
        guard let serverTime else { return false }
        let seen = serverTime.duration(since: local)
        let difference = seen - used
        guard difference > .seconds(240) || difference < .seconds(-240) else { return false }
        offset = seen
        return true
    }
}
