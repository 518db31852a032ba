import Catalogue
import Findings
import OpenSSLCrypto
import Orchestration
import Planning
import Playbooks
import Recording
import Runs
import SQLiteStore
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// A store with runs of one small playbook, written down as drivers write them.
struct KeptRuns {
    static let start = Timestamp(milliseconds: 1_795_576_000_000)

    let store: SQLiteStore
    private let playbook: Playbook
    private let scratch: Scratch

    init() async throws {
        let text = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
        let node = try YAMLTree.parse(Array(text.utf8), file: "playbook.yaml")
        playbook = try #require(PlaybookDecoder.decode(node, actions: Catalogue.manifests).0)
        scratch = try Scratch()
        store = try await SQLiteStore.open(scratch.path + "/store")
    }

    var archive: RunArchive { RunArchive(store) }

    /// What a run's journal is told, made durable; each run touches a pod of its own name.
    func keep(
        _ id: String,
        at moment: Timestamp = start,
        _ events: [RunInput.Event],
        _ entries: [LedgerEntry] = []
    )
        async throws
    {
        let request = request(id, moment)
        let card = RunCard(
            digest: "sha256:0",
            findingId: "",
            subject: "pod shop/\(id)",
            footprint: RunHistory.Entry(at: moment, playbook: "p", incidentKey: id, pods: ["shop/\(id)"], nodes: [])
        )
        let journal = try StoreJournal(beginning: dossier(request), card, in: store) { SHA256.hex($0) }
        var machine = try RunMachine(PlaybookCompiler.definition(of: playbook))
        for (place, event) in events.enumerated() {
            let input = RunInput(at: moment, event)
            _ = try machine.apply(input)
            await journal.add(RunRecord(run: id, sequence: place + 1, input: input), machine.standing)
        }
        for entry in entries { await journal.add(entry) }
        try await journal.flush()
    }

    private func request(_ id: String, _ moment: Timestamp) -> RunRequest {
        RunRequest(
            id: id,
            playbook: playbook,
            playbookDigest: "0",
            finding: nil,
            event: nil,
            claim: SubjectClaim(),
            now: moment,
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
    }

    private func dossier(_ request: RunRequest) -> RunDossier {
        let plan = RunPlan(
            id: request.id,
            playbook: "p",
            playbookDigest: "0",
            findingDigest: "0",
            findingId: "",
            mode: .apply,
            subject: Subject()
        )
        return RunDossier(
            request,
            ReviewedRun(plan: plan),
            playbookPath: "playbook.yaml",
            playbookText: "",
            place: SubjectFacts.Place(clusterName: nil, clusterARN: nil, account: nil, region: nil),
            clusterOrigin: "",
            clusterUID: nil,
            connection: [:]
        )
    }
}

extension PlannedChange {
    /// Marks a pod.
    static func mark(_ pod: String) -> PlannedChange {
        PlannedChange(
            id: "isolate/1/pod",
            summary: "mark it",
            change: .kubernetes(KubernetesChange(.patch, "/api/v1/namespaces/shop/pods/\(pod)", body: [:])),
            undo: .none(reason: "a test"),
            permission: .rbac(group: "", resource: "pods", verb: "patch")
        )
    }

    /// Tells a finding.
    static let tell = PlannedChange(
        id: "finally/1/finding",
        summary: "tell the finding",
        change: .aws(
            AWSChange(
                service: "securityhub",
                operation: "BatchUpdateFindings",
                region: RegionName(unchecked: "eu-central-1"),
                input: [:]
            )
        ),
        undo: .none(reason: "a test"),
        permission: .iam("securityhub:BatchUpdateFindings")
    )
}

extension LedgerEntry {
    static func intent(_ change: PlannedChange) -> LedgerEntry {
        .intent(state: "isolate", attempt: 1, change: change, at: KeptRuns.start)
    }
}
