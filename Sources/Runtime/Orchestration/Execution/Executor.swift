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
        for planned in changes {
            if let deadline, clock.now() >= deadline {
                application.fault = Self.outOfTime(planned)
                break
            }
            await journal.add(.intent(state: state, attempt: attempt, change: planned, at: clock.now()))
            guard await flush(&application) else { return application }
            await send(planned, until: deadline, &application)
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

    /// - Returns: false when the journal did not take what was added: then nothing more is sent.
    private func flush(_ application: inout Application) async -> Bool {
        do {
            try await journal.flush()
            return true
        } catch {
            application.fault = application.fault ?? Self.noJournal(error)
            return false
        }
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
