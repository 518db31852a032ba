internal import Glibc
internal import Synchronization

/// A server on 127.0.0.1 that does exactly what a test says, byte by byte; it stops with its last reference.
package final class LoopbackServer: Sendable {
    package typealias Script = @Sendable (Connection) -> Void

    package let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var requests: [ReceivedRequest] = []
        var connections = 0
    }

    /// `script` runs once for each connection, on a thread of its own; the connection closes when it returns.
    package init(_ script: @escaping Script) throws {
        // Other tests start programs meanwhile: one that inherited a connection would keep it open.
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = Self.loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, size) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw Files.Unreadable(path: "127.0.0.1") }
        port = Int(UInt16(bigEndian: address.sin_port))
        let context = Context(listener: listener, script: script, server: self)
        Self.thread { context.accept() }
    }

    deinit {
        // Ends `accept`; the accepting thread closes, because the number may be given to another socket at once.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package var origin: String { "http://127.0.0.1:\(port)" }
    package var requests: [ReceivedRequest] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    fileprivate func note(_ request: ReceivedRequest) { state.withLock { $0.requests.append(request) } }
    fileprivate func noteConnection() { state.withLock { $0.connections += 1 } }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    package static func thread(_ work: @escaping @Sendable () -> Void) {
        final class Box {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(Box(work)).toOpaque()
        unsafe pthread_create(
            &thread,
            nil,
            { box in
                guard let box = unsafe box else { return nil }
                unsafe Unmanaged<Box>.fromOpaque(box).takeRetainedValue().work()
                return nil
            },
            box
        )
        pthread_detach(thread)
    }

    private struct Context: Sendable {
        let listener: Int32
        let script: Script
        /// Weak: the accepting thread must not keep the server alive.
        weak let server: LoopbackServer?

        init(listener: Int32, script: @escaping Script, server: LoopbackServer) {
            self.listener = listener
            self.script = script
            self.server = server
        }

        func accept() {
            while true {
                let descriptor = Glibc.accept(listener, nil, nil)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard descriptor >= 0 else {
                    Glibc.close(listener)
                    return
                }
                server?.noteConnection()
                let (script, server) = (script, server)
                LoopbackServer.thread {
                    let connection = Connection(descriptor, server)
                    script(connection)
                    connection.close()
                }
            }
        }
    }
}

/// A request as a server read it.
package struct ReceivedRequest: Sendable {
    package var line: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// One connection, in the hands of the test's script.
package final class Connection: Sendable {
    private let descriptor: Int32
    private weak let server: LoopbackServer?
    private let input = Mutex<[UInt8]>([])

    fileprivate init(_ descriptor: Int32, _ server: LoopbackServer?) {
        self.descriptor = descriptor
        self.server = server
    }

    /// The next request, its body read to the end; nil when the other side has closed.
    package func read() -> ReceivedRequest? {
        var bytes = input.withLock { $0 }
        while bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            guard let more = receive() else { return nil }
            bytes += more
        }
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
        var request = ReceivedRequest(line: lines.first ?? "", headers: [], body: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            request.headers.append((String(line[..<colon]), String(value)))
        }
        let length = request["Content-Length"].flatMap { Int($0) } ?? 0
        while bytes.count < end.upperBound + length {
            guard let more = receive() else { return nil }
            bytes += more
        }
        request.body = Array(bytes[end.upperBound..<(end.upperBound + length)])
        let rest = Array(bytes[(end.upperBound + length)...])
        input.withLock { $0 = rest }
        server?.note(request)
        return request
    }

    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// - Returns: false when the other side is gone.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Answers with a body of known length.
    @discardableResult
    package func answer(_ status: Int, _ body: String = "", headers: [String] = []) -> Bool {
        let lines = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)"] + headers
        return write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Waits until the other side has closed.
    package func waitForClose() { while receive() != nil {} }

    /// Ends the connection so that the other side sees a reset.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    private let isClosed = Atomic<Bool>(false)

    package func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        Glibc.close(descriptor)
    }
}
