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

    let sender: ChangeSender
    let reader: ExpectationReader
    let journal: any RunJournal
    let clock: any RunClock
    /// How long a change without idempotency token is looked for before it counts as not made.
    let reconcileWindow: Duration

    package init(world: World, journal: any RunJournal, clock: any RunClock, reconcileWindow: Duration = .seconds(120))
    {
        sender = ChangeSender(world: world)
        reader = ExpectationReader(world: world)
        self.journal = journal
        self.clock = clock
        self.reconcileWindow = reconcileWindow
    }

    /// Applies changes in order and stops at the first that fails, and before one for which no time is left.
    ///
    /// What took effect is on the answer whatever happens afterwards, also when the journal fails. The outcome of one
    /// change and the intent of the next become durable together.
    package func apply(
        _ changes: [PlannedChange],
        state: String,
        attempt: Int,
        until deadline: Timestamp? = nil
    ) async -> Application {
        var application = Application()
        let records = changes.filter { $0.semantics == .bestEffort }
        if !records.isEmpty { await journal.add(.owed(changes: records)) }
        for planned in changes {
            if let deadline, clock.now() >= deadline {
                guard planned.semantics != .bestEffort else {
                    application.notes.append("no time was left to \(planned.summary)")
                    continue
                }
                application.fault = Self.outOfTime(planned)
                break
            }
            await journal.add(.intent(state: state, attempt: attempt, change: planned, at: clock.now()))
            do {
                try await journal.flush()
            } catch {
                // Nothing is sent any more, not this either; a step that lacks only a record is as good as without it.
                await journal.add(.failed(changeId: planned.id, Self.noJournal(error).report))
                if planned.semantics != .bestEffort { application.fault = Self.noJournal(error) }
                break
            }
            if planned.semantics == .bestEffort {
                await record(planned, &application)
            } else {
                await send(planned, until: deadline, &application)
            }
            guard application.fault == nil else { break }
        }
        // A journal that fails here fails for good: the next change is not sent, and the run says so. What was sent is
        // still looked at: whether it took effect is known all the same.
        try? await journal.flush()
        return application
    }

    private func send(_ planned: PlannedChange, until deadline: Timestamp?, _ application: inout Application) async {
        let sentAt = clock.now()
        var outcome = await sender.send(planned.change)
        if case .unknown(let report) = outcome, case .atMostOnce(let lookUp) = planned.semantics {
            await journal.add(.unknown(changeId: planned.id, report))
            outcome = await reconcile(lookUp, planned, since: sentAt, report, until: deadline)
        }
        await journal.add(.outcome(outcome, of: planned))
        switch outcome {
        case .succeeded(let answer):
            application.applied.append(planned.bound(to: answer))
            application.answers[planned.id] = answer
        case .unknown(let report):
            application.fault = ActionFault("Unverified", report)
            application.uncertain = planned
        case .failed(let fault): application.fault = fault
        }
    }

    /// Sends what nobody depends on: whatever comes of it is noted, and the step goes on.
    private func record(_ planned: PlannedChange, _ application: inout Application) async {
        let outcome = await sender.send(planned.change)
        switch outcome {
        case .succeeded: application.applied.append(planned)
        case .failed(let fault) where fault.isAlreadyThere: break
        case .failed(let fault):
            application.notes.append("could not \(planned.summary): \(fault.name): \(fault.report)")
        case .unknown(let report):
            application.notes.append("nobody knows whether it could \(planned.summary): \(report)")
        }
        await journal.add(.outcome(outcome, of: planned))
    }

    static func noJournal(_ error: any Error) -> ActionFault {
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
}

extension ActionFault {
    /// The server has an object of the name that was to be created.
    var isAlreadyThere: Bool { report.code == "KUBERNETES-006" }
}
