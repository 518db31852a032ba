import AWSAPI
import Catalogue
import HTTPExchange
import KubernetesAPI
import Planning
import Rehearsal
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// A rehearsal world with a tiny executor: enough to see a plan take effect.
struct ActionRehearsal {
    let transport: RehearsalWorld
    let kubernetes: KubernetesClient
    let aws: AWSClient
    static let now = Timestamp(milliseconds: 1_770_000_000_000)

    /// The small world of the fixtures.
    init() throws {
        try self.init(
            cluster: [JSONReader.parse(Files.text(PackageFolder.fixture("aws/cluster.json")))],
            account: JSONReader.parse(Files.text(PackageFolder.fixture("aws/account.aws.json")))
        )
    }

    /// A world of the corpora, by the name of its files.
    init(corpus name: String) throws {
        let dump = Corpora.path("fixtures/worlds/\(name).yaml")
        try self.init(
            cluster: YAMLTree.parseAll(Files.bytes(dump), file: dump).map(\.json),
            account: JSONReader.parse(Files.text(Corpora.path("fixtures/worlds/\(name).aws.json")))
        )
    }

    private init(cluster: [JSONValue], account: JSONValue) throws {
        let rehearsed = try RehearsalAWS(account)
        transport = RehearsalWorld(cluster: try RehearsalCluster(cluster), account: rehearsed, clock: { Self.now })
        kubernetes = KubernetesClient(transport: transport, origin: RehearsalCluster.origin)
        aws = AWSClient(transport: transport, account: rehearsed.account)
    }

    var world: World { World(kubernetes: kubernetes, aws: aws, isRehearsed: true) }

    func plan<Kind: Action>(_ kind: Kind.Type, _ request: ActionRequest) async throws -> ActionPlan {
        let action = Kind()
        return try action.plan(request, try await action.observe(request, in: world))
    }

    /// Sends a change; throws unless the world took it.
    func apply(_ change: Change) async throws {
        switch change {
        case .kubernetes(let change):
            let answer = try await kubernetes.send(
                change.verb == .patch ? "PATCH" : "POST",
                change.path,
                query: change.query,
                contentType: change.contentType.rawValue,
                body: change.body
            )
            guard answer.isSuccess else { throw KubernetesFault(answer, url: change.path) }
        case .aws(let change):
            let output = try await aws.call(change.service, change.operation, change.input, in: change.region)
            if let fault = AWSFault.unprocessed(in: output) { throw fault }
        }
    }

    /// Whether the world shows what was expected, now.
    func holds(_ expectation: Planning.Expectation) async throws -> Bool {
        var value: JSONValue?
        switch expectation.place {
        case .kubernetes(let path): value = try await kubernetes.send("GET", path).body
        case .aws(let change):
            value = try await aws.call(change.service, change.operation, change.input, in: change.region)
        }
        for key in expectation.field { value = value?[key] ?? Int(key).flatMap { value?[$0] } }
        switch expectation.test {
        case .equals(let wanted): return value == wanted
        case .present: return value != nil
        case .absent: return value == nil
        case .countAtLeast(let count): return (value?.array?.count ?? 0) >= count
        }
    }

    func snapshot() async -> [JSONValue] { await transport.cluster.snapshot() }
}

extension ActionRequest {
    /// A request about the node of the small world, with a fingerprint that is good enough for tests.
    static func sample(
        _ parameters: JSONValue = .object([:]),
        node: String? = nil,
        instance: String? = nil,
        finding: JSONValue? = nil,
        incident: String = "incident",
        run: String = "run-1"
    ) -> ActionRequest {
        ActionRequest(
            parameters: parameters,
            subject: Subject(
                node: node.flatMap(ObjectName.init(rawValue:)).map {
                    .init(name: $0, instanceId: instance.flatMap(InstanceID.init(rawValue:)))
                }
            ),
            finding: finding,
            runId: run,
            playbook: "contain",
            state: "state",
            incidentKey: incident,
            now: ActionRehearsal.now,
            fingerprint: testFingerprint
        )
    }

    /// FNV-1a, four times over: 64 digits that differ where the text differs.
    static let testFingerprint: @Sendable (String) -> String = { text in
        var digits = ""
        for round: UInt64 in 0..<4 {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ round
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            let part = String(hash, radix: 16)
            digits += String(repeating: "0", count: 16 - part.count) + part
        }
        return digits
    }
}

extension [String] {
    /// Whether one of the warnings says this.
    func say(_ part: String) -> Bool { contains { $0.contains(part) } }
}
