/// What all calls of a process share: tokens that retries cost.
package actor SendingState {
    package static let capacity = 500
    package private(set) var tokens = SendingState.capacity

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
}
