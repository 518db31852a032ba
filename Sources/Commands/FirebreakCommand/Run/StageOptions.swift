package import ArgumentParser
internal import Orchestration
internal import SQLiteStore
internal import Vocabulary

/// On what a command plans and applies, and where it keeps its runs.
package struct StageOptions: ParsableArguments, Sendable {
    @Option(
        parsing: .upToNextOption,
        help:
            "Dumps to rehearse in: kubectl get -o yaml, and AWS JSON; without them the live cluster and account are meant."
    )
    package var world: [String] = []

    @OptionGroup(title: "Live cluster and account")
    package var live: LiveOptions

    @OptionGroup(title: "Kept runs")
    package var kept: StoreOptions

    @Option(help: "When rehearsing what is applied: write the changed world to this folder.")
    package var worldOut: String?

    @Option(
        help:
            "How long a creation whose answer was lost is looked for before it is made again, such as 2m."
    )
    package var reconcileWithin: PlaybookDuration = PlaybookDuration(.seconds(120))

    package init() {}

    package func validate() throws {
        guard world.isEmpty || !live.isGiven else {
            throw ValidationError("--world rehearses: leave out --kubeconfig, --context, --eks-cluster and --region.")
        }
        guard world.isEmpty || kept.store == nil else {
            throw ValidationError("--world rehearses, and a rehearsal is not kept: leave out --store.")
        }
        guard !world.isEmpty || worldOut == nil else { throw ValidationError("--world-out goes with --world.") }
    }

    /// `forWriting`: something may be applied, so the store is taken before anything is looked at but who we are.
    func open(now: Timestamp, forWriting: Bool) async throws -> RunStage {
        guard world.isEmpty else { return .rehearsal(try RehearsalStage(try WorldFiles(world), now: now)) }
        // The store's disk and STS are waited for together.
        async let world = LiveWorld.open(live)
        let store = forWriting ? try await kept.openForWriting() : try await kept.openIfThere()
        do {
            return .live(try await world, store: store)
        } catch {
            await store?.close()
            throw error
        }
    }
}

/// A duration as playbooks write it: `90s`, `2m`, `24h`.
package struct PlaybookDuration: ExpressibleByArgument, Sendable, CustomStringConvertible {
    package var value: Duration

    init(_ value: Duration) { self.value = value }

    package init?(argument: String) {
        guard let value = Duration(playbookText: argument) else { return nil }
        self.value = value
    }

    package var description: String { value.playbookText }
    package var defaultValueDescription: String { description }
}
