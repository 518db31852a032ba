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
        /// What was left out although it was planned, and why: records that nobody depends on.
        package var notes: [String] = []
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

    /// Applies changes in order and stops at the first that fails, and before one for which no time is left.
    ///
    /// What took effect is on the answer whatever happens afterwards, also when the ledger fails.
    package func apply(
        _ changes: [PlannedChange],
        state: String,
        attempt: Int,
        until deadline: Timestamp? = nil
    ) async -> Application {
        var application = Application()
        for planned in changes {
            if planned.semantics == .bestEffort {
                await record(planned, state: state, attempt: attempt, until: deadline, in: &application)
                continue
            }
            if let deadline, clock.now() >= deadline {
                application.fault = Self.outOfTime(planned)
                return application
            }
            guard await note(.intent(state: state, attempt: attempt, change: planned), in: &application) else {
                return application
            }
            let outcome = await outcome(of: planned, until: deadline)
            if case .succeeded(let answer) = outcome {
                application.applied.append(planned.bound(to: answer))
                application.answers[planned.id] = answer
            }
            if case .unknown(let report) = outcome {
                application.fault = ActionFault("Unverified", report)
                application.uncertain = planned
            }
            if case .failed(let fault) = outcome { application.fault = fault }
            guard await note(.outcome(outcome, of: planned), in: &application), application.fault == nil else {
                return application
            }
        }
        return application
    }

    /// Sends what nobody depends on: whatever comes of it is noted, and the step goes on.
    private func record(
        _ planned: PlannedChange,
        state: String,
        attempt: Int,
        until deadline: Timestamp?,
        in application: inout Application
    ) async {
        if let deadline, clock.now() >= deadline {
            application.notes.append("no time was left to \(planned.summary)")
            return
        }
        do {
            try await ledger.append(.intent(state: state, attempt: attempt, change: planned))
            let outcome = await sender.send(planned.change)
            switch outcome {
            case .succeeded: application.applied.append(planned)
            case .failed(let fault) where fault.isAlreadyThere: break
            case .failed(let fault):
                application.notes.append("could not \(planned.summary): \(fault.name): \(fault.report)")
            case .unknown(let report):
                application.notes.append("nobody knows whether it could \(planned.summary): \(report)")
            }
            try await ledger.append(.outcome(outcome, of: planned))
        } catch {
            application.fault = application.fault ?? Self.noLedger(error)
        }
    }

    /// - Returns: false when the ledger did not take the entry: then nothing more is sent.
    private func note(_ entry: LedgerEntry, in application: inout Application) async -> Bool {
        do {
            try await ledger.append(entry)
            return true
        } catch {
            application.fault = application.fault ?? Self.noLedger(error)
            return false
        }
    }

    private static func noLedger(_ error: any Error) -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "STEP-005",
                what: "the ledger does not take an entry: \(error)",
                remedy: "check the store's disk; what was sent before stands in the plan"
            )
        )
    }

    private static func outOfTime(_ change: PlannedChange) -> ActionFault {
        ActionFault(
            "Timeout",
            FaultReport(
                code: "STEP-006",
                what: "the state's timeout was over before “\(change.summary)” was sent",
                remedy: "raise the state's timeout, or find out what was slow"
            )
        )
    }

    /// Sends a change once; a creation without idempotency token is looked for when no answer came.
    private func outcome(of planned: PlannedChange, until deadline: Timestamp?) async -> ChangeOutcome {
        let outcome = await sender.send(planned.change)
        guard case .unknown(let report) = outcome, case .atMostOnce(let lookUp) = planned.semantics else {
            return outcome
        }
        return await reconcile(lookUp, report, until: deadline)
    }

    /// Looks for what a lost answer may have made; creating again is never an answer to not knowing.
    private func reconcile(
        _ lookUp: AWSChange,
        _ report: FaultReport,
        until deadline: Timestamp?
    ) async -> ChangeOutcome {
        let window = clock.now().advanced(by: reconcileWindow)
        let end = min(window, deadline ?? window)
        var pause = Duration.seconds(1)
        repeat {
            if case .succeeded(let output) = await sender.send(.aws(lookUp)), Self.holdsAnything(output) {
                return .succeeded(output)
            }
            await clock.pass(pause)
            pause = min(pause * 2, .seconds(15))
        } while clock.now() < end
        return .unknown(report)
    }

    private static func holdsAnything(_ output: JSONValue) -> Bool {
        (output.object?.values ?? []).contains { !($0.array ?? []).isEmpty }
    }
}

extension ActionFault {
    /// The server has an object of the name that was to be created.
    var isAlreadyThere: Bool { report.code == "KUBERNETES-006" }
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
    package func undo(_ planned: PlannedChange) async -> Reversal {
        switch planned.undo {
        case .none(let reason):
            return .kept(reason: reason)
        case .inverse(let summary, let change, let guarding):
            let differences = await drift(guarding)
            guard differences.isEmpty else { return .refused(differences: differences) }
            switch await sender.send(change) {
            case .succeeded:
                do {
                    try await ledger.append(.undone(changeId: planned.id))
                } catch {
                    return .failed(Self.noLedger(error).report)
                }
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
