import AWSAPI
import Catalogue
import Findings
import FoundationEssentials
import HTTPExchange
import KubernetesAPI
import OpenSSLCrypto
import Orchestration
import Planning
import Playbooks
import Recording
import Rehearsal
import Runs
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// A playbook with its finding and its world, read and planned once; every seed begins with a copy.
struct Stage: Sendable {
    /// Whom it is about.
    struct Target: Sendable {
        var namespace: String
        var pod: String
        var podUID: String
        var node: String
        /// Blocks that an isolated pod may reach.
        var allowed: Set<String>

        var podPath: String { "/api/v1/namespaces/\(namespace)/pods/\(pod)" }
        var nodePath: String { "/api/v1/nodes/\(node)" }
        var policies: String { "/apis/networking.k8s.io/v1/namespaces/\(namespace)/networkpolicies" }
    }

    static let account = "444455556666"
    static let window = Duration.seconds(120)
    private static let limits: RunLimits = {
        var limits = RunLimits()
        limits.visits = 60
        return limits
    }()

    let name: String
    let start = Timestamp(milliseconds: 1_795_576_000_000)
    let cluster: RehearsalCluster
    let account: RehearsalAWS
    let target: Target
    let request: RunRequest
    let reviewed: ReviewedRun
    /// As another process finds them in the store.
    let kept: (request: RunRequest, reviewed: ReviewedRun)

    /// `text`: the playbook; its world and finding are those of `contain-pod` unless it is a stock one.
    init(_ name: String, text: String, folder: String = "contain-pod") async throws {
        self.name = name
        let folder = PackageFolder.path + "/playbooks/\(folder)/"
        let node = try YAMLTree.parse(Array(text.utf8), file: name)
        let (decoded, diagnostics) = PlaybookDecoder.decode(node, actions: Catalogue.manifests)
        let playbook = try #require(decoded, "\(name): \(diagnostics)")
        let objects = try YAMLTree.parseAll(Files.bytes(folder + "world.yaml"), file: "world.yaml", limits: .dump)
        let document = try JSONReader.parse(Files.bytes(folder + "world.aws.json"))
        cluster = try RehearsalCluster(objects.map(\.json))
        account = try RehearsalAWS(document)
        let event = try #require(EventDecoder.decode(try Files.bytes(folder + "finding.json")).events.first)
        let finding = try #require(event.findings.first)
        var request = RunRequest(
            id: "run-1",
            playbook: playbook,
            playbookDigest: "0",
            finding: finding,
            event: event,
            claim: try SubjectClaim.resolve(finding).get(),
            now: start,
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
        let owner = document["eks"]?["clusters"]?[0]
        let place = SubjectFacts.Place(
            clusterName: owner?["name"]?.string,
            clusterARN: owner?["arn"]?.string,
            account: AccountID(Self.account),
            region: RegionName("eu-central-1")
        )
        let start = start
        let copy = RehearsalWorld(cluster: cluster, account: account, clock: { start })
        let world = try Self.world(copy)
        reviewed = await RunPlanner(request: request, world: world, place: place, actions: Catalogue.all).plan(.apply)
        try #require(reviewed.plan.status == "planned", "\(name): \(reviewed.plan.verdicts)")
        request.digest = "sha256:0"
        self.request = request
        target = Self.target(reviewed.plan.subject, playbook)
        kept = try Self.keep(request, reviewed, text, place)
    }

    private static func target(_ subject: Subject, _ playbook: Playbook) -> Target {
        Target(
            namespace: subject.namespace?.rawValue ?? "shop",
            pod: subject.pod?.name.rawValue ?? "none",
            podUID: subject.pod?.uid?.rawValue ?? "none",
            node: subject.node?.name.rawValue ?? "none",
            allowed: ["10.0.100.10/32"]
        )
    }

    private static func keep(
        _ request: RunRequest,
        _ reviewed: ReviewedRun,
        _ text: String,
        _ place: SubjectFacts.Place
    ) throws -> (request: RunRequest, reviewed: ReviewedRun) {
        let dossier = RunDossier(
            request,
            reviewed,
            playbookPath: "playbook.yaml",
            playbookText: text,
            place: place,
            clusterOrigin: RehearsalCluster.origin,
            clusterUID: nil,
            connection: [:]
        )
        let read = try JSONDecoder().decode(RunDossier.self, from: JSONEncoder().encode(dossier))
        let again = read.request(playbook: request.playbook, zones: request.zones, fingerprint: request.fingerprint)
        return (again, read.reviewed)
    }

    static func world(_ transport: any HTTPTransport) throws -> World {
        World(
            kubernetes: KubernetesClient(transport: transport, origin: RehearsalCluster.origin),
            aws: AWSClient(transport: transport, account: try #require(AccountID(account))),
            isRehearsed: true
        )
    }

    /// A driver for one life of a process.
    func driver(
        _ universe: SharedUniverse,
        life: Int,
        past: RunPast,
        tell: @escaping @Sendable (RunNote) -> Void = { _ in }
    ) throws -> RunDriver {
        let isFirst = past.records.isEmpty
        return try RunDriver(
            request: isFirst ? request : kept.request,
            reviewed: isFirst ? reviewed : kept.reviewed,
            world: try Self.world(SimulatedTransport(universe: universe, life: life)),
            actions: Catalogue.all,
            journal: SimulatedJournal(universe: universe, life: life),
            clock: SimulatedClock(universe: universe, life: life),
            limits: Self.limits,
            reconcileWindow: Self.window,
            past: past,
            tell: tell
        )
    }
}

/// All stages, made once for the whole process.
actor Stages {
    static let shared = Stages()

    private var making: Task<[Stage], any Error>?

    func all() async throws -> [Stage] {
        let task = making ?? Task { try await Self.make() }
        making = task
        return try await task.value
    }

    private static func make() async throws -> [Stage] {
        var stages: [Stage] = []
        for name in ["contain-pod", "capture-then-contain", "cordon-and-snapshot-node", "triage-only"] {
            let text = try Files.text(PackageFolder.path + "/playbooks/\(name)/playbook.yaml")
            stages.append(try await Stage(name, text: text, folder: name))
        }
        for (name, text) in SmallPlaybooks.all { stages.append(try await Stage(name, text: text)) }
        return stages
    }
}
