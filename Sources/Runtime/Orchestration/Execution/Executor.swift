package import Catalogue
package import Planning
package import Vocabulary

/// Applies planned changes: journals the intent, sends, classifies, journals the outcome; and takes them back.
package struct Executor: Sendable {
    /// What became of one step's changes.
    package struct Application: Sendable {
        /// Those that took effect, in order.
        package var applied: [PlannedChange] = []
        /// Why the step did not go on; nil when every change took effect.
        package var fault: ActionFault?
        /// The change that may have taken effect although nobody knows: look before anything is repeated.
        package var uncertain: PlannedChange?
        /// The answers' bodies, by change id.
        package var answers: [String: JSONValue] = [:]
    }

    private let sender: ChangeSender
    private let reader: ExpectationReader
    private let ledger: any Ledger
    private let clock: any RunClock
    /// How long a change without idempotency token is looked for before it counts as not made.
    private let reconcileWindow: Duration

    package init(world: World, ledger: any Ledger, clock: any RunClock, reconcileWindow: Duration = .seconds(120)) {
        sender = ChangeSender(world: world)
        reader = ExpectationReader(world: world)
        self.ledger = ledger
        self.clock = clock
        self.reconcileWindow = reconcileWindow
    }

    /// Applies changes in order and stops at the first that fails.
    package func apply(_ changes: [PlannedChange], state: String, attempt: Int) async throws -> Application {
        var application = Application()
        for planned in changes {
            try await ledger.append(.intent(state: state, attempt: attempt, change: planned))
            switch await outcome(of: planned) {
            case .succeeded(let answer):
                try await ledger.append(.succeeded(changeId: planned.id))
                application.applied.append(planned.bound(to: answer))
                application.answers[planned.id] = answer
            case .failed(let fault):
                try await ledger.append(.failed(changeId: planned.id, fault.report))
                application.fault = fault
                return application
            case .unknown(let report):
                try await ledger.append(.unknown(changeId: planned.id, report))
                application.fault = ActionFault("Unverified", report)
                application.uncertain = planned
                return application
            }
        }
        return application
    }

    /// Sends a change once; a creation without idempotency token is looked for when no answer came.
    private func outcome(of planned: PlannedChange) async -> ChangeOutcome {
        let outcome = await sender.send(planned.change)
        guard case .unknown(let report) = outcome, case .atMostOnce(let lookUp) = planned.semantics else {
            return outcome
        }
        return await reconcile(lookUp, report)
    }

    /// Looks for what a lost answer may have made; creating again is never an answer to not knowing.
    private func reconcile(_ lookUp: AWSChange, _ report: FaultReport) async -> ChangeOutcome {
        let start = clock.now()
        var pause = Duration.seconds(1)
        repeat {
            if case .succeeded(let output) = await sender.send(.aws(lookUp)), Self.holdsAnything(output) {
                return .succeeded(output)
            }
            await clock.pass(pause)
            pause = min(pause * 2, .seconds(15))
        } while clock.now().duration(since: start) < reconcileWindow
        return .unknown(report)
    }

    private static func holdsAnything(_ output: JSONValue) -> Bool {
        (output.object?.values ?? []).contains { !($0.array ?? []).isEmpty }
    }
}

// MARK: - Undo

extension Executor {
    /// What became of taking back one change.
    package enum Reversal: Sendable, Hashable {
        case undone(summary: String)
        /// There is no inverse, for this reason.
        case kept(reason: String)
        /// Somebody else changed the object since: these findings do not hold.
        case refused(differences: [String])
        case failed(FaultReport)
    }

    /// Takes one change back, unless the world moved on since.
    package func undo(_ planned: PlannedChange) async throws -> Reversal {
        switch planned.undo {
        case .none(let reason):
            return .kept(reason: reason)
        case .inverse(let summary, let change, let guarding):
            let differences = await drift(guarding)
            guard differences.isEmpty else { return .refused(differences: differences) }
            switch await sender.send(change) {
            case .succeeded:
                try await ledger.append(.undone(changeId: planned.id))
                return .undone(summary: summary)
            case .failed(let fault): return .failed(fault.report)
            case .unknown(let report): return .failed(report)
            }
        }
    }

    private func drift(_ guarding: [Expectation]) async -> [String] {
        var differences: [String] = []
        for expectation in guarding {
            let finding = await reader.read(expectation)
            if !finding.holds { differences.append("\(expectation.summary): found \(finding.found)") }
        }
        return differences
    }
}
