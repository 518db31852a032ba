internal import Synchronization
package import Vocabulary

/// The services' clock: this machine's, put right by what a refused signature showed of theirs.
///
/// All that speaks to AWS in one process shares one: what signs, what compares an expiry, what makes tokens for clusters.
package final class ServiceClock: Sendable {
    /// This machine's, for spans that begin and end here.
    package let time: any TimeAndChance
    private let correction = Mutex(Duration.zero)

    package init(_ time: any TimeAndChance) { self.time = time }

    /// What is added to this machine's clock; zero until an answer showed that it is wrong.
    package var offset: Duration { correction.withLock { $0 } }

    package func now() -> Timestamp { time.now().advanced(by: offset) }

    /// Adopts the service's clock when the one that signed differs by more than four minutes; false when it does not.
    ///
    /// `used` is the offset of that signature: another call may have corrected ours since.
    func adopt(_ serverTime: Timestamp?, used: Duration) -> Bool {
        guard let serverTime else { return false }
        let seen = serverTime.duration(since: time.now())
        let difference = seen - used
        guard difference > .seconds(240) || difference < .seconds(-240) else { return false }
        correction.withLock { $0 = seen }
        return true
    }
}
