internal import Glibc

/// A port of 127.0.0.1 on which nobody is served, for as long as it is held.
package final class LoopbackPort {
    package enum Manner: Sendable {
        /// Bound, and nobody listens.
        case refusing
        /// Its queue is full and nobody takes from it: who asks hears nothing.
        case silent
    }

    package let port: UInt16
    private var sockets: [Int32] = []

    package init(_ manner: Manner) throws {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let bound = socket(AF_INET, kind, 0)
        sockets = [bound]
        var address = LoopbackServer.loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(bound, $0, size) == 0 && getsockname(bound, $0, &size) == 0
            }
        }
        guard isBound else { throw Files.Unreadable(path: "127.0.0.1") }
        port = UInt16(bigEndian: address.sin_port)
        guard manner == .silent else { return }
        guard listen(bound, 0) == 0 else { throw Files.Unreadable(path: "127.0.0.1") }
        // A queue of length 0 holds one connection; the second is there in case a kernel counts otherwise.
        for _ in 0..<2 {
            let filler = socket(AF_INET, kind, 0)
            sockets.append(filler)
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = unsafe connect(filler, $0, size)
                }
            }
        }
    }

    deinit { for socket in sockets { close(socket) } }
}
