internal import Glibc

/// Threads of our own, for work that blocks: no task has to wait behind it, and the cooperative pool never waits for a disk.
package enum HostThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a detached thread, which keeps the body until it has run.
    ///
    /// - Returns: false when the machine has no thread left; the body has not run then, and will not.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(body))
        guard unsafe pthread_create(&thread, nil, run, work.toOpaque()) == 0 else {
            unsafe work.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Runs the body on a thread of its own, and waits for it without holding a thread of the pool.
    ///
    /// - Returns: nil when the machine has no thread left; the body has not run then.
    package static func value<Value: Sendable>(of body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let isStarted = start { continuation.resume(returning: body()) }
            if !isStarted { continuation.resume(returning: nil) }
        }
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
        if let raw = unsafe raw { unsafe Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body() }
        return nil
    }
}
