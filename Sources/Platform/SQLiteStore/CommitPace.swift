/// How long the writer waits for company before it commits.
///
/// Those who were just answered come back within microseconds. Without patience the first of them would get a commit of
/// its own, and all others would wait for the disk twice. A lone caller never waits: it expects nobody else.
struct CommitPace {
    /// As many as came last time.
    private(set) var expected = 1
    /// Half of what the disk takes for a commit of their own, and never long: on a fast disk two smaller groups that
    /// take turns are better than one that waits.
    private(set) var patience = Duration.zero

    static let longestPatience = Duration.milliseconds(5)

    mutating func note(_ count: Int, took duration: Duration) {
        expected = count
        patience = min(duration / 2, Self.longestPatience)
    }
}
