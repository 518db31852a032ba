import Orchestration
import Planning
import Recording
import Runs
import SQLiteStore
import Testing
import Vocabulary

@Suite("What earlier runs did is counted by what they did")
struct RunArchiveTests {
    private static let refused = [RunInput.Event.refused(reason: "protected")]
    private static let cancelled = [RunInput.Event.started(seed: 1), .cancelRequested(by: "ann")]

    private func pods(_ kept: KeptRuns, since moment: Timestamp = KeptRuns.start) async throws -> [String] {
        try await kept.archive.history(since: moment).entries.flatMap(\.pods)
    }

    @Test("budgets and cooldowns do not count a run that was refused before it did anything")
    func leavesOutRefusals() async throws {
        let kept = try await KeptRuns()
        try await kept.keep("cancelled", Self.cancelled)
        try await kept.keep("refused", Self.refused)
        // What it told the finding is no harm to a workload.
        try await kept.keep(
            "told",
            Self.refused,
            [.intent(.tell), .succeeded(changeId: "finally/1/finding", made: nil)]
        )
        #expect(try await pods(kept) == ["shop/cancelled"])
    }

    @Test("a run that was refused halfway counts: it has changed something by then, undone since or not")
    func countsWhatWasDoneBeforeARefusal() async throws {
        let kept = try await KeptRuns()
        let id = PlannedChange.mark("a").id
        try await kept.keep("halfway", Self.refused, [.intent(.mark("a")), .succeeded(changeId: id, made: nil)])
        try await kept.keep("undone", Self.refused, [.intent(.mark("b")), .undone(changeId: id)])
        try await kept.keep("unheard", Self.refused, [.intent(.mark("c"))])
        #expect(try await Set(pods(kept)) == ["shop/halfway", "shop/undone", "shop/unheard"])
    }

    @Test("history looks back as far as it is told, and leaves out the run that asks")
    func looksBack() async throws {
        let kept = try await KeptRuns()
        for (id, age) in [("old", 3_600), ("new", 60), ("own", 1)] {
            try await kept.keep(id, at: KeptRuns.start.advanced(by: .seconds(-age)), Self.cancelled)
        }
        let since = KeptRuns.start.advanced(by: .seconds(-600))
        #expect(try await kept.archive.history(since: since, without: "own").entries.flatMap(\.pods) == ["shop/new"])
    }

    @Test("an open run of an incident is found behind hundreds of later ones that have ended")
    func findsTheOpenRun() async throws {
        let kept = try await KeptRuns()
        let rows = (0..<1_100).map { number in
            StoredRun(
                id: "run-\(number)",
                playbook: "p",
                subject: "pod",
                incident: "i",
                status: number == 0 ? RunStatus.waiting.rawValue : RunStatus.succeeded.rawValue,
                started: KeptRuns.start.advanced(by: .seconds(number)),
                updated: KeptRuns.start,
                meta: []
            )
        }
        try await kept.store.commit(rows.map { .begin($0) })
        await #expect(throws: RecordingFault.stillOpen(run: "run-0", status: "waiting")) {
            try await kept.archive.requireNoneOpen(playbook: "p", incident: "i")
        }
        try await kept.archive.requireNoneOpen(playbook: "p", incident: "another")
        try await kept.archive.requireNoneOpen(playbook: "another", incident: "i")
        #expect(try await kept.archive.open().map(\.run.id) == ["run-0"])
    }
}
