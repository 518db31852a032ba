internal import Catalogue
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// Where runs are planned and carried out: in a rehearsal, or on the cluster and the account as they are.
enum RunStage: Sendable {
    case rehearsal(RehearsalStage)
    /// `store`: where runs are kept; nil when there is none and nothing is to be applied.
    case live(LiveWorld, store: SQLiteStore?)

    /// Where plans are made one after the other.
    ///
    /// In a rehearsal it is a copy on which each plan leaves its changes; nobody rehearses on what is live.
    func overlay() async -> World {
        switch self {
        case .rehearsal(let stage): await stage.copy().world
        case .live(let live, _): live.world
        }
    }

    var world: World {
        switch self {
        case .rehearsal(let stage): stage.world
        case .live(let live, _): live.world
        }
    }

    /// Who the world says that it is, to a run with this claim.
    func place(for claim: SubjectClaim?) async -> SubjectFacts.Place {
        switch self {
        case .rehearsal(let stage): stage.place
        case .live(let live, _): await live.place(for: claim)
        }
    }

    var clock: any RunClock {
        switch self {
        case .rehearsal(let stage): stage.clock
        case .live: LiveClock(now: Moments.current.now)
        }
    }

    /// A rehearsal's clock jumps over waits, so a loop that waits for somebody would never stop by itself.
    var limits: RunLimits {
        var limits = RunLimits()
        if case .rehearsal = self { limits.visits = 500 }
        return limits
    }

    /// What earlier runs touched, as far as the playbook's budget and cooldown look back.
    func history(for playbook: CheckedPlaybook, now: Timestamp) async throws -> RunHistory {
        guard case .live(_, let store?) = self else { return RunHistory() }
        guard let window = GuardrailRules(playbook.playbook).window else { return RunHistory() }
        return try await RunArchive(store).history(since: now.advanced(by: .zero - window))
    }

    /// - Throws: `RecordingFault.stillOpen` when a run of the same incident has not ended.
    func requireNoneOpen(playbook: String, incident: String) async throws {
        guard case .live(_, let store?) = self else { return }
        try await RunArchive(store).requireNoneOpen(playbook: playbook, incident: incident)
    }

    /// Where a run is written down: a rehearsal's is forgotten with it.
    func journal(
        for entry: RunSession.Entry,
        _ request: RunRequest,
        of playbook: CheckedPlaybook,
        footprint: RunHistory.Entry
    ) async throws -> any RunJournal {
        guard case .live(let live, let store?) = self else { return MemoryJournal() }
        let dossier = RunDossier(
            request,
            entry.reviewed,
            playbookPath: playbook.path,
            playbookText: playbook.text,
            place: entry.place,
            clusterOrigin: live.clusterOrigin,
            clusterUID: await live.clusterUID(),
            connection: live.connection
        )
        let card = RunCard(
            digest: entry.digest,
            findingId: entry.plan.findingId,
            subject: entry.plan.subject.words,
            footprint: footprint
        )
        return CrashHook.around(try StoreJournal(beginning: dossier, card, in: store) { SHA256.hex($0) })
    }

    /// Gives the store back; the second call finds nothing to do.
    func close() async {
        if case .live(_, let store?) = self { await store.close() }
    }
}

extension GuardrailRules {
    /// How far budgets and cooldowns look back; nil when none does.
    var window: Duration? { [budget?.per, cooldown].compactMap(\.self).max() }
}
