import AWSAPI
import HTTPExchange
import Synchronization
import Vocabulary

/// A clock that only pauses move, and dice that always show the same.
final class ManualTime: TimeAndChance {
    private struct State {
        var now: Timestamp
        var pauses: [Duration] = []
    }

    private let state: Mutex<State>

    init(_ text: String = "2026-03-01T12:00:00Z") {
        state = Mutex(State(now: Timestamp(text) ?? Timestamp(nanoseconds: 0)))
    }

    var pauses: [Duration] { state.withLock { $0.pauses } }
    func advance(by duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

    func now() -> Timestamp { state.withLock { $0.now } }
    func fraction() -> Double { 0.5 }
    func uuid() -> String { "00000000-0000-4000-8000-000000000001" }

    func pause(for duration: Duration) async {
        state.withLock {
            $0.pauses.append(duration)
            $0.now = $0.now.advanced(by: duration)
        }
    }

    func send(
        _ request: HTTPRequest,
        over transport: any HTTPTransport,
        within limit: Duration
    ) async throws(HTTPFault) -> HTTPResponse {
        try await transport.send(request)
    }
}

/// A small world: variables, files, programs and answers by method and URL.
struct Stage {
    var variables: [String: String] = [:]
    var files: [String: String] = [:]
    var program: @Sendable ([String]) -> AWSSurroundings.ProgramRun = { _ in .failed("it ended with exit code 1") }
    var transport = ScriptedTransport([])
    var time = ManualTime()

    var surroundings: AWSSurroundings {
        AWSSurroundings(
            environment: { [variables] in (variables.merging(["HOME": "/home/x"]) { one, _ in one })[$0] },
            file: { [files] in files[$0].map { .bytes(Array($0.utf8)) } ?? .absent },
            run: { [program] in program($0) },
            transport: transport,
            time: time
        )
    }

    /// What the default chain gives.
    func credentials() async throws -> Credentials? {
        let configuration = try AWSConfiguration(surroundings)
        let ways = DefaultCredentials(
            surroundings,
            profiles: configuration.profiles,
            endpoints: configuration.endpoints,
            region: configuration.region
        )
        return try await ways.provider().credentials()
    }
}

extension ScriptedTransport {
    /// Answers with a status and a body, in order.
    static func answers(_ answers: [(Int, String)]) -> ScriptedTransport {
        ScriptedTransport(answers.map { .success(HTTPResponse(status: $0.0, body: Array($0.1.utf8))) })
    }
}

extension HTTPRequest {
    var text: String { "\(method) \(origin)\(target)" }
    var bodyText: String { String(decoding: body, as: UTF8.self) }
}

/// Gives what a script says, in order.
actor ScriptedProvider: CredentialsProvider {
    nonisolated let name = "script"
    private var script: [Result<Credentials, CredentialsFault>]
    private(set) var asked = 0

    init(_ script: [Result<Credentials, CredentialsFault>]) { self.script = script }

    func credentials() async throws(CredentialsFault) -> Credentials? {
        asked += 1
        // Others get their turn, as they would while an answer is on its way.
        for _ in 0..<20 { await Task.yield() }
        guard !script.isEmpty else { throw .unavailable(from: name, problem: "the script is over", isPassing: true) }
        return try script.removeFirst().get()
    }
}
