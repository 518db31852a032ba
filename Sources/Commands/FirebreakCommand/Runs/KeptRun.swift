internal import Catalogue
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// A run as its store holds it, brought up to where it stands; looking at it does nothing.
struct KeptRun: Sendable {
    let recorded: RecordedRun
    let driver: RunDriver

    var id: String { recorded.dossier.run }
    var plan: RunPlan { driver.plan }
    var digest: String { recorded.card.digest }

    /// Without a world, to be looked at only.
    static func load(_ id: String, from store: SQLiteStore) async throws -> KeptRun {
        let recorded = try await RunArchive(store).run(id)
        let nowhere = World(kubernetes: nil, aws: nil, isRehearsed: false)
        return KeptRun(
            recorded: recorded,
            driver: try driver(recorded, in: nowhere, journal: MemoryJournal(), reconcileWindow: .zero)
        )
    }

    /// A driver that goes on with the run.
    ///
    /// - Throws: when its playbook, as it was kept, is not valid in this version, or its history does not replay.
    static func driver(
        _ recorded: RecordedRun,
        in world: World,
        journal: any RunJournal,
        reconcileWindow: Duration,
        tell: @escaping @Sendable (RunNote) -> Void = { _ in }
    ) throws -> RunDriver {
        let dossier = recorded.dossier
        let playbook = try CheckedPlaybook(text: dossier.playbookText, path: dossier.playbookPath)
        return try RunDriver(
            request: dossier.request(
                playbook: playbook.playbook,
                zones: RunSession.zones,
                fingerprint: { SHA256.hex(Array($0.utf8)) }
            ),
            reviewed: dossier.reviewed,
            world: world,
            actions: Catalogue.all,
            journal: journal,
            clock: LiveClock(now: Moments.current.now),
            reconcileWindow: reconcileWindow,
            past: recorded.past,
            tell: tell
        )
    }

    /// What the run asks for now; nil when it waits for nobody.
    var question: RunQuestion? { RunQuestion(driver.questions) }
}

/// What a run waits to hear yes to, under one digest.
struct RunQuestion: Sendable {
    let states: [String]
    let digest: String
    private let approvals: [(state: String, approval: StepApproval)]

    init?(_ questions: [(state: String, approval: StepApproval)]) {
        guard !questions.isEmpty else { return nil }
        approvals = questions
        states = questions.map(\.state)
        let content = JSONValue.array(
            questions.map { question in
                [
                    "state": .string(question.state), "changes": .array(question.approval.canonicalChanges),
                    "verdicts": .array(question.approval.verdicts.filter { $0.verdict >= .needsApproval }.map(\.json)),
                ]
            }
        )
        digest = "sha256:" + SHA256.hex(Array(JSONWriter.canonical(content).utf8))
    }

    /// What a yes would cover, for the person who is asked.
    var text: String {
        var lines: [String] = []
        for question in approvals {
            lines.append("state \(question.state) would send:")
            lines += question.approval.canonicalChanges.map { "  \(PlainText.line(JSONWriter.compact($0)))" }
            let verdicts = question.approval.verdicts.filter { $0.verdict >= .needsApproval }
            lines += verdicts.map { "  \($0.guardrail): \(PlainText.line($0.reason))" }
        }
        return (lines + ["  digest \(digest)"]).joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "digest": .string(digest),
            "states": .array(
                approvals.map { question in
                    [
                        "state": .string(question.state), "changes": .array(question.approval.canonicalChanges),
                        "verdicts": .array(question.approval.verdicts.map(\.json)),
                    ]
                }
            ),
        ]
    }
}
