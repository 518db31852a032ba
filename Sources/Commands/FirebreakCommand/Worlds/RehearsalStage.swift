internal import AWSAPI
internal import Catalogue
internal import Host
internal import KubernetesAPI
internal import Orchestration
internal import Planning
internal import Rehearsal
internal import Vocabulary

/// A rehearsal world with its clock, as planners and drivers take them.
struct RehearsalStage: Sendable {
    let rehearsal: RehearsalWorld
    let clock: RehearsalClock
    let place: SubjectFacts.Place
    private let accountId: AccountID?

    init(_ files: WorldFiles, now: Timestamp) throws {
        let clock = RehearsalClock(startingAt: now)
        self.clock = clock
        place = files.place
        accountId = files.place.account
        rehearsal = try files.rehearsal { clock.now() }
    }

    private init(copying other: RehearsalStage) async {
        let clock = RehearsalClock(startingAt: other.clock.now())
        self.clock = clock
        place = other.place
        accountId = other.accountId
        rehearsal = RehearsalWorld(
            cluster: await other.rehearsal.cluster,
            account: await other.rehearsal.account,
            clock: { clock.now() }
        )
    }

    /// A copy to plan on: what happens there stays there.
    func copy() async -> RehearsalStage { await RehearsalStage(copying: self) }

    var world: World {
        World(
            kubernetes: KubernetesClient(transport: rehearsal, origin: RehearsalCluster.origin),
            aws: accountId.map { AWSClient(transport: rehearsal, account: $0) },
            isRehearsed: true
        )
    }

    /// Writes the world as it is now: `world.yaml` for the cluster, `world.aws.json` for the account.
    func write(to folder: String) async throws {
        try HostFiles.makeFolder(folder)
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(await rehearsal.cluster.snapshot())]
        try HostFiles.write(Array((YAMLText.write(list) + "\n").utf8), to: folder + "/world.yaml")
        if let account = await rehearsal.account as? RehearsalAWS {
            try HostFiles.write(
                Array((JSONWriter.pretty(account.document()) + "\n").utf8),
                to: folder + "/world.aws.json"
            )
        }
    }
}
