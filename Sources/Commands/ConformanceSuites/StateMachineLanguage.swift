internal import Runs
internal import Vocabulary

/// Compiles a definition in the Amazon States Language to the machine's own.
///
/// All control flow of the definition ends up in the `RunDefinition`; what stays behind is data flow.
struct StateMachineLanguage {
    /// Why a case is counted apart, or cannot be run.
    enum Refusal: Error {
        /// A kind of state that the machine does not run in this version.
        case apart(String)
        case malformed(String)
    }

    let run: RunDefinition
    let states: JSONValue

    /// `altering` puts faults into retriers, to prove that the corpus notices.
    init(_ definition: JSONValue, altering: (RetryPolicy) -> RetryPolicy) throws(Refusal) {
        guard let start = definition["StartAt"]?.string, let states = definition["States"]?.object,
            let first = states[start]
        else { throw .malformed("a definition without StartAt and States") }
        if let kind = Self.apart(definition) { throw .apart(kind) }
        var compiled = [try Self.state(start, first, altering)]
        for member in states where !member.key.isIdentical(to: start) {
            compiled.append(try Self.state(member.key, member.value, altering))
        }
        self.states = .object(states)
        let timeout = (definition["TimeoutSeconds"]?.number).map(Duration.bounded)
        run = RunDefinition(compiled, timeout: timeout, errors: Self.errors)
    }

    private static var errors: ErrorNames {
        var names = ErrorNames()
        names.timeout = "States.Timeout"
        names.heartbeat = "States.HeartbeatTimeout"
        names.noChoice = "States.NoChoiceMatched"
        names.unverified = "States.TaskFailed"
        names.dataLimit = "States.DataLimitExceeded"
        names.tooManyStates = "States.Runtime"
        names.runTimeout = "States.Timeout"
        return names
    }

    /// Map before Parallel: a Map inside a Parallel needs both.
    private static func apart(_ definition: JSONValue) -> String? {
        let kinds = (definition["States"]?.object?.values ?? []).map { state -> String? in
            switch state["Type"]?.string {
            case "Map": return "Map"
            case "Parallel":
                let inner = (state["Branches"]?.array ?? []).compactMap { apart($0) }
                return inner.contains("Map") ? "Map" : "Parallel"
            default: return nil
            }
        }
        return kinds.contains("Map") ? "Map" : kinds.contains("Parallel") ? "Parallel" : nil
    }

    private static func state(
        _ name: String,
        _ state: JSONValue,
        _ altering: (RetryPolicy) -> RetryPolicy
    ) throws(Refusal) -> StateDefinition {
        let type = state["Type"]?.string ?? ""
        let isTask = type == "Task"
        return StateDefinition(
            name,
            try kind(type, state),
            next: successor(state),
            retry: isTask ? (state["Retry"]?.array ?? []).map { altering(retrier($0)) } : [],
            catches: isTask ? (state["Catch"]?.array ?? []).map(catcher) : [],
            shapesOutput: isTask || type == "Wait" || type == "Succeed",
            reconciles: false
        )
    }

    private static func kind(_ type: String, _ state: JSONValue) throws(Refusal) -> StateDefinition.Kind {
        switch type {
        case "Task": .task(hasParameters: true)
        case "Pass": .set
        case "Wait": .wait(.evaluated)
        case "Succeed": .succeed
        case "Fail": .fail(.evaluated)
        case "Choice":
            .choice(
                branches: (state["Choices"]?.array ?? []).map(successor),
                otherwise: (state["Default"]?.string).map { .state($0) }
            )
        default: throw .malformed("a state of type “\(type)”")
        }
    }

    private static func successor(_ state: JSONValue) -> StateDefinition.Successor {
        (state["Next"]?.string).map { .state($0) } ?? .end
    }

    private static func retrier(_ retrier: JSONValue) -> RetryPolicy {
        RetryPolicy(
            errors: matchers(retrier),
            interval: .bounded(retrier["IntervalSeconds"]?.number ?? 1),
            attempts: Int(retrier["MaxAttempts"]?.integer ?? 3),
            backoff: retrier["BackoffRate"]?.number ?? 2,
            maxDelay: (retrier["MaxDelaySeconds"]?.number).map(Duration.bounded),
            jitter: retrier["JitterStrategy"]?.string == "FULL" ? .full : .none
        )
    }

    private static func catcher(_ catcher: JSONValue) -> CatchPolicy {
        CatchPolicy(errors: matchers(catcher), next: catcher["Next"]?.string ?? "", shapesInput: true)
    }

    private static func matchers(_ policy: JSONValue) -> [ErrorMatcher] {
        (policy["ErrorEquals"]?.array ?? []).compactMap(\.string).map { name in
            switch name {
            case "States.ALL": .any
            case "States.TaskFailed": .allBut(names: ["States.Timeout"])
            default: .named(name)
            }
        }
    }
}

extension Duration {
    /// Seconds as a corpus gives them, cut to what a virtual clock can count.
    static func bounded(_ seconds: Double) -> Duration {
        .seconds(seconds.isFinite ? min(max(seconds, -1e9), 1e9) : 0)
    }
}
