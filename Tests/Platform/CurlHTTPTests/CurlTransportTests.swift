import CurlHTTP
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

/// Answers every request of a connection with the same text.
private let echo: LoopbackServer.Script = { connection in
    while let request = connection.read() {
        connection.answer(200, "\(request.line)|\(String(decoding: request.body, as: UTF8.self))")
    }
}

@Suite("Requests go out once and come back whole, or say why not", .timeLimit(.minutes(5)))
struct CurlTransportTests {
    private static func transport(_ change: (inout CurlSettings) -> Void = { _ in }) throws -> CurlTransport {
        var settings = CurlSettings(proxy: .none)
        change(&settings)
        return try CurlTransport(settings)
    }

    private static func request(
        _ method: String = "GET",
        _ server: LoopbackServer,
        _ target: String = "/",
        body: String = "",
        timeout: Duration? = nil
    ) -> HTTPRequest {
        HTTPRequest(
            method: method,
            origin: server.origin,
            target: target,
            headers: [HTTPHeader("Content-Type", "text/plain"), HTTPHeader("X-Empty", "")],
            body: Array(body.utf8),
            timeout: timeout
        )
    }

    private func fault(_ work: () async throws -> HTTPResponse) async -> HTTPFault? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? HTTPFault
        }
    }

    @Test(
        "every method arrives with its path and body as they were written",
        arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        ["", "hello"]
    )
    func methods(_ method: String, _ body: String) async throws {
        let server = try LoopbackServer(echo)
        let target = "/a/../b//%2F?q=a%20b&empty="
        let answer = try await Self.transport().send(Self.request(method, server, target, body: body))
        #expect(String(decoding: answer.body, as: UTF8.self) == "\(method) \(target) HTTP/1.1|\(body)")
        let received = try #require(server.requests.first)
        #expect(received["X-Empty"] == "" && received["Content-Type"] == "text/plain" && received["Expect"] == nil)
        #expect(received["Host"] == "127.0.0.1:\(server.port)" && received["Accept"] == nil)
    }

    @Test("one connection serves one request after the other")
    func keepsAlive() async throws {
        let server = try LoopbackServer(echo)
        let transport = try Self.transport()
        for number in 0..<20 { _ = try await transport.send(Self.request("POST", server, "/\(number)", body: "x")) }
        #expect(server.connections == 1 && server.requests.count == 20)
    }

    @Test("a head counts after those that went before it, and its headers keep their order")
    func heads() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n")
            connection.write("HTTP/1.1 207 Odd\r\nX-A:  one \r\nx-a: two\r\nContent-Length: 2\r\n\r\nok")
        }
        let answer = try await Self.transport().send(Self.request("GET", server))
        #expect(answer.status == 207 && answer.body == Array("ok".utf8))
        #expect(answer.headers.map(\.value) == ["one", "two", "2"])
    }

    @Test("a redirect is an answer: nothing goes to another place")
    func redirects() async throws {
        let other = try LoopbackServer(echo)
        let target = other.origin
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.answer(302, headers: ["Location: \(target)/stolen"])
        }
        var request = Self.request("GET", server)
        request.headers.append(HTTPHeader("Authorization", "Bearer secret"))
        let answer = try await Self.transport().send(request)
        #expect(answer.status == 302 && answer.headers["location"] == target + "/stolen")
        #expect(other.connections == 0)
    }

    @Test(
        "what would begin a line of its own is never sent",
        arguments: ["a\r\nX-Evil: 1", "a\nb", "a\0b"]
    )
    func injection(_ value: String) async throws {
        let server = try LoopbackServer(echo)
        let transport = try Self.transport()
        var header = Self.request("GET", server)
        header.headers.append(HTTPHeader("X-Name", value))
        var name = Self.request("GET", server)
        name.headers.append(HTTPHeader(value, "x"))
        for request in [header, name, Self.request("GET", server, "/" + value), Self.request("GET" + value, server)] {
            let fault = await fault { try await transport.send(request) }
            #expect(fault?.reason == .unreachable)
        }
        #expect(server.connections == 0)
    }

    @Test("an answer larger than the limit is refused, whatever it says of its length")
    func bounds() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while connection.write([UInt8](repeating: 65, count: 65_536)) {}
        }
        let transport = try Self.transport { $0.maxBodyBytes = 1 << 20 }
        let fault = await fault { try await transport.send(Self.request("GET", server)) }
        #expect(fault?.reason == .tooLarge)
        let endless = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: \(String(repeating: "a", count: 1_000))\r\n") {}
        }
        let head = await self.fault { try await transport.send(Self.request("GET", endless)) }
        #expect(head?.reason == .tooLarge || head?.reason == .answerLost, "\(String(describing: head))")
    }

    @Test("a server that does not answer costs its timeout and no more")
    func stalls() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.waitForClose()
        }
        let transport = try Self.transport()
        let request = Self.request("POST", server, body: "x", timeout: .milliseconds(200))
        let fault = await fault { try await transport.send(request) }
        #expect(fault?.reason == .timedOut && fault?.report.retry == .unknown)
    }

    @Test("what never left may be repeated, what may have arrived is not known")
    func reasons() async throws {
        let nobody = try TLSProxy.freePort()
        let transport = try Self.transport()
        let refused = HTTPRequest(method: "POST", origin: "http://127.0.0.1:\(nobody)", target: "/", body: [1])
        #expect(await fault { try await transport.send(refused) }?.reason == .unreachable)
        let unknown = HTTPRequest(method: "GET", origin: "http://no-such-host.invalid", target: "/")
        #expect(await fault { try await transport.send(unknown) }?.reason == .unreachable)
        let silent = try LoopbackServer { connection in
            _ = connection.read()
            connection.reset()
        }
        #expect(
            await fault { try await transport.send(Self.request("POST", silent, body: "x")) }?.reason == .answerLost
        )
        let half = try LoopbackServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        #expect(await fault { try await transport.send(Self.request("GET", half)) }?.reason == .answerLost)
    }

    @Test(
        "a write that a dying connection swallowed is not sent again",
        arguments: [("POST", "body"), ("DELETE", ""), ("POST", ""), ("PATCH", "body"), ("DELETE", "body")]
    )
    func sendsOnce(_ method: String, _ body: String) async throws {
        let server = try LoopbackServer { connection in
            guard connection.read() != nil else { return }
            connection.answer(200)
            // The second request is read, and the connection ends without a word.
            _ = connection.read()
            connection.close()
        }
        let transport = try Self.transport()
        _ = try await transport.send(Self.request("GET", server, "/first"))
        let fault = await fault { try await transport.send(Self.request(method, server, "/write", body: body)) }
        let writes = server.requests.filter { $0.line.hasPrefix(method + " /write") }
        #expect(writes.count == 1)
        // Without a body a fresh connection is used, which answers.
        #expect(body.isEmpty ? fault == nil : fault?.reason == .answerLost, "\(String(describing: fault))")
    }

    @Test("a cancelled request ends at once, and the server sees it go")
    func cancels() async throws {
        let (gone, told) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { connection in
            _ = connection.read()
            connection.waitForClose()
            told.yield()
        }
        let transport = try Self.transport()
        let task = Task { try await transport.send(Self.request("POST", server, body: "x")) }
        while server.requests.isEmpty { await Task.yield() }
        task.cancel()
        let fault = await fault { try await task.value }
        #expect(fault?.reason == .cancelled)
        for await _ in gone { break }
    }

    @Test("no more requests than allowed are under way at one origin, and none is left behind")
    func admits() async throws {
        let server = try LoopbackServer(echo)
        let transport = try Self.transport { $0.maxInFlightPerOrigin = 3 }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask { try await transport.send(Self.request("GET", server, "/\(number)")).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.requests.count == 200 && server.connections <= 3)
    }

    @Test("a storm of cancelled requests leaves the transport in order")
    func cancelStorm() async throws {
        let server = try LoopbackServer(echo)
        let transport = try Self.transport { $0.maxInFlightPerOrigin = 4 }
        let tasks = (0..<300).map { number in
            Task { try await transport.send(Self.request("GET", server, "/\(number)")) }
        }
        for (place, task) in tasks.enumerated() where place % 2 == 0 { task.cancel() }
        for (place, task) in tasks.enumerated() where place % 2 == 1 { #expect(try await task.value.status == 200) }
        #expect(try await transport.send(Self.request("GET", server)).status == 200)
    }

    @Test("a proxy gets the whole address, unless none is to be used")
    func proxies() async throws {
        let proxy = try LoopbackServer(echo)
        let server = try LoopbackServer(echo)
        let address = proxy.origin
        let through = try Self.transport { $0.proxy = .url(address) }
        _ = try await through.send(Self.request("GET", server, "/path"))
        #expect(proxy.requests.first?.line == "GET \(server.origin)/path HTTP/1.1" && server.connections == 0)
        _ = try await Self.transport { $0.proxy = .none }.send(Self.request("GET", server))
        #expect(server.connections == 1)
    }
}
