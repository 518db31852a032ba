internal import Vocabulary

/// From the result of a state to what comes after it.
extension RunMachine {
    /// The state's work is done; its output may still have to be made from the result.
    mutating func produce(_ frame: Frame, _ result: JSONValue) {
        guard fits(result) else { return failAfterSuccess(frame, tooLarge) }
        if frame.state.shapesOutput { evaluate(frame, .output(result: result)) } else { leave(frame, result) }
    }

    mutating func leave(_ frame: Frame, _ output: JSONValue, to successor: StateDefinition.Successor? = nil) {
        guard fits(output) else { return failAfterSuccess(frame, tooLarge) }
        let successor = successor ?? frame.state.next
        drop(frame.path)
        switch phase {
        case .stepping:
            keep(output, of: frame.state)
            note(.left(path: frame.path, output: output, next: successor.stateName))
            go(to: successor, with: output, endsRun: frame.state.kind == .succeed)
        case .stopping(_, let end):
            keep(output, of: frame.state)
            note(.left(path: frame.path, output: output, next: nil))
            if frames.frames.isEmpty { conclude(end) }
        case .concluding:
            note(.left(path: frame.path, output: output, next: nil))
            enterFinally(after: frame)
        case .admitted, .finished, .undoing, .parked: break
        }
    }

    private mutating func go(to successor: StateDefinition.Successor, with output: JSONValue, endsRun: Bool) {
        switch successor {
        case .state(let name) where !endsRun: enter(name)
        case .state, .end: conclude(.succeeded(output: output))
        }
    }

    /// The work is done and only its result is no good: what must not happen twice is not tried again.
    mutating func failAfterSuccess(_ frame: Frame, _ error: StepError) {
        fail(frame, error, mayRetry: !frame.state.reconciles)
    }

    /// Retry, else catch, else the end of the run.
    mutating func fail(_ frame: Frame, _ failure: StepError, mayRetry: Bool = true) {
        let error = failure.bounded
        switch phase {
        case .stepping:
            if mayRetry && retry(frame, error) { return }
            lastError = error
            noteUnproved(frame.state)
            guard let catcher = frame.state.catches.firstIndex(where: { $0.isFor(error) }) else {
                return conclude(.failed(error: error))
            }
            catchError(frame, error, catcher)
        case .stopping(_, let end):
            noteUnproved(frame.state)
            drop(frame.path)
            if frames.frames.isEmpty { conclude(end) }
        case .concluding:
            if mayRetry && retry(frame, error) { return }
            note(.finallyFailed(path: frame.path, error: error))
            enterFinally(after: frame)
        case .admitted, .finished, .undoing, .parked: break
        }
    }

    /// - Returns: false when no retrier names the error, or the first that does is used up.
    private mutating func retry(_ frame: Frame, _ error: StepError) -> Bool {
        var frame = frame
        let policies = frame.state.retry
        guard let index = RetrySchedule.retrier(for: error, in: policies), frame.retries.indices.contains(index),
            frame.retries[index] < policies[index].attempts
        else { return false }
        frame.retries[index] += 1
        let fraction = RetrySchedule.fraction(seed: seed, draw: nextEffect)
        let pause = RetrySchedule.pause(policies[index], retry: frame.retries[index], fraction: fraction)
        note(.retrying(path: frame.path, attempt: frame.attempt + 1, after: pause))
        frame.activity = .pausing(timer: startTimer(frame.path, now.advanced(by: pause), .retry))
        put(frame)
        return true
    }

    private mutating func catchError(_ frame: Frame, _ error: StepError, _ catcher: Int) {
        let policy = frame.state.catches[catcher]
        if let binding = policy.binding { bind(error, as: binding) }
        note(.caught(path: frame.path, error: error, next: policy.next))
        if policy.shapesInput {
            evaluate(frame, .caught(error: error, catcher: catcher))
        } else {
            followCatch(frame, error.json, to: policy.next)
        }
    }

    /// The output of a caught state is not kept as its own: it never succeeded.
    mutating func followCatch(_ frame: Frame, _ output: JSONValue, to target: String) {
        drop(frame.path)
        note(.left(path: frame.path, output: output, next: target))
        enter(target)
    }

    var tooLarge: StepError {
        StepError(definition.errors.dataLimit, cause: "more than \(definition.limits.resultBytes) bytes")
    }

    func fits(_ value: JSONValue) -> Bool {
        JSONWriter.compact(value).utf8.count <= definition.limits.resultBytes
    }
}

extension StateDefinition.Successor {
    var stateName: String? { if case .state(let name) = self { name } else { nil } }
}
