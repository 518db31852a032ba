package import Vocabulary

/// The machine's time.
package struct LiveClock: RunClock {
    private let reading: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp) { reading = now }

    package func now() -> Timestamp { reading() }

    package func pass(_ duration: Duration) async {
        guard duration > .zero else { return }
        // A cancelled wait is over: whoever cancels decides what comes next.
        try? await Task.sleep(for: duration)
    }

    package func limit<Answer: Sendable>(
        until deadline: Timestamp?,
        _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        guard let deadline else { return await work() }
        let left = deadline.duration(since: now())
        let task = Task { await work() }
        let alarm = Task {
            try await Task.sleep(for: max(.zero, left))
            task.cancel()
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
