internal import Synchronization

/// Handles between two exchanges of one transport: making and freeing them costs as much as a small answer's bytes.
final class HandleShelf: Sendable {
    /// More are freed.
    private static let room = 16

    private let handles = Mutex<[EasyHandle]>([])

    func take() throws(CurlFault) -> EasyHandle {
        if let kept = handles.withLock({ $0.popLast() }) { return kept }
        return try EasyHandle()
    }

    /// Takes back a handle that has left the loop.
    func put(_ handle: EasyHandle) {
        // One that libcurl does not make good again is let go of.
        guard (try? handle.clear()) != nil else { return }
        handles.withLock { if $0.count < Self.room { $0.append(handle) } }
    }
}
