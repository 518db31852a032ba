internal import Glibc
internal import TestSupport

/// A server as lean as one can be, in a process of its own: what it costs must not blur what the clients cost.
///
/// One thread for each connection; `GET /small` is answered with 200 bytes, anything else with 64 KiB.
@safe final class PlainServer {
    let port: Int
    private let process: pid_t
    private let lifeline: Int32

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, size) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard listener >= 0, isBound else { throw BenchmarkFault("no port on 127.0.0.1: error \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        var ends: [Int32] = [-1, -1]
        guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else {
            throw BenchmarkFault("no pipe: error \(errno)")
        }
        // Only this process may hold the end by which the other one sees that it is gone.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        lifeline = ends[1]
        process = try Self.startAgain(with: listener, ends[0])
        close(ends[0])
        close(listener)
    }

    deinit {
        close(lifeline)
        _ = waitpid(process, nil, 0)
    }

    /// This program once more, as a server that inherits the socket; it ends when its standard input does.
    private static func startAgain(with listener: Int32, _ input: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        let words = ["/proc/self/exe", "serve", "\(listener)"]
        var arguments = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { for place in unsafe arguments.indices { unsafe free(arguments[place]) } }
        var process = pid_t()
        let problem = unsafe posix_spawn(&process, "/proc/self/exe", &actions, nil, arguments, environ)
        guard problem == 0 else { throw BenchmarkFault("the server does not start: error \(problem)") }
        return process
    }

    // MARK: - In the server's process

    static func serve(_ listener: Int32) {
        LoopbackServer.thread {
            var byte: UInt8 = 0
            while unsafe read(STDIN_FILENO, &byte, 1) > 0 {}
            exit(0)
        }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            var on: Int32 = 1
            unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            LoopbackServer.thread { answer(connection) }
        }
    }

    private static let small = message(200)
    private static let large = message(65_536)

    private static func message(_ size: Int) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(size)\r\n\r\n".utf8)
            + [UInt8](repeating: UInt8(ascii: "x"), count: size)
    }

    private static func answer(_ connection: Int32) {
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        var filled = 0
        while true {
            let count = unsafe buffer[filled...].withUnsafeMutableBytes {
                unsafe recv(connection, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return }
            filled += count
            // Requests have no bodies and come one after the other: a head that is whole ends with an empty line.
            guard filled >= 4, buffer[(filled - 4)..<filled].elementsEqual([13, 10, 13, 10]) else { continue }
            let bytes = buffer[5..<min(10, filled)].elementsEqual("small".utf8) ? small : large
            filled = 0
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes[sent...].withUnsafeBytes {
                    unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
