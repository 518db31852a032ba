package import Vocabulary

/// The time of a run: the machine's, or a rehearsal's that moves only when told.
package protocol RunClock: Sendable {
    func now() -> Timestamp
    /// Waits, or jumps: afterwards `now()` is at least so much later.
    func pass(_ duration: Duration) async
    /// Does the work, and cancels it when the moment comes; the work answers all the same.
    func limit<Answer: Sendable>(
        until deadline: Timestamp?,
        _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer
}
