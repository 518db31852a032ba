import CurlHTTP
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

@Suite(
    "Servers are who they say, and so are we",
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(5))
)
struct TLSTests {
    private static func backend() throws -> LoopbackServer {
        try LoopbackServer { connection in while connection.read() != nil { connection.answer(200, "ok") } }
    }

    private static func send(_ proxy: TLSProxy, _ tls: TLSSettings, body: [UInt8] = []) async throws -> HTTPResponse {
        let transport = try CurlTransport(CurlSettings(proxy: .none, tls: tls))
        let method = body.isEmpty ? "GET" : "POST"
        return try await transport.send(HTTPRequest(method: method, origin: proxy.origin, target: "/", body: body))
    }

    private static func reason(_ work: () async throws -> HTTPResponse) async -> HTTPFault.Reason? {
        do {
            _ = try await work()
            return nil
        } catch {
            return (error as? HTTPFault)?.reason
        }
    }

    @Test("an authority that is given is trusted, and HTTP/1.1 is spoken with a server that offers HTTP/2")
    func authority() async throws {
        let backend = try Self.backend()
        let proxy = try TLSProxy(before: backend.port)
        let tls = TLSSettings(authorities: try proxy.file("ca.pem"))
        #expect(try await Self.send(proxy, tls).status == 200)
        #expect(try await Self.send(proxy, tls, body: Array("x".utf8)).status == 200)
        #expect(backend.requests.allSatisfy { $0["Via"]?.hasPrefix("1.1 ") == true })
    }

    /// Over one HTTP/2 connection libcurl 7.88 kept the last bytes of some answers for itself until their timeout: most
    /// often where bodies of several frames come at the same time, in one of some thousand answers.
    @Test("of many large answers at the same time each comes whole and soon")
    func large() async throws {
        let body = String(repeating: "x", count: 65_536)
        let backend = try LoopbackServer { connection in while connection.read() != nil { connection.answer(200, body) }
        }
        let proxy = try TLSProxy(before: backend.port)
        let tls = TLSSettings(authorities: try proxy.file("ca.pem"))
        let transport = try CurlTransport(CurlSettings(proxy: .none, tls: tls))
        let request = HTTPRequest(method: "GET", origin: proxy.origin, target: "/", timeout: .seconds(20))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    for _ in 0..<100 {
                        guard try await transport.send(request).body.count == body.utf8.count else { return false }
                    }
                    return true
                }
            }
            for try await isWhole in group { #expect(isWhole) }
        }
    }

    @Test("many requests at the same time arrive once each")
    func many() async throws {
        let backend = try Self.backend()
        let proxy = try TLSProxy(before: backend.port)
        let settings = CurlSettings(
            maxInFlightPerOrigin: 64,
            proxy: .none,
            tls: TLSSettings(authorities: try proxy.file("ca.pem"))
        )
        let transport = try CurlTransport(settings)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<128 {
                let request = HTTPRequest(
                    method: "POST",
                    origin: proxy.origin,
                    target: "/\(number)",
                    body: [UInt8](repeating: 7, count: 300)
                )
                group.addTask { try await transport.send(request).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(Set(backend.requests.map(\.line)).count == 128 && backend.requests.count == 128)
    }

    @Test("an unknown authority, another name and a missing certificate are refused before anything is sent")
    func refuses() async throws {
        let backend = try Self.backend()
        let proxy = try TLSProxy(before: backend.port)
        #expect(await Self.reason { try await Self.send(proxy, TLSSettings()) } == .unreachable)
        let named = try TLSProxy(before: backend.port, names: "DNS:other.example")
        let tls = TLSSettings(authorities: try named.file("ca.pem"))
        #expect(await Self.reason { try await Self.send(named, tls) } == .unreachable)
        #expect(backend.connections == 0)
        var byName = tls
        byName.serverName = "other.example"
        #expect(try await Self.send(named, byName).status == 200)
        var unchecked = TLSSettings()
        unchecked.verifiesServer = false
        #expect(try await Self.send(named, unchecked).status == 200)
    }

    @Test("a client certificate opens the door of a server that asks for one")
    func clientCertificate() async throws {
        let backend = try Self.backend()
        let proxy = try TLSProxy(before: backend.port, asksForCertificate: true)
        var tls = TLSSettings(authorities: try proxy.file("ca.pem"))
        let without = await Self.reason { try await Self.send(proxy, tls) }
        #expect(without != nil && backend.requests.isEmpty)
        tls.certificate = try proxy.file("client.pem")
        tls.key = Secret(String(decoding: try proxy.file("client.key"), as: UTF8.self))
        #expect(try await Self.send(proxy, tls).status == 200)
    }
}
