internal import Vocabulary

/// From entering a state to its first effect.
extension RunMachine {
    mutating func enter(_ name: String) {
        visits += 1
        guard visits <= definition.limits.visits else {
            let cause = "more than \(definition.limits.visits) states were entered"
            return conclude(.failed(error: StepError(definition.errors.tooManyStates, cause: cause, isTerminal: true)))
        }
        guard let state = definition.state(name) else {
            let cause = "no state is called “\(name)”"
            return conclude(.failed(error: StepError("UnknownState", cause: cause, isTerminal: true)))
        }
        enter(Frame(path: FramePath([.state(state.name)]), state: state, visit: visits))
    }

    mutating func enter(_ frame: Frame) {
        put(frame)
        note(.entered(path: frame.path, visit: frame.visit))
        if frame.state.hasCondition { evaluate(frame, .condition) } else { begin(frame) }
    }

    /// The condition holds, or there is none.
    mutating func begin(_ frame: Frame) {
        switch frame.state.kind {
        case .task: startAttempt(frame)
        case .choice: evaluate(frame, .branch)
        case .wait(let wait): begin(frame, wait)
        case .set: evaluate(frame, .values)
        case .succeed: produce(frame, .null)
        case .fail(.fixed(let name, let cause)): conclude(.failed(error: StepError(name, cause: cause)))
        case .fail(.evaluated): evaluate(frame, .failure)
        }
    }

    /// Even a wait for nothing goes through a timer: so no loop can run within one input.
    mutating func begin(_ frame: Frame, _ wait: StateDefinition.Wait) {
        var frame = frame
        switch wait {
        case .evaluated: return evaluate(frame, .wait)
        case .span(let span):
            frame.activity = .waiting(timer: startTimer(frame.path, now.advanced(by: max(.zero, span)), .wait))
        case .moment(let moment): frame.activity = .waiting(timer: startTimer(frame.path, max(now, moment), .wait))
        }
        put(frame)
    }

    mutating func startAttempt(_ frame: Frame) {
        var frame = frame
        frame.attempt += 1
        switch frame.state.kind {
        case .task(hasParameters: true): evaluate(frame, .parameters(attempt: frame.attempt))
        case .task, .choice, .wait, .set, .succeed, .fail: admit(frame, TaskRequest(parameters: .object([:])))
        }
    }

    mutating func admit(_ frame: Frame, _ request: TaskRequest) {
        var frame = frame
        frame.request = request
        guard frame.state.needsApproval, !frame.isApproved else { return perform(frame) }
        askApproval(frame, reason: "the state needs approval")
    }

    mutating func askApproval(_ frame: Frame, reason: String) {
        var frame = frame
        let effect = issue()
        ask(.askApproval(effect: effect, path: frame.path, reason: reason))
        let expiry = startTimer(frame.path, after: frame.state.approvalWithin, .approval)
        frame.activity = .awaitingApproval(effect: effect, expiry: expiry)
        put(frame)
    }

    mutating func perform(_ frame: Frame) {
        var frame = frame
        let effect = issue()
        ask(.perform(effect: effect, path: frame.path, attempt: frame.taskAttempt))
        let timeout = startTimer(frame.path, after: frame.request.timeout ?? frame.state.timeout, .timeout)
        let heartbeat = startTimer(frame.path, after: frame.request.heartbeat ?? frame.state.heartbeat, .heartbeat)
        frame.activity = .performing(effect: effect, timeout: timeout, heartbeat: heartbeat)
        put(frame)
    }
}
