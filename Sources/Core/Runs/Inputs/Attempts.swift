internal import Vocabulary

/// What became of an attempt: its own word, a clock's, or the world's.
extension RunMachine {
    mutating func attemptEnded(
        _ effect: EffectID,
        _ path: FramePath,
        _ attempt: TaskAttempt,
        _ report: StepReport
    ) throws(RunFault) {
        try learn(report, of: attempt.state)
        close(effect)
        guard let frame = frames[path] else { return }
        switch frame.activity {
        case .performing(effect, let timeout, let heartbeat):
            cancelTimer(timeout)
            cancelTimer(heartbeat)
            if case .unknown = report.outcome { return reconcile(frame, effect, instead: nil) }
            try resolve(frame, report.outcome, instead: nil)
        case .reconciling(let lookUp, effect, let expiry, let instead):
            // The attempt answers after all: as good as the look-up, unless it does not know either.
            if case .unknown = report.outcome { return }
            cancelTimer(expiry)
            abandon(lookUp)
            try resolve(frame, report.outcome, instead: instead)
        case .entering, .evaluating, .awaitingApproval, .performing, .reconciling, .pausing, .waiting: break
        }
    }

    mutating func reconciled(
        _ effect: EffectID,
        _ path: FramePath,
        _ attempt: TaskAttempt,
        _ report: StepReport
    ) throws(RunFault) {
        try learn(report, of: attempt.state)
        close(effect)
        guard let frame = frames[path],
            case .reconciling(effect, let attemptEffect, let expiry, let instead) = frame.activity
        else { return note(.learned(path: path, changes: report.changes.count, containment: report.containment)) }
        cancelTimer(expiry)
        abandon(attemptEffect)
        try resolve(frame, report.outcome, instead: instead)
    }

    /// `instead` is the error of an attempt that was cut short; it stands unless the attempt did succeed.
    private mutating func resolve(
        _ frame: Frame,
        _ outcome: StepReport.Outcome,
        instead: StepError?
    ) throws(RunFault) {
        switch outcome {
        case .succeeded(let output):
            note(.attemptSucceeded(path: frame.path, attempt: frame.attempt))
            produce(frame, output)
        case .failed(let error):
            attemptFailed(frame, instead ?? error)
        case .unknown(let cause):
            // Not retried: it may have taken effect, and a second one would not be the same.
            attemptFailed(frame, instead ?? StepError(definition.errors.unverified, cause: cause), mayRetry: false)
        case .refused(let reason):
            drop(frame.path)
            try stopFromWithin(.refused(reason: reason), frame)
        case .needsApproval(let reason):
            try needApproval(frame, reason)
        }
    }

    private mutating func attemptFailed(_ frame: Frame, _ error: StepError, mayRetry: Bool = true) {
        note(.attemptFailed(path: frame.path, attempt: frame.attempt, error: error.bounded))
        fail(frame, error, mayRetry: mayRetry)
    }

    /// A yes is only worth waiting for while the run goes on.
    private mutating func needApproval(_ frame: Frame, _ reason: String) throws(RunFault) {
        switch phase {
        case .stepping:
            var frame = frame
            frame.isApproved = false
            askApproval(frame, reason: reason)
        case .stopping, .concluding, .admitted, .finished, .undoing, .parked:
            fail(frame, StepError("NeedsApproval", cause: reason), mayRetry: false)
        }
    }

    /// Ends the run because one of its own attempts was refused; in `finally` that is a failure like others.
    mutating func stopFromWithin(_ end: RunEnd, _ frame: Frame) throws(RunFault) {
        switch (phase, end) {
        case (.stepping, _): try stop(end, "a refusal")
        case (_, .refused(let reason)): fail(frame, StepError("Refused", cause: reason), mayRetry: false)
        case (_, .succeeded), (_, .failed), (_, .cancelled): fail(frame, StepError("Stopped"), mayRetry: false)
        }
    }

    /// Asks the world what became of an attempt, which may still answer itself.
    mutating func reconcile(_ frame: Frame, _ attempt: EffectID, instead: StepError?) {
        var frame = frame
        let effect = issue()
        ask(.reconcile(effect: effect, path: frame.path, attempt: frame.taskAttempt))
        let deadline = now.advanced(by: frame.state.reconcileWithin)
        let expiry = startTimer(frame.path, deadline, .reconcile)
        frame.activity = .reconciling(effect: effect, attempt: attempt, expiry: expiry, instead: instead)
        put(frame)
    }

    mutating func beat(_ path: FramePath) {
        guard var frame = frames[path], case .performing(let effect, let timeout, let old?) = frame.activity else {
            return
        }
        cancelTimer(old)
        let heartbeat = startTimer(path, after: frame.request.heartbeat ?? frame.state.heartbeat, .heartbeat)
        frame.activity = .performing(effect: effect, timeout: timeout, heartbeat: heartbeat)
        put(frame)
    }

    mutating func learn(_ report: StepReport, of state: String) throws(RunFault) {
        for change in report.changes where !changes.contains(where: { $0.id.isIdentical(to: change.id) }) {
            guard changes.count < definition.limits.changes else {
                throw .tooManyChanges(limit: definition.limits.changes)
            }
            var change = change
            change.state = state
            changes.append(change)
        }
        if let containment = report.containment { keep(containment, of: state, about: report.subject) }
    }
}
