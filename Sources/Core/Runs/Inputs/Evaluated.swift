internal import Vocabulary

/// What an expression gave.
extension RunMachine {
    mutating func evaluated(
        _ effect: EffectID,
        _ path: FramePath,
        _ request: EvaluationRequest,
        _ result: Evaluation
    ) throws(RunFault) {
        guard let frame = frames[path] else { return close(effect) }
        if case .failed(let error) = result {
            close(effect)
            return evaluationFailed(frame, request, error)
        }
        switch (request, result) {
        case (.condition, .condition(let holds)): resolve(effect) { $0.conditionHeld(frame, holds) }
        case (.parameters, .request(let request)):
            resolve(effect) { machine in
                if machine.fits(request.parameters) {
                    machine.admit(frame, request)
                } else {
                    machine.fail(frame, machine.tooLarge)
                }
            }
        case (.branch, .branch(let index)): try choose(frame, index, effect)
        case (.values, .value(let value)): resolve(effect) { $0.produce(frame, value) }
        case (.output, .value(let value)): resolve(effect) { $0.leave(frame, value) }
        case (.wait, .wait(let wait)) where wait != .evaluated: resolve(effect) { $0.begin(frame, wait) }
        case (.failure, .failure(let name, let cause)):
            resolve(effect) { $0.conclude(.failed(error: StepError(name, cause: cause).bounded)) }
        case (.caught(_, let catcher), .value(let value)):
            resolve(effect) { $0.followCatch(frame, value, to: frame.state.catches[catcher].next) }
        case (.condition, _), (.parameters, _), (.branch, _), (.values, _), (.output, _), (.wait, _), (.failure, _),
            (.caught, _):
            throw .wrongAnswer(effect, asked: request.kind, answered: result.kind)
        }
    }

    private mutating func resolve(_ effect: EffectID, _ step: (inout RunMachine) -> Void) {
        close(effect)
        step(&self)
    }

    private mutating func conditionHeld(_ frame: Frame, _ holds: Bool) {
        if holds { return begin(frame) }
        note(.skipped(path: frame.path))
        drop(frame.path)
        switch (phase, frame.state.next) {
        case (.concluding, _): enterFinally(after: frame)
        case (_, .state(let name)) where frame.state.kind != .succeed: enter(name)
        case (_, .state), (_, .end): conclude(.succeeded(output: .null))
        }
    }

    private mutating func choose(_ frame: Frame, _ index: Int?, _ effect: EffectID) throws(RunFault) {
        guard case .choice(let branches, let otherwise) = frame.state.kind else { return }
        if let index, !branches.indices.contains(index) {
            throw .wrongAnswer(effect, asked: "branch", answered: "branch \(index) of \(branches.count)")
        }
        close(effect)
        guard let target = index.map({ branches[$0] }) ?? otherwise else {
            let cause = "no branch of “\(frame.state.name)” holds and it has no default"
            return fail(frame, StepError(definition.errors.noChoice, cause: cause))
        }
        leave(frame, .null, to: target)
    }

    /// An error in what a catcher makes of an error is not caught again.
    private mutating func evaluationFailed(_ frame: Frame, _ request: EvaluationRequest, _ error: StepError) {
        switch request {
        case .caught: conclude(.failed(error: error.bounded))
        case .condition, .parameters, .branch, .values, .wait, .failure: fail(frame, error)
        case .output: failAfterSuccess(frame, error)
        }
    }
}

extension EvaluationRequest {
    fileprivate var kind: String {
        switch self {
        case .condition: "condition"
        case .parameters: "parameters"
        case .branch: "branch"
        case .values: "values"
        case .wait: "wait"
        case .failure: "failure"
        case .output: "output"
        case .caught: "caught error"
        }
    }
}

extension Evaluation {
    fileprivate var kind: String {
        switch self {
        case .condition: "condition"
        case .request: "parameters"
        case .branch: "branch"
        case .value: "value"
        case .wait: "wait"
        case .failure: "failure"
        case .failed: "error"
        }
    }
}
