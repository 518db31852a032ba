package import HTTPExchange
package import Vocabulary

/// Gives tokens for an API server: at hand, or fetched anew.
package protocol TokenSource: Sendable {
    /// `isRefused`: the server took the last one for none, so it is not to be given again.
    func token(isRefused: Bool) async throws -> Secret
}

/// Puts a bearer token on every request; when the server refuses it, gets a new one and asks once more.
///
/// An answer of 401 comes before anything is done, so writes may be asked for again too.
package struct BearerTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let tokens: any TokenSource

    package init(_ transport: any HTTPTransport, tokens: any TokenSource) {
        self.transport = transport
        self.tokens = tokens
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        let answer = try await transport.send(try await signed(request, isRefused: false))
        guard answer.status == 401 else { return answer }
        return try await transport.send(try await signed(request, isRefused: true))
    }

    private func signed(_ request: HTTPRequest, isRefused: Bool) async throws(HTTPFault) -> HTTPRequest {
        let token: Secret
        do {
            token = try await tokens.token(isRefused: isRefused)
        } catch {
            let why = (error as? any ActionableError)?.report.description ?? "\(error)"
            throw HTTPFault(.unreachable, "no credential for the cluster: \(why)", url: request.origin)
        }
        var request = request
        request.headers.append(HTTPHeader("Authorization", "Bearer " + token.exposed))
        return request
    }
}

/// A token that never changes.
package struct FixedToken: TokenSource {
    private let value: Secret

    package init(_ value: Secret) { self.value = value }

    package func token(isRefused: Bool) -> Secret { value }
}

/// A token that somebody renews, kept as long as it is good.
package actor RenewedToken: TokenSource {
    /// A token and when it has to be fetched again; nil: when it is refused.
    package typealias Fetched = (token: Secret, until: Timestamp?)

    private let fetch: @Sendable () async throws -> Fetched
    private let now: @Sendable () -> Timestamp
    private var kept: Fetched?
    /// Tasks that ask at the same time share one fetch.
    private var running: Task<Fetched, any Error>?

    package init(now: @escaping @Sendable () -> Timestamp, fetch: @escaping @Sendable () async throws -> Fetched) {
        self.now = now
        self.fetch = fetch
    }

    package func token(isRefused: Bool) async throws -> Secret {
        if !isRefused, let kept, kept.until.map({ now() < $0 }) ?? true { return kept.token }
        if let running { return try await running.value.token }
        // Not tied to the asking task: others wait for it too.
        let task = Task { [fetch] in try await fetch() }
        running = task
        defer { running = nil }
        let fetched = try await task.value
        kept = fetched
        return fetched.token
    }
}

extension RenewedToken {
    /// A service account's token, read again after a minute: the kubelet renews it well before it ends.
    package static func file(
        _ path: String,
        now: @escaping @Sendable () -> Timestamp,
        read: @escaping @Sendable (String) throws -> [UInt8]
    ) -> RenewedToken {
        RenewedToken(now: now) {
            let text = String(decoding: try read(path), as: UTF8.self)
            let token = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            guard !token.isEmpty else { throw AccessFault.noFile(path, "it holds no token") }
            return (Secret(token), now().advanced(by: .seconds(60)))
        }
    }

    /// What a program prints, until a minute before it ends.
    package static func command(
        _ command: ExecCommand,
        now: @escaping @Sendable () -> Timestamp,
        run: @escaping @Sendable (ExecCommand) async throws -> [UInt8]
    ) -> RenewedToken {
        RenewedToken(now: now) {
            let credential = try ExecCredential(try await run(command), of: command)
            guard let token = credential.token else {
                throw AccessFault.command(command.command, "it gives a certificate, and a token is needed")
            }
            return (token, credential.expires.map { $0.advanced(by: .seconds(-60)) })
        }
    }
}
