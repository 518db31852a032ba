internal import AWSAPI
internal import Dispatch
internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Synchronization
internal import TestSupport
internal import Vocabulary
internal import YAMLTree

/// The rehearsal world of a playbook, served live.
final class ServedStage: Sendable {
    private static let token = "the-token"

    let arrivals = Arrivals()
    let aws: LoopbackServer
    private let kubernetes: LoopbackServer
    private let proxy: TLSProxy
    private let world: RehearsalWorld
    private let objects: [JSONValue]
    private let account: JSONValue

    init(_ folder: String) async throws {
        account = try JSONReader.parse(Files.bytes(folder + "/world.aws.json"))
        objects = try YAMLTree.parseAll(try Files.bytes(folder + "/world.yaml"), file: "world.yaml", limits: .dump)
            .map(\.json)
        let now = Timestamp(milliseconds: 1_795_576_000_000)
        let world = RehearsalWorld(cluster: try RehearsalCluster(objects), clock: { now })
        let arrivals = arrivals
        self.world = world
        kubernetes = try LoopbackServer {
            Self.serve($0, world, arrivals, ofCluster: true) { _ in RehearsalCluster.origin }
        }
        aws = try LoopbackServer { Self.serve($0, world, arrivals, ofCluster: false, Self.awsOrigin) }
        proxy = try TLSProxy(before: kubernetes.port)
        try await begin()
    }

    /// Everything is as it was at the start.
    func begin() async throws {
        await world.replace(cluster: try RehearsalCluster(objects), account: try RehearsalAWS(account))
        let user = RehearsalAuthorizer.User("firebreak", grant: .everything)
        await world.change { $0.authorizer = RehearsalAuthorizer(users: [Self.token: user]) }
        arrivals.forget()
    }

    var kubeconfig: String {
        let name = account["eks"]?["clusters"]?[0]?["arn"]?.string ?? ""
        let cluster = "{ server: \"\(proxy.origin)\", certificate-authority: \"\(proxy.path("ca.pem"))\" }"
        return """
            current-context: here
            clusters: [{ name: "\(name)", cluster: \(cluster) }]
            users: [{ name: me, user: { token: "\(Self.token)" } }]
            contexts: [{ name: here, context: { cluster: "\(name)", user: me } }]
            """
    }

    /// The service that a request is for, as its signature names it.
    private static func awsOrigin(_ request: ReceivedRequest) -> String {
        let scope = request["Authorization"]?.split(separator: "Credential=").last?.split(separator: ",").first ?? ""
        let parts = scope.split(separator: "/")
        guard parts.count == 5, let region = RegionName(String(parts[2])) else { return "https://unsigned.invalid" }
        return AWSEndpoints().origin(of: String(parts[3]), in: region)
    }

    private static func serve(
        _ connection: Connection,
        _ world: RehearsalWorld,
        _ arrivals: Arrivals,
        ofCluster: Bool,
        _ origin: (ReceivedRequest) -> String
    ) {
        while let received = connection.read() {
            let words = received.line.split(separator: " ").map(String.init)
            guard words.count == 3 else { return }
            let request = HTTPRequest(
                method: words[0],
                origin: origin(received),
                target: words[1],
                headers: received.headers.map { HTTPHeader($0.name, $0.value) },
                body: received.body
            )
            arrivals.note(request, ofCluster: ofCluster)
            guard let answer = ask(world, request) else { return }
            let headers = answer.headers.filter { $0.name.lowercased() != "content-length" }
            let text = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            let head = "HTTP/1.1 \(answer.status) Status\r\nContent-Length: \(answer.body.count)\r\n\(text)\r\n"
            connection.write(Array(head.utf8) + answer.body)
        }
    }

    /// The connection's thread waits for the world, which is an actor; nil when that has nothing at the address.
    private static func ask(_ world: RehearsalWorld, _ request: HTTPRequest) -> HTTPResponse? {
        let done = DispatchSemaphore(value: 0)
        let answer = Mutex<HTTPResponse?>(nil)
        Task(executorPreference: ServerExecutor.shared) {
            // Without an answer the connection closes, and the program that asked says what it missed.
            let found = try? await world.send(request)
            answer.withLock { $0 = found }
            done.signal()
        }
        done.wait()
        return answer.withLock { $0 }
    }
}
