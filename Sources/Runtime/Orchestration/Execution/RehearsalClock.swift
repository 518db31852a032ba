internal import Synchronization
package import Vocabulary

/// A clock that moves only when a run passes time: waits of hours take no time at all.
package final class RehearsalClock: RunClock {
    private let moment: Mutex<Timestamp>

    package init(startingAt moment: Timestamp) { self.moment = Mutex(moment) }

    package func now() -> Timestamp { moment.withLock { $0 } }

    package func pass(_ duration: Duration) async { moment.withLock { $0 = $0.advanced(by: duration) } }

    /// Nothing comes in the middle of work: time passes only where the work itself passes it.
    package func limit<Answer: Sendable>(
        until deadline: Timestamp?,
        _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        await work()
    }
}
