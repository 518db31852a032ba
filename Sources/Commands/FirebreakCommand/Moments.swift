internal import Host
package import Vocabulary

/// Where a command takes the time and new ids from; tests put fixed ones here.
package struct Moments: Sendable {
    @TaskLocal package static var current = Moments(now: Host.now, makeRunId: { "run-" + Host.randomID() })

    package var now: @Sendable () -> Timestamp
    package var makeRunId: @Sendable () -> String

    /// Waits; tests put something here that does not.
    package var pause: @Sendable (Duration) async -> Void = { duration in try? await Task.sleep(for: duration) }

    package init(now: @escaping @Sendable () -> Timestamp, makeRunId: @escaping @Sendable () -> String) {
        self.now = now
        self.makeRunId = makeRunId
    }
}
