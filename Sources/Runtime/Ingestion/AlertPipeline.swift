package import Envelopes
package import Findings
package import Importing
internal import Synchronization
package import Vocabulary

/// From items of an intake to findings in Security Hub: folds by incident, maps, imports, and parks with its reason what
/// does not get there.
///
/// The only way in for commands, functions and services; nothing is said to be taken before it has its outcome.
package actor AlertPipeline {
    private let addressing: AlertAddressing
    private let importer: Importer
    private let outcomes: PipelineOutcomes
    private let now: @Sendable () -> Timestamp
    private var fold: AlertFold
    /// Which deliveries an incident's alerts came with, until its finding has been handed on.
    private var sources: [String: Set<String>] = [:]
    private var ticket: UInt64 = 0

    /// `outcomes` hears of everything that happens; the importer has to report to it too.
    package init(
        addressing: AlertAddressing,
        folding: AlertFold.Rules,
        importer: Importer,
        outcomes: PipelineOutcomes,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.addressing = addressing
        self.importer = importer
        self.outcomes = outcomes
        self.now = now
        fold = AlertFold(folding)
    }

    /// Takes one item; waits while the importer has too much to do.
    ///
    /// `source` is what its deliverer calls the delivery that it came with.
    package func take(_ item: IntakeItem, from source: String? = nil) async {
        switch item {
        case .alert(let alert, let around, let place), .internalEvent(let alert, let around, let place):
            await take(alert, around, place, source)
        case .control: outcomes.count { $0.controls += 1 }
        case .noise(let noise, _): if noise != .blank { outcomes.count { $0.noise += 1 } }
        case .reject(let reject): outcomes.reject(reject.json)
        }
    }

    private func take(_ alert: FalcoAlert, _ around: AlertSurroundings, _ place: InputPlace, _ source: String?) async {
        guard !addressing.rules.isIgnored(alert) else { return outcomes.count { $0.ignored += 1 } }
        do throws(EnvelopeFault) {
            let context = try addressing.context(for: alert, in: around)
            let before = fold.redeliveries
            let ready = fold.add(alert, context, delivery: around.eventID, at: now())
            let isNew = fold.redeliveries == before
            outcomes.count { if isNew { $0.alerts += 1 } else { $0.redeliveries += 1 } }
            if let source { sources[FoldedAlert.id(of: alert, in: context), default: []].insert(source) }
            await send(ready)
        } catch {
            outcomes.reject(IntakeReject(error.report, .record, at: place, original: alert.original).json)
        }
    }

    /// Sends what repeated within windows that are over; nil when none is open, else when to call again.
    @discardableResult
    package func tick() async -> Timestamp? {
        await send(fold.due(at: now()))
        return fold.nextDue
    }

    /// Sends everything that waits, and returns when each finding has its outcome.
    ///
    /// After the deadline nothing is tried again: what is not in by then is parked.
    package func finish(by deadline: Timestamp? = nil) async {
        await send(fold.drain())
        if let deadline { await importer.finish(by: deadline) } else { await importer.finish() }
    }

    private func send(_ ready: [FoldedAlert]) async {
        for folded in ready {
            let from = sources.removeValue(forKey: folded.id) ?? []
            do throws(FalcoFault) {
                let finding = try FalcoMapping.finding(folded)
                ticket += 1
                outcomes.expect(ticket, folded.alert.original, from)
                await importer.submit(finding, ticket: ticket)
            } catch {
                let place = InputPlace(offset: 0, length: folded.alert.original.count)
                outcomes.reject(IntakeReject(error.report, .record, at: place, original: folded.alert.original).json)
            }
        }
    }
}
