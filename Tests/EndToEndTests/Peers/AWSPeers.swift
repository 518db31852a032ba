import AWSAPI
import CurlHTTP
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

/// AWS servers that we did not write, and a Security Hub that shares no code with the product: `Tests/Peers`.
///
/// They serve one account in one Region on loopback, and check signatures where they can.
final class AWSPeers: Sendable {
    /// Whose Security Hub it is.
    enum Hub: Sendable { case own, corpora }

    static let account = "444455556666"
    static let region = RegionName(unchecked: "eu-central-1")

    /// Those of the suite that runs.
    @TaskLocal static var current: AWSPeers?

    let access: AWSAccess
    private let control: String
    private let program: ReadyProgram
    private let transport: CurlTransport

    init(_ hub: Hub) async throws {
        let folder = PackageFolder.path + "/Tests/Peers"
        var line = "python3 -B '\(folder)/stage.py' --account \(Self.account) --region \(Self.region)"
        if hub == .corpora { line += " --peer '\(Corpora.path("tools/aws-peer"))'" }
        program = try await ReadyProgram.start(line)
        guard let ready = try? JSONReader.parse(program.greeting), let control = ready["control"]?.string,
            let access = AWSAccess(ready)
        else { throw PeerFault(description: "Tests/Peers/stage.py did not start: \(program.greeting)") }
        self.control = control
        self.access = access
        transport = try CurlTransport(CurlSettings(proxy: .none))
    }

    private func ask(_ method: String, _ path: String, _ document: JSONValue? = nil) async throws -> JSONValue {
        let body = document.map { Array(JSONWriter.compact($0).utf8) } ?? []
        let request = HTTPRequest(method: method, origin: control, target: path, body: body, timeout: .seconds(60))
        let response = try await transport.send(request)
        let answer = try JSONReader.parse(response.body)
        guard response.status == 200 else { throw PeerFault(description: "\(path): \(answer)") }
        return answer
    }

    // MARK: - What tests ask of them

    /// Everything begins anew with this account, in the shape of a `world.aws.json`; answers the ids here by the ids there.
    func setWorld(_ world: JSONValue) async throws -> [String: String] {
        let ids = try await ask("PUT", "/world", world).object ?? JSONObject()
        return Dictionary(uniqueKeysWithValues: ids.compactMap { id in id.value.string.map { (id.key, $0) } })
    }

    /// What the servers hold, by their own word.
    func state() async throws -> PeerState { PeerState(document: try await ask("GET", "/state")) }

    /// The access of a user who may do everything but this.
    ///
    /// For rights of other services than Security Hub, EC2 and STS know this user alone until the next world.
    func deny(_ actions: [String]) async throws -> AWSAccess {
        let answer = try await ask("PUT", "/denied", .array(actions.map { .string($0) }))
        return try #require(AWSAccess(answer))
    }

    /// What goes wrong at Security Hub; the document is described in `Tests/Peers/hub_server.py`.
    func setFaults(_ faults: JSONValue) async throws { _ = try await ask("PUT", "/faults", faults) }

    /// A role that our user may assume; answers its ARN.
    func makeRole(_ name: String) async throws -> String {
        try #require(try await ask("PUT", "/role", ["name": .string(name)])["arn"]?.string)
    }
}

/// Where the servers listen, and a key that they know.
struct AWSAccess: Sendable {
    var endpoints: [String: String]
    var keyID: String
    var secret: String

    init?(_ ready: JSONValue) {
        guard let endpoints = ready["endpoints"]?.object, let id = ready["key"]?["id"]?.string,
            let secret = ready["key"]?["secret"]?.string
        else { return nil }
        self.endpoints = Dictionary(
            uniqueKeysWithValues: endpoints.compactMap { one in one.value.string.map { (one.key, $0) } }
        )
        keyID = id
        self.secret = secret
    }

    func with(secret: String) -> AWSAccess {
        var other = self
        other.secret = secret
        return other
    }

    /// For a program that is to call these servers.
    var environment: [String] { endpointVariables + ["AWS_ACCESS_KEY_ID=\(keyID)", "AWS_SECRET_ACCESS_KEY=\(secret)"] }

    var endpointVariables: [String] {
        endpoints.sorted { $0.key < $1.key }.map { service, origin in
            let id = service == "autoscaling" ? "AUTO_SCALING" : service.uppercased()
            return "AWS_ENDPOINT_URL_\(id)=\(origin)"
        }
    }

    /// The product's own client, signing with this key; it does not wait between attempts.
    func client(attempts: Int = 1) throws -> AWSClient {
        let sender = SigningTransport(
            over: try CurlTransport(CurlSettings(proxy: .none)),
            credentials: FixedCredentials(Credentials(accessKeyID: keyID, secretAccessKey: Secret(secret))),
            clock: ServiceClock(ImpatientTime()),
            rules: RetryRules(attempts: attempts)
        )
        let account = try #require(AccountID(AWSPeers.account))
        return AWSClient(sender: sender, account: account, endpoints: AWSEndpoints(overrides: endpoints))
    }
}

/// Credentials that never change.
private struct FixedCredentials: CredentialsSource {
    private let credentials: Credentials

    init(_ credentials: Credentials) { self.credentials = credentials }

    func current() async throws(CredentialsFault) -> Credentials { credentials }
    func discard(_ refused: Credentials) async {}
}

/// This machine's clock, without the pauses.
private struct ImpatientTime: TimeAndChance {
    private let machine = MachineTime()

    func now() -> Timestamp { machine.now() }
    func pause(for duration: Duration) async {}
    func fraction() -> Double { machine.fraction() }
    func uuid() -> String { machine.uuid() }

    func send(
        _ request: HTTPRequest,
        over transport: any HTTPTransport,
        within limit: Duration
    ) async throws(HTTPFault) -> HTTPResponse {
        try await machine.send(request, over: transport, within: limit)
    }
}

struct PeerFault: Error, CustomStringConvertible { var description: String }
