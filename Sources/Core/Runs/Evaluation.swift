package import Vocabulary

/// What the machine asks the evaluator of expressions for; it never evaluates anything itself.
package enum EvaluationRequest: Sendable, Hashable, Codable {
    /// Whether a state is entered (`when`). → `condition`
    case condition
    /// What a task is asked to do. → `request`
    case parameters(attempt: Int)
    /// Which branch of a choice holds first. → `branch`
    case branch
    /// The values of a `set`. → `value`
    case values
    /// How long a `wait` waits. → `wait`
    case wait
    /// What a `fail` says. → `failure`
    case failure
    /// The state's output, made from its result. → `value`
    case output(result: JSONValue)
    /// The data of the state that a catcher leads to. → `value`
    case caught(error: StepError, catcher: Int)
}

/// What the evaluator found, recorded once and never computed again.
package enum Evaluation: Sendable, Hashable, Codable {
    case condition(holds: Bool)
    case request(TaskRequest)
    /// Counted from 0; nil when no branch holds.
    case branch(index: Int?)
    case value(JSONValue)
    /// A span or a moment.
    case wait(StateDefinition.Wait)
    case failure(name: String?, cause: String?)
    /// The expression could not be evaluated.
    case failed(error: StepError)

    private enum RequestCodingKeys: String, CodingKey { case _0 = "task" }
    private enum ValueCodingKeys: String, CodingKey { case _0 = "json" }
    private enum WaitCodingKeys: String, CodingKey { case _0 = "for" }
}

/// What a task is asked to do, and how long it may take where that is not fixed.
package struct TaskRequest: Sendable, Hashable, Codable {
    package var parameters: JSONValue
    package var timeout: Duration?
    package var heartbeat: Duration?

    package init(parameters: JSONValue, timeout: Duration? = nil, heartbeat: Duration? = nil) {
        self.parameters = parameters
        self.timeout = timeout
        self.heartbeat = heartbeat
    }
}
