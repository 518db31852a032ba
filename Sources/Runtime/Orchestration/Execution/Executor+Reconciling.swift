internal import Catalogue
internal import Planning
internal import Vocabulary

/// Looking for what a lost answer may have made.
extension Executor {
    /// Looks for a creation without idempotency token until it is seen or the window since its sending is over.
    ///
    /// Nobody sees it although all look-ups were answered: it counts as not made, and may be made again. Nobody could look,
    /// or no time was left: it stays unknown, and making it again would not be an answer.
    func reconcile(
        _ lookUp: AWSChange,
        _ planned: PlannedChange,
        since sentAt: Timestamp,
        _ report: FaultReport,
        until deadline: Timestamp?
    ) async -> ChangeOutcome {
        let window = sentAt.advanced(by: reconcileWindow)
        let end = min(window, deadline ?? window)
        var pause = Duration.seconds(1)
        while true {
            let answer = await sender.send(.aws(lookUp))
            if case .succeeded(let output) = answer {
                if Self.holdsAnything(output) { return .succeeded(output) }
                if clock.now() >= window { return .failed(Self.notMade(planned, within: reconcileWindow)) }
            }
            guard clock.now() < end else { return .unknown(report) }
            await clock.pass(min(pause, max(.milliseconds(100), end.duration(since: clock.now()))))
            pause = min(pause * 2, .seconds(15))
        }
    }

    /// Whether a change whose outcome nobody wrote down took effect, by its look-up; nil for changes without one.
    func lookFor(
        _ planned: PlannedChange,
        since sentAt: Timestamp,
        until deadline: Timestamp?
    ) async -> ChangeOutcome? {
        guard case .atMostOnce(let lookUp) = planned.semantics else { return nil }
        let report = FaultReport(
            code: "STEP-008",
            what: "nobody knows whether “\(planned.summary)” took effect: its answer was never written down",
            remedy: "look for it in the account; the run goes on without it",
            retry: .unknown
        )
        return await reconcile(lookUp, planned, since: sentAt, report, until: deadline)
    }

    private static func notMade(_ planned: PlannedChange, within window: Duration) -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "STEP-009",
                what: "“\(planned.summary)” got no answer, and \(window.playbookText) later nothing of it can be seen",
                remedy: "the state's retry makes it again; without one, run the playbook once more",
                retry: .transient
            )
        )
    }

    private static func holdsAnything(_ output: JSONValue) -> Bool {
        (output.object?.values ?? []).contains { member in
            // A snapshot that failed is no evidence: it has to be made again.
            (member.array ?? []).contains { $0["State"]?.string != "error" }
        }
    }
}
