import AWSAPI
import Catalogue
import Findings
import HTTPExchange
import KubernetesAPI
import OpenSSLCrypto
import Orchestration
import Planning
import Playbooks
import Rehearsal
import Runs
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// The stock playbook `contain-pod` on its own finding and world, with a transport of the test's choice in between.
struct Incident {
    let world: RehearsalWorld
    let clock: RehearsalClock
    private let request: RunRequest
    private let place: SubjectFacts.Place

    /// `playbook`: another playbook's text in its place.
    init(playbook: String? = nil, id: String = "run-1", responder: ResponderPlace = ResponderPlace()) throws {
        let folder = PackageFolder.path + "/playbooks/contain-pod/"
        let text = try playbook ?? Files.text(folder + "playbook.yaml")
        let node = try YAMLTree.parse(Array(text.utf8), file: "playbook.yaml")
        let (decoded, diagnostics) = PlaybookDecoder.decode(node, actions: Catalogue.manifests)
        let objects = try YAMLTree.parseAll(Files.bytes(folder + "world.yaml"), file: "world.yaml", limits: .dump).map(
            \.json
        )
        let account = try JSONReader.parse(Files.bytes(folder + "world.aws.json"))
        let clock = RehearsalClock(startingAt: Timestamp(milliseconds: 1_795_576_000_000))
        self.clock = clock
        world = RehearsalWorld(
            cluster: try RehearsalCluster(objects),
            account: try RehearsalAWS(account),
            clock: { clock.now() }
        )
        let event = try #require(EventDecoder.decode(try Files.bytes(folder + "finding.json")).events.first)
        let finding = try #require(event.findings.first)
        request = RunRequest(
            id: id,
            playbook: try #require(decoded, "\(diagnostics)"),
            playbookDigest: "0",
            finding: finding,
            event: event,
            claim: try SubjectClaim.resolve(finding).get(),
            responder: responder,
            now: clock.now(),
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
        let cluster = account["eks"]?["clusters"]?[0]
        place = SubjectFacts.Place(
            clusterName: cluster?["name"]?.string,
            clusterARN: cluster?["arn"]?.string,
            account: AccountID("444455556666"),
            region: RegionName("eu-central-1")
        )
    }

    private func view(_ transport: any HTTPTransport, _ prober: PortProber? = nil) throws -> World {
        World(
            kubernetes: KubernetesClient(transport: transport, origin: RehearsalCluster.origin),
            aws: AWSClient(transport: transport, account: try #require(AccountID("444455556666"))),
            isRehearsed: true,
            prober: prober
        )
    }

    /// Plans on a copy, as the command does.
    func plan(prober: PortProber? = nil) async throws -> ReviewedRun {
        let clock = clock
        let copy = RehearsalWorld(cluster: await world.cluster, account: await world.account, clock: { clock.now() })
        return await RunPlanner(request: request, world: try view(copy, prober), place: place, actions: Catalogue.all)
            .plan(
                .apply
            )
    }

    func driver(
        _ reviewed: ReviewedRun,
        through transport: (any HTTPTransport)? = nil,
        journal: any RunJournal = MemoryJournal(),
        past: RunPast = RunPast(),
        prober: PortProber? = nil,
        history: RunHistory = RunHistory()
    ) throws -> RunDriver {
        var request = request
        request.history = history
        return try RunDriver(
            request: request,
            reviewed: reviewed,
            world: try view(transport ?? world, prober),
            actions: Catalogue.all,
            journal: journal,
            clock: clock,
            past: past
        )
    }

    /// Objects of a kind as they are in the world now.
    func objects(_ kind: String) async -> [JSONValue] {
        await world.cluster.snapshot().filter { $0["kind"]?.string == kind }
    }

    func snapshots() async -> [JSONValue] {
        let account = await world.account as? RehearsalAWS
        return account?.document()["ec2"]?["Snapshots"]?.array ?? []
    }
}

extension Incident {
    /// Somebody else creates an object.
    func create(_ object: JSONValue, at path: String) async throws {
        try await write("POST", "application/json", object, path)
    }

    /// Somebody else patches an object.
    func patch(_ patch: JSONValue, at path: String) async throws {
        try await write("PATCH", "application/merge-patch+json", patch, path)
    }

    private func write(_ method: String, _ type: String, _ body: JSONValue, _ path: String) async throws {
        let client = KubernetesClient(transport: world, origin: RehearsalCluster.origin)
        let answer = try await client.send(method, path, contentType: type, body: body)
        try #require(answer.isSuccess, "\(answer.message)")
    }
}
