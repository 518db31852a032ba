import AWSAPI
import Dispatch
import HTTPExchange
import Rehearsal
import Synchronization
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// A stock playbook's world on loopback, as a cluster with tokens and an AWS endpoint: live for whoever connects.
final class RehearsalServer: Sendable {
    static let token = "the-token"

    let world: RehearsalWorld
    /// What took effect here, and what goes wrong.
    let journal = ServerJournal()
    let kubernetes: LoopbackServer
    let aws: LoopbackServer
    /// TLS and HTTP/2 in front of the cluster.
    let proxy: TLSProxy
    let folder: String
    let clusterARN: String
    /// The finding as this world knows it.
    let findingFile: String
    /// The world's ids, by those of the stock files; empty where they are the same.
    let ids: [String: String]
    /// The AWS servers in place of the rehearsal's.
    let peers: AWSPeers?
    let scratch: Scratch

    /// Who plays AWS.
    enum AWSSide: Sendable { case rehearsal, peers }

    /// `denied`: actions of AWS that the account refuses; `edit`: changes the cluster's dump before it is loaded.
    init(
        _ playbook: String,
        rights: [RehearsalAuthorizer.Rule]? = nil,
        aws side: AWSSide = .rehearsal,
        denied: [String] = [],
        edit: (String) -> String = { $0 }
    ) async throws {
        folder = PackageFolder.path + "/playbooks/\(playbook)"
        var members = try JSONReader.parse(Files.bytes(folder + "/world.aws.json")).object ?? JSONObject()
        members["iam"] = ["denied": .array(denied.map(JSONValue.string))]
        let account = JSONValue.object(members)
        let scratch = try Scratch()
        peers = side == .peers ? try AWSPeers.running() : nil
        let ids = try await peers?.setWorld(account) ?? [:]
        let dump = edit(ids.renamed(in: try Files.text(folder + "/world.yaml")))
        let objects = try YAMLTree.parseAll(Array(dump.utf8), file: "world.yaml", limits: .dump).map(\.json)
        findingFile = scratch.path + "/finding.json"
        try Files.write(Array(ids.renamed(in: Files.text(folder + "/finding.json")).utf8), to: findingFile)
        self.ids = ids
        self.scratch = scratch
        clusterARN = account["eks"]?["clusters"]?[0]?["arn"]?.string ?? ""
        let now = Timestamp(milliseconds: 1_795_576_000_000)
        let world = RehearsalWorld(
            cluster: try RehearsalCluster(objects),
            account: try RehearsalAWS(account),
            clock: { now }
        )
        let user = RehearsalAuthorizer.User("firebreak", grant: rights.map { .only($0) } ?? .everything)
        await world.change { $0.authorizer = RehearsalAuthorizer(users: [Self.token: user]) }
        self.world = world
        let journal = journal
        kubernetes = try LoopbackServer { Self.serve($0, world, journal) { _ in RehearsalCluster.origin } }
        aws = try LoopbackServer { Self.serve($0, world, journal, Self.awsOrigin) }
        proxy = try TLSProxy(before: kubernetes.port)
    }

    /// Which service a signed request is for, by the scope in its signature.
    private static func awsOrigin(_ request: ReceivedRequest) -> String {
        let scope = request["Authorization"]?.split(separator: "Credential=").last?.split(separator: ",").first ?? ""
        let parts = scope.split(separator: "/")
        guard parts.count == 5, let region = RegionName(String(parts[2])) else {
            return "https://unsigned.amazonaws.com"
        }
        return AWSEndpoints().origin(of: String(parts[3]), in: region)
    }

    private static func serve(
        _ connection: Connection,
        _ world: RehearsalWorld,
        _ journal: ServerJournal,
        _ origin: (ReceivedRequest) -> String
    ) {
        while let received = connection.read() {
            let words = received.line.split(separator: " ").map(String.init)
            let request = HTTPRequest(
                method: words[0],
                origin: origin(received),
                target: words[1],
                headers: received.headers.map { HTTPHeader($0.name, $0.value) },
                body: received.body
            )
            // No answer: it got lost on the way, and the connection with it.
            guard let answer = wait(for: { try await journal.send(request, to: world) }) ?? nil else { return }
            let headers = answer.headers.filter { $0.name.lowercased() != "content-length" }
            let text = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            connection.write("HTTP/1.1 \(answer.status) Status\r\nContent-Length: \(answer.body.count)\r\n\(text)\r\n")
            connection.write(answer.body)
        }
    }

    /// The connection's thread waits for the world, which is an actor.
    private static func wait(for work: @escaping @Sendable () async throws -> HTTPResponse?) -> HTTPResponse?? {
        let done = DispatchSemaphore(value: 0)
        let answer = Mutex<HTTPResponse??>(nil)
        Task(executorPreference: ServerExecutor.shared) {
            let found = try? await work()
            answer.withLock { $0 = found }
            done.signal()
        }
        done.wait()
        return answer.withLock { $0 }
    }

    // MARK: - As a user's machine sees it

    /// Runs the real program with this world as its cluster and account.
    func firebreak(
        _ arguments: String,
        cluster: String? = nil,
        token: String = token,
        access: AWSAccess? = nil,
        wrapper: String = ""
    ) async throws -> (json: JSONValue, status: Int32) {
        let config = scratch.path + "/kubeconfig"
        try Files.write(Array(kubeconfig(cluster ?? clusterARN, token).utf8), to: config)
        let rehearsal = [
            "AWS_ENDPOINT_URL=\(aws.origin)", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret",
        ]
        let environment =
            [
                "-u KUBERNETES_SERVICE_HOST", "HOME=\(scratch.path)", "KUBECONFIG=\(config)", "AWS_REGION=eu-central-1",
                "AWS_EC2_METADATA_DISABLED=true",
                "NO_PROXY=127.0.0.1",
            ] + ((access ?? peers?.access)?.environment ?? rehearsal)
        let line =
            "env \(environment.joined(separator: " ")) \(wrapper) \(Program.path("firebreak")) \(arguments) --output json"
        let (output, status) = try await Command.runApart(line + " 2>\(scratch.path)/talk")
        return ((try? JSONReader.parse(output)) ?? .string(output), status)
    }

    private func kubeconfig(_ name: String, _ token: String) -> String {
        """
        current-context: here
        clusters: [{ name: "\(name)", cluster: { server: "\(proxy.origin)", certificate-authority: "\(proxy.path("ca.pem"))" } }]
        users: [{ name: me, user: { token: "\(token)" } }]
        contexts: [{ name: here, context: { cluster: "\(name)", user: me } }]
        """
    }

    /// Everything that the world holds.
    func content() async -> [JSONValue] {
        if let peers {
            do { return await world.cluster.snapshot() + [try await peers.state().content] } catch {
                Issue.record(error, "the servers do not say what they hold")
                return []
            }
        }
        let account = await world.account as? RehearsalAWS
        return await world.cluster.snapshot() + [account?.document() ?? .null]
    }
}

extension [String: String] {
    /// The text with every key replaced by its value.
    func renamed(in text: String) -> String {
        var text = text
        for (old, new) in self {
            text = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        }
        return text
    }
}
