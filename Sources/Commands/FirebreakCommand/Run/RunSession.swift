internal import Catalogue
internal import Expressions
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
package import Planning
internal import Playbooks
internal import Recording
internal import Runs
internal import Vocabulary

/// Several runs of one playbook in one world: all are planned first, in a rehearsal each on the world as the plans before
/// it would leave it, and then applied in the same order.
struct RunSession: Sendable {
    /// One run, from its plan to its end.
    struct Entry: Sendable {
        var request: RunRequest
        var reviewed: ReviewedRun
        var digest: String
        /// Who the world said that it is.
        var place: SubjectFacts.Place
        /// Another run of the incident is at work: not even what comes `finally` is carried out.
        var isHeldBack = false

        var plan: RunPlan { reviewed.plan }
    }

    private let playbook: CheckedPlaybook
    private let parameters: JSONObject
    private let stage: RunStage
    private let now: Timestamp
    /// How long a creation is looked for before it is made again.
    private let reconcileWindow: Duration
    /// What runs before this session touched.
    private var earlier = RunHistory()
    private(set) var entries: [Entry] = []

    init(
        playbook: CheckedPlaybook,
        parameters: JSONObject,
        stage: RunStage,
        now: Timestamp,
        reconcileWindow: Duration = .seconds(120)
    ) {
        self.parameters = parameters
        self.playbook = playbook
        self.stage = stage
        self.now = now
        self.reconcileWindow = reconcileWindow
    }

    /// Plans every start; the stage's own world stays as it is.
    ///
    /// - Throws: when the store of earlier runs cannot be read.
    mutating func plan(_ starts: [RunStart], mode: RunPlan.Mode) async throws {
        let overlay = await stage.overlay()
        earlier = try await stage.history(for: playbook, now: now)
        var history = earlier
        for start in starts {
            let entry = try await plan(start, mode, overlay, history)
            if entry.plan.status == "planned" { history.entries.append(Self.footprint(entry, now)) }
            entries.append(entry)
        }
    }

    private func plan(
        _ start: RunStart,
        _ mode: RunPlan.Mode,
        _ overlay: World,
        _ history: RunHistory
    ) async throws -> Entry {
        let request = RunRequest(
            id: Moments.current.makeRunId(),
            playbook: playbook.playbook,
            playbookDigest: playbook.digest,
            finding: start.finding,
            event: start.event,
            claim: (try? start.claim.get()) ?? .init(),
            isNamedByPerson: start.isNamedByPerson,
            isStartedByPerson: start.isStartedByPerson,
            parameters: parameters,
            responder: Self.responder,
            history: history,
            now: now,
            zones: Self.zones,
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
        let place = await stage.place(for: try? start.claim.get())
        let planner = RunPlanner(request: request, world: overlay, place: place, actions: Catalogue.all)
        let reviewed: ReviewedRun
        switch start.claim {
        case .success: reviewed = await planner.plan(mode)
        case .failure(let refusal): reviewed = await planner.refuse(refusal, mode)
        }
        let digest = Self.digest(reviewed.plan)
        return try await heldBack(Entry(request: request, reviewed: reviewed, digest: digest, place: place))
    }

    /// One run of an incident at a time: a second one would meet the first halfway.
    private func heldBack(_ entry: Entry) async throws -> Entry {
        var entry = entry
        let key = RunScopes.start(entry.request, subject: entry.plan.subject).incidentKey
        do {
            try await stage.requireNoneOpen(playbook: entry.plan.playbook, incident: key)
        } catch let fault as RecordingFault {
            let report = fault.report
            entry.reviewed.plan.verdicts.append(
                Verdict("incident", .refuse, "\(report.what): \(report.location)", override: report.remedy)
            )
            entry.reviewed.plan.status = "refused"
            entry.isHeldBack = true
        }
        return entry
    }

    static let zones: ZoneProvider = { HostZones.file($0).flatMap { TimeZoneRules(tzif: $0) } }

    static func digest(_ plan: RunPlan) -> String { PlanDigest.digest(of: plan) { SHA256.hex(Array($0.utf8)) } }

    /// Where this process runs, by the downward API's usual variables.
    static var responder: ResponderPlace {
        ResponderPlace(
            namespace: Host.environment("POD_NAMESPACE"),
            pod: Host.environment("POD_NAME"),
            node: Host.environment("NODE_NAME")
        )
    }

    private static func footprint(_ entry: Entry, _ now: Timestamp) -> RunHistory.Entry {
        var touched = entry.plan.steps.flatMap { $0.plan.changes.compactMap(\.change.touched) }
        // What is not known yet may touch the whole subject.
        if entry.plan.steps.contains(where: \.isKnownLater) { touched += entry.plan.subject.objects }
        return RunHistory.Entry(
            at: now,
            playbook: entry.plan.playbook,
            incidentKey: RunScopes.start(entry.request, subject: entry.plan.subject).incidentKey,
            pods: touched.filter { $0.kind == .pod }.map { "\($0.namespace)/\($0.name)" },
            nodes: touched.filter { $0.kind == .node }.map { "/" + $0.name }
        )
    }

    /// Nobody approved it: it stays a plan that waits, and says for what.
    mutating func wait(_ index: Int, _ reason: String) {
        entries[index].reviewed.plan.status = "pendingApproval"
        entries[index].reviewed.plan.notes.append(reason)
    }

    /// It cannot be carried out; the runs beside it go on.
    mutating func park(_ index: Int, _ fault: FaultReport) {
        entries[index].reviewed.plan.status = "parked"
        entries[index].reviewed.plan.error = fault
    }

    /// Asks the servers what they would say to every planned run.
    mutating func prove() async {
        let dryRun = ServerDryRun(world: stage.world)
        for index in entries.indices where entries[index].plan.status == "planned" {
            entries[index].reviewed.plan = await dryRun.prove(entries[index].plan)
        }
    }

    /// A run of this session may be the one that is open now.
    mutating func holdBackIfOpen(_ index: Int) async throws { entries[index] = try await heldBack(entries[index]) }

    /// Whether there is anything to carry out: a plan, or what comes `finally` after a refusal.
    func hasWork(_ index: Int) -> Bool {
        let entry = entries[index]
        if entry.isHeldBack { return false }
        return entry.plan.status == "planned"
            || (entry.plan.status == "refused" && !playbook.playbook.finally.isEmpty)
    }

    /// Applies one planned run to the stage's world and brings its plan up to what became of it.
    ///
    /// - Throws: `invalidDefinition` when the playbook cannot be run at all, or why the run cannot be written down.
    mutating func apply(_ index: Int, tell: @escaping @Sendable (RunNote) -> Void = { _ in }) async throws -> RunDriver
    {
        let entry = entries[index]
        var request = entry.request
        request.digest = entry.digest
        // Runs before this one count by what they really touched, and by what they may still touch.
        request.history = RunHistory(
            entries: earlier.entries
                + entries[..<index].filter { $0.plan.mayHaveActed }.map { Self.footprint($0, now) }
        )
        let journal = try await stage.journal(
            for: entry,
            request,
            of: playbook,
            footprint: Self.footprint(entry, now)
        )
        var driver = try RunDriver(
            request: request,
            reviewed: entry.reviewed,
            world: stage.world,
            actions: Catalogue.all,
            journal: journal,
            clock: stage.clock,
            limits: stage.limits,
            reconcileWindow: reconcileWindow,
            tell: tell
        )
        if entry.plan.status == "refused" {
            let reasons = entry.plan.verdicts.filter { $0.verdict == .refuse }.map(\.reason)
            await driver.refuse(reasons.joined(separator: "; "))
        } else {
            await driver.run(seed: UInt64.random(in: .min ... .max))
        }
        entries[index].reviewed.plan = driver.plan
        return driver
    }

    /// Somebody said yes to what the run asked for meanwhile.
    mutating func approve(_ index: Int, _ driver: inout RunDriver) async {
        await driver.approve(by: "the person at the terminal")
        entries[index].reviewed.plan = driver.plan
    }
}

extension RunPlan {
    /// False for a run that was refused before it changed anything in the cluster: budgets and cooldowns do not count it.
    package var mayHaveActed: Bool {
        guard status == "refused" else { return true }
        let applied = steps.filter { [.applied, .verified].contains($0.status) }.flatMap(\.plan.changes)
        return applied.contains { if case .kubernetes = $0.change { true } else { false } }
    }
}
