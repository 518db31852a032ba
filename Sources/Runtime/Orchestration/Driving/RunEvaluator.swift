internal import Expressions
package import Planning
package import Playbooks
package import Runs
package import Vocabulary

/// Evaluates what the run machine asks for; its answers are recorded and never computed again.
package struct RunEvaluator: Sendable {
    private let playbook: Playbook

    package init(playbook: Playbook) { self.playbook = playbook }

    package func evaluate(
        _ request: EvaluationRequest,
        state: PlaybookState,
        scope: ExpressionScope,
        now: Timestamp
    ) -> Evaluation {
        do throws(ExpressionFault) {
            return try answer(request, state, TemplateRenderer(scope), now)
        } catch {
            return .failed(error: StepError("Invalid", cause: error.report(at: state.mark).description))
        }
    }

    private func answer(
        _ request: EvaluationRequest,
        _ state: PlaybookState,
        _ renderer: TemplateRenderer,
        _ now: Timestamp
    ) throws(ExpressionFault) -> Evaluation {
        switch request {
        case .condition:
            return .condition(
                holds: try state.condition.map { (condition) throws(ExpressionFault) in
                    try renderer.holds(condition) ?? false
                } ?? true
            )
        case .parameters:
            guard case .action(let call) = state.kind else { return .request(TaskRequest(parameters: .object([:]))) }
            return .request(TaskRequest(parameters: try renderer.render(call.parameters).value))
        case .branch: return .branch(index: try branch(state, renderer))
        case .values:
            guard case .set(let members) = state.kind else { return .value(.object([:])) }
            return .value(try renderer.render(members).value)
        case .wait: return try wait(state, renderer)
        case .failure:
            guard case .fail(let error, let cause) = state.kind else { return .failure(name: nil, cause: nil) }
            return .failure(
                name: error,
                cause: try cause.map { (text) throws(ExpressionFault) in try renderer.render(text).value.string ?? "" }
            )
        case .output(let result): return .value(result)
        case .caught(let error, _): return .value(error.json)
        }
    }

    private func branch(_ state: PlaybookState, _ renderer: TemplateRenderer) throws(ExpressionFault) -> Int? {
        guard case .choice(let branches, _) = state.kind else { return nil }
        for (index, branch) in branches.enumerated() where try renderer.holds(branch.condition) == true { return index }
        return nil
    }

    private func wait(_ state: PlaybookState, _ renderer: TemplateRenderer) throws(ExpressionFault) -> Evaluation {
        guard case .wait(let wait) = state.kind else { return .wait(.span(.zero)) }
        switch wait {
        case .span(let duration): return .wait(.span(duration))
        case .moment(let moment): return .wait(.moment(moment))
        case .spanOf(let template):
            let text = try renderer.render(template).value.string ?? ""
            guard let duration = Duration(playbookText: text) else { return Self.noTime(state, text) }
            return .wait(.span(duration))
        case .momentOf(let template):
            let text = try renderer.render(template).value.string ?? ""
            guard let moment = Timestamp(text) else { return Self.noTime(state, text) }
            return .wait(.moment(moment))
        }
    }

    private static func noTime(_ state: PlaybookState, _ text: String) -> Evaluation {
        .failed(
            error: StepError("Invalid", cause: "\(state.mark): “\(text.prefix(80))” is neither a duration nor a moment")
        )
    }
}
