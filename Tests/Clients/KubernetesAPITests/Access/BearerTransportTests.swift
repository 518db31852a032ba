import HTTPExchange
import KubernetesAPI
import Synchronization
import Testing
import Vocabulary

/// Takes one token at a time, and counts who came with which.
private actor Door: HTTPTransport {
    private(set) var seen: [String] = []
    var good: String

    init(_ good: String) { self.good = good }

    func send(_ request: HTTPRequest) -> HTTPResponse {
        let token = request.headers["authorization"] ?? ""
        seen.append(token)
        return HTTPResponse(status: token == "Bearer " + good ? 200 : 401)
    }
}

@Suite("Tokens are fetched when they are needed, and once for all who wait")
struct BearerTransportTests {
    private static let request = HTTPRequest(method: "GET", origin: "https://cluster", target: "/api")

    @Test("a refused token is fetched again, once")
    func refreshes() async throws {
        let door = Door("t2")
        let count = Atomic<Int>(0)
        let start = { @Sendable in Timestamp(nanoseconds: 0) }
        let tokens = RenewedToken(now: start) {
            (Secret("t\(count.wrappingAdd(1, ordering: .relaxed).newValue)"), nil)
        }
        let transport = BearerTransport(door, tokens: tokens)
        #expect(try await transport.send(Self.request).status == 200)
        #expect(await door.seen == ["Bearer t1", "Bearer t2"])
        #expect(try await transport.send(Self.request).status == 200)
        #expect(await door.seen.count == 3)
        let closed = BearerTransport(Door("other"), tokens: FixedToken(Secret("x")))
        #expect(try await closed.send(Self.request).status == 401)
    }

    @Test("a token is fetched before it ends, and tasks that ask together share one fetch")
    func renews() async throws {
        let clock = Mutex(Timestamp(milliseconds: 0))
        let count = Atomic<Int>(0)
        let command = ExecCommand(apiVersion: "client.authentication.k8s.io/v1", command: "get-token")
        let now = { @Sendable in clock.withLock { $0 } }
        let tokens = RenewedToken.command(command, now: now) { _ in
            let number = count.wrappingAdd(1, ordering: .relaxed).newValue
            await Task.yield()
            let status: JSONValue = ["token": .string("t\(number)"), "expirationTimestamp": "1970-01-01T00:15:00Z"]
            let credential: JSONValue = [
                "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": status,
            ]
            return Array(JSONWriter.compact(credential).utf8)
        }
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await tokens.token(isRefused: false).exposed } }
            for try await token in group { #expect(token == "t1") }
        }
        clock.withLock { $0 = Timestamp(milliseconds: 13 * 60_000) }
        #expect(try await tokens.token(isRefused: false).exposed == "t1")
        clock.withLock { $0 = Timestamp(milliseconds: 14 * 60_000) }
        #expect(try await tokens.token(isRefused: false).exposed == "t2")
    }

    @Test("a file's token is the one that stands there now")
    func files() async throws {
        let clock = Mutex(Timestamp(milliseconds: 0))
        let content = Mutex("one\n")
        let now = { @Sendable in clock.withLock { $0 } }
        let tokens = RenewedToken.file("/sa/token", now: now) { _ in
            Array(content.withLock { $0 }.utf8)
        }
        #expect(try await tokens.token(isRefused: false).exposed == "one")
        content.withLock { $0 = "two" }
        #expect(try await tokens.token(isRefused: false).exposed == "one")
        clock.withLock { $0 = Timestamp(milliseconds: 61_000) }
        #expect(try await tokens.token(isRefused: false).exposed == "two")
        content.withLock { $0 = "\n" }
        await #expect(throws: AccessFault.self) { try await tokens.token(isRefused: true) }
    }

    @Test(
        "what a program prints is read strictly, and never repeated in a message",
        arguments: [
            "secret-text", "{\"kind\":\"ExecCredential\",\"apiVersion\":\"v9\",\"status\":{\"token\":\"secret-text\"}}",
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}",
        ]
    )
    func output(_ text: String) {
        let command = ExecCommand(apiVersion: "client.authentication.k8s.io/v1", command: "get-token")
        do {
            _ = try ExecCredential(Array(text.utf8), of: command)
            Issue.record("it was taken")
        } catch {
            #expect(error.report.code == "ACCESS-005" && !error.report.description.contains("secret-text"))
        }
    }
}
