package import Playbooks
package import Runs

/// Turns a checked playbook into the definition that the run machine walks.
package enum PlaybookCompiler {
    package static func definition(of playbook: Playbook, limits: RunLimits = RunLimits()) -> RunDefinition {
        RunDefinition(playbook.states.map(state), finally: playbook.finally.map(state), limits: limits)
    }

    private static func state(_ state: PlaybookState) -> StateDefinition {
        StateDefinition(
            state.name,
            kind(of: state),
            next: successor(state.next),
            retry: state.retry.map(retry),
            catches: state.catches.map { CatchPolicy(errors: matchers($0.errors), next: $0.next, binding: $0.binding) },
            timeout: state.timeout,
            hasCondition: state.condition != nil,
            provesContainment: provesContainment(state) ? true : nil
        )
    }

    private static func provesContainment(_ state: PlaybookState) -> Bool {
        guard case .action(let call) = state.kind else { return false }
        return call.provesContainment
    }

    private static func kind(of state: PlaybookState) -> StateDefinition.Kind {
        switch state.kind {
        case .action: .task(hasParameters: true)
        case .choice(let branches, let otherwise):
            .choice(branches: branches.map { successor($0.next) }, otherwise: otherwise.map(successor))
        case .wait(let wait): .wait(waiting(wait))
        case .set: .set
        case .succeed: .succeed
        case .fail(let error, nil): .fail(.fixed(name: error, cause: nil))
        case .fail: .fail(.evaluated)
        }
    }

    private static func waiting(_ wait: PlaybookState.Wait) -> StateDefinition.Wait {
        switch wait {
        case .span(let duration): .span(duration)
        case .moment(let moment): .moment(moment)
        case .spanOf, .momentOf: .evaluated
        }
    }

    private static func successor(_ successor: PlaybookState.Successor) -> StateDefinition.Successor {
        switch successor {
        case .state(let name): .state(name)
        case .end: .end
        }
    }

    private static func retry(_ rule: RetryRule) -> RetryPolicy {
        RetryPolicy(
            errors: matchers(rule.errors),
            interval: rule.interval,
            attempts: rule.attempts,
            backoff: rule.backoff,
            maxDelay: rule.maxDelay,
            jitter: rule.jitter == .full ? .full : .none
        )
    }

    private static func matchers(_ names: [String]) -> [ErrorMatcher] {
        names.map { $0 == "any" ? .any : .named($0) }
    }
}
