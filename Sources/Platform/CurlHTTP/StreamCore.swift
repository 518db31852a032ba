internal import HTTPExchange
internal import Synchronization

/// What the loop and the reader of a stream share: the chunks between them, bounded.
final class StreamCore: Sendable {
    /// Bytes that wait for the reader before the sender is paused.
    static let highWater = 256 << 10

    private struct State {
        var chunks: [[UInt8]] = []
        var size = 0
        var isPaused = false
        var end: Result<Void, HTTPFault>?
        var reader: CheckedContinuation<Void, Never>?
    }

    let head = Waiter()
    private let state = Mutex(State())

    func begin(_ response: HTTPResponse) { head.resume(.success(response)) }

    /// - Returns: false when the chunk was not taken because too much waits already; it comes again after a pause.
    func offer(_ chunk: [UInt8]) -> Bool {
        let (isTaken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard state.size < Self.highWater else {
                state.isPaused = true
                return (false, nil)
            }
            state.chunks.append(chunk)
            state.size += chunk.count
            return (true, state.reader.take())
        }
        reader?.resume()
        return isTaken
    }

    func finish(_ end: Result<Void, HTTPFault>) {
        if case .failure(let fault) = end { head.resume(.failure(fault)) }
        let reader = state.withLock { state in
            state.end = state.end ?? end
            return state.reader.take()
        }
        reader?.resume()
    }

    /// What there is now; `isResumed` says that a paused sender may go on.
    enum Next {
        case chunk([UInt8], isResumed: Bool)
        case end(Result<Void, HTTPFault>)
        case nothing
    }

    func next() -> Next {
        state.withLock { state in
            guard !state.chunks.isEmpty else { return state.end.map { .end($0) } ?? .nothing }
            let chunk = state.chunks.removeFirst()
            state.size -= chunk.count
            let isResumed = state.isPaused && state.size < Self.highWater / 2
            if isResumed { state.isPaused = false }
            return .chunk(chunk, isResumed: isResumed)
        }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.chunks.isEmpty, state.end == nil else { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
