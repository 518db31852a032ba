internal import Glibc

/// A thread of its own for work that blocks, so that no task has to wait behind it.
enum HostThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// False when the machine has no thread left; the body has not run then.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(body))
        let isStarted = unsafe pthread_create(&thread, nil, run, work.toOpaque()) == 0
        if isStarted { pthread_detach(thread) } else { unsafe work.release() }
        return isStarted
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
        if let raw = unsafe raw { unsafe Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body() }
        return nil
    }
}
