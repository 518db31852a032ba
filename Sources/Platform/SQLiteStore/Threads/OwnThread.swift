internal import Glibc

/// Threads of our own, for C that blocks: the cooperative pool must never wait for a disk.
enum OwnThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread; false when the system has none left.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        guard unsafe pthread_create(&thread, nil, entry, body.toOpaque()) == 0 else {
            unsafe body.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }

    /// Runs blocking work on a thread of its own and waits for it without holding a thread of the pool.
    static func run<Value: Sendable>(
        _ path: String,
        _ work: @escaping @Sendable () throws(StoreFault) -> Value
    ) async throws(StoreFault) -> Value {
        let answer: Result<Value, StoreFault> = await withCheckedContinuation { continuation in
            let isStarted = start { continuation.resume(returning: Result(catching: work)) }
            if !isStarted {
                continuation.resume(returning: .failure(.unreachable(path: path, detail: "no thread can be started")))
            }
        }
        return try answer.get()
    }
}
