internal import HTTPExchange
internal import Synchronization

/// Where an answer goes.
enum Sink: Sendable {
    /// To one waiting caller, when all of it is there.
    case whole(Waiter)
    case stream(StreamCore)
}

/// One caller that waits for one value; the first that is given counts.
///
/// A value that comes before the caller waits is kept for it.
final class Waiter: Sendable {
    typealias Answer = Result<HTTPResponse, HTTPFault>

    private enum State {
        case open
        case waiting(CheckedContinuation<Answer, Never>)
        case ready(Answer)
        case done
    }

    private let state = Mutex(State.open)

    func wait() async -> Answer {
        await withCheckedContinuation { continuation in
            let ready: Answer? = state.withLock { state in
                if case .ready(let answer) = state {
                    state = .done
                    return answer
                }
                state = .waiting(continuation)
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    func resume(_ answer: Answer) {
        let waiting: CheckedContinuation<Answer, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .ready(answer)
                return nil
            case .waiting(let continuation):
                state = .done
                return continuation
            case .ready, .done: return nil
            }
        }
        waiting?.resume(returning: answer)
    }
}
