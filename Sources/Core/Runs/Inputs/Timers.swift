internal import Vocabulary

/// A deadline came.
extension RunMachine {
    mutating func timerFired(_ timer: EffectID, _ path: FramePath, _ purpose: TimerPurpose) throws(RunFault) {
        close(timer)
        if timer == runTimer { return try runTimedOut() }
        guard let frame = frames[path] else { return }
        switch frame.activity {
        case .performing(let attempt, let timeout, let heartbeat):
            cancelTimer(timeout)
            cancelTimer(heartbeat)
            attemptTimedOut(frame, attempt, purpose)
        case .reconciling(_, let attempt, timer, let instead):
            // The look-up stays open: what it finds is kept, but nothing waits for it.
            abandon(attempt)
            let cause = "nobody could say within \(frame.state.reconcileWithin.playbookText) whether it took effect"
            let error = instead ?? StepError(definition.errors.unverified, cause: cause)
            note(.attemptFailed(path: path, attempt: frame.attempt, error: error))
            fail(frame, error, mayRetry: false)
        case .pausing: startAttempt(frame)
        case .waiting: produce(frame, .null)
        case .awaitingApproval(let effect, _):
            abandon(effect)
            drop(path)
            try stopFromWithin(.refused(reason: "nobody approved “\(frame.state.name)” in time"), frame)
        case .entering, .evaluating, .reconciling: break
        }
    }

    /// What may have been written is looked up before the run moves on.
    private mutating func attemptTimedOut(_ frame: Frame, _ attempt: EffectID, _ purpose: TimerPurpose) {
        let names = definition.errors
        let error = StepError(names.timeout, cause: "", otherName: purpose == .heartbeat ? names.heartbeat : nil)
        guard !frame.state.reconciles else { return reconcile(frame, attempt, instead: error) }
        abandon(attempt)
        note(.attemptFailed(path: frame.path, attempt: frame.attempt, error: error))
        fail(frame, error)
    }

    private mutating func runTimedOut() throws(RunFault) {
        runTimer = nil
        let error = StepError(definition.errors.runTimeout, cause: "", isTerminal: true)
        guard case .stepping = phase else { return }
        try stop(.failed(error: error), "a timeout")
    }
}
