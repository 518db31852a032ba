internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// Goes on with one kept run on the cluster and the account where it began.
struct RunContinuation: Sendable {
    let kept: KeptRun
    var driver: RunDriver

    /// - Throws: `LiveFault.elsewhere` when this is another cluster or account than the run's.
    static func open(
        _ id: String,
        in store: SQLiteStore,
        _ options: ContinuationOptions
    ) async throws -> RunContinuation {
        let kept = try await KeptRun.load(id, from: store)
        let dossier = kept.recorded.dossier
        let live = try await LiveWorld.open(options.live.filled(from: dossier.connection))
        try await requireSame(live, dossier)
        let driver = try KeptRun.driver(
            try await refreshed(kept.recorded, store),
            in: live.world,
            journal: CrashHook.around(StoreJournal(continuing: kept.recorded, in: store)),
            reconcileWindow: options.reconcileWithin.value,
            tell: options.progress
        )
        return RunContinuation(kept: kept, driver: driver)
    }

    /// Guardrails judge by what other runs did meanwhile, and by where this process runs.
    private static func refreshed(_ recorded: RecordedRun, _ store: SQLiteStore) async throws -> RecordedRun {
        var recorded = recorded
        let playbook = try CheckedPlaybook(text: recorded.dossier.playbookText, path: recorded.dossier.playbookPath)
        recorded.dossier.responder = RunSession.responder
        if let window = GuardrailRules(playbook.playbook).window {
            let since = Moments.current.now().advanced(by: .zero - window)
            recorded.dossier.history = try await RunArchive(store).history(since: since, without: recorded.dossier.run)
        }
        return recorded
    }

    /// Who the world says that it is must be what it said then; where it says nothing, its address must be the same.
    private static func requireSame(_ live: LiveWorld, _ dossier: RunDossier) async throws {
        // Nothing is recorded before the cluster answers: a run does not fail because a network is down.
        try await live.requireReachable()
        let place = await live.place(for: dossier.claim)
        let (began, here) = (dossier.place, place)
        let isSameAccount = began.account == here.account
        let isSameCluster =
            began.clusterARN != nil && here.clusterARN != nil
            ? began.clusterARN == here.clusterARN : dossier.clusterOrigin == live.clusterOrigin
        let uid = await live.clusterUID()
        let isSameIdentity = dossier.clusterUID == nil || uid == nil || dossier.clusterUID == uid
        guard isSameAccount, isSameCluster, isSameIdentity else {
            throw LiveFault.elsewhere(
                run: dossier.run,
                began: Self.words(began, dossier.clusterOrigin),
                here: Self.words(here, live.clusterOrigin)
            )
        }
    }

    private static func words(_ place: SubjectFacts.Place, _ origin: String) -> String {
        let cluster = place.clusterARN ?? place.clusterName ?? (origin.isEmpty ? "no cluster" : origin)
        return "\(cluster) with \(place.account.map { "account \($0)" } ?? "no account")"
    }

    /// Where the run stands now, in the shape of `run`.
    var json: JSONValue { driver.plan.json(digest: kept.digest) }
    var text: String { PlanText.write(driver.plan, digest: kept.digest, colour: Console.current.hasColour) }
    var exitStatus: ExitStatus {
        ExitStatus.worst([driver.plan.exitStatus] + (driver.undoStop == nil ? [] : [.failed]))
    }
}
