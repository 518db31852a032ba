internal import Host
package import Vocabulary

/// Where a command takes the time and new ids from; tests put fixed ones here.
package struct Moments: Sendable {
    @TaskLocal package static var current = Moments(now: Host.now, makeRunId: { "run-" + Host.randomID() })

    package var now: @Sendable () -> Timestamp
    package var makeRunId: @Sendable () -> String

    package init(now: @escaping @Sendable () -> Timestamp, makeRunId: @escaping @Sendable () -> String) {
        self.now = now
        self.makeRunId = makeRunId
    }
}
