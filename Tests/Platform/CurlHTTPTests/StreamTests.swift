import CurlHTTP
import Glibc
import HTTPExchange
import Synchronization
import TestSupport
import Testing

@Suite("Streams bring their bytes as they come, and no more than somebody reads", .timeLimit(.minutes(5)))
struct StreamTests {
    private static func request(_ server: LoopbackServer) -> HTTPRequest {
        HTTPRequest(method: "GET", origin: server.origin, target: "/watch")
    }

    @Test("the head is there before the first byte, each chunk when the server sends it")
    func chunks() async throws {
        let (steps, next) = AsyncStream<Void>.makeStream()
        let gate = Gate()
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for word in ["one", "two"] {
                gate.wait()
                connection.write("3\r\n\(word)\r\n")
            }
            connection.write("0\r\n\r\n")
            next.finish()
        }
        let stream = try await CurlTransport(CurlSettings(proxy: .none)).stream(Self.request(server))
        #expect(stream.head.status == 200)
        for word in ["one", "two"] {
            gate.open()
            #expect(try await stream.next() == Array(word.utf8))
        }
        #expect(try await stream.next() == nil)
        for await _ in steps {}
    }

    @Test("a reader that is slow holds the sender back, and loses nothing")
    func backpressure() async throws {
        let total = 32 << 20
        let sent = Atomic<Int>(0)
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let chunk = (0..<65_536).map { UInt8(truncatingIfNeeded: $0) }
            for _ in 0..<(total / chunk.count) {
                guard connection.write(chunk) else { return }
                sent.wrappingAdd(chunk.count, ordering: .relaxed)
            }
        }
        let stream = try await CurlTransport(CurlSettings(proxy: .none)).stream(Self.request(server))
        var before = -1
        // Nobody reads: what the buffers take is soon taken, and then nothing moves.
        while before != sent.load(ordering: .relaxed) {
            before = sent.load(ordering: .relaxed)
            for _ in 0..<20_000 { await Task.yield() }
        }
        #expect(before < total)
        var read = 0
        while let bytes = try await stream.next() {
            #expect(bytes.first == UInt8(truncatingIfNeeded: read))
            read += bytes.count
        }
        #expect(read == total)
    }

    @Test("a stream that is let go of ends its exchange")
    func drops() async throws {
        let (gone, told) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            connection.waitForClose()
            told.yield()
        }
        let transport = try CurlTransport(CurlSettings(proxy: .none))
        do {
            let stream = try await transport.stream(Self.request(server))
            #expect(try await stream.next() != nil)
        }
        for await _ in gone { break }
    }

    @Test("a stream that breaks off says so after what came before")
    func breaks() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        }
        let stream = try await CurlTransport(CurlSettings(proxy: .none)).stream(Self.request(server))
        #expect(try await stream.next() == Array("one".utf8))
        await #expect(throws: HTTPFault.self) { _ = try await stream.next() }
    }
}

/// Lets a thread pass once for each time that it is opened.
private final class Gate: Sendable {
    private let count = Atomic<Int>(0)

    func open() { count.wrappingAdd(1, ordering: .relaxed) }

    func wait() {
        // Bounded, so that a test that fails leaves no thread behind.
        for _ in 0..<20_000 where count.load(ordering: .relaxed) == 0 { usleep(1_000) }
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}
