package import Vocabulary

/// One state of a run, in terms that no dialect owns.
package struct StateDefinition: Sendable, Hashable, Codable {
    package enum Kind: Sendable, Hashable, Codable {
        /// Asks somebody to act. Its parameters are evaluated before each attempt, or are none.
        case task(hasParameters: Bool)
        /// Goes to the target of the first branch that holds, else to `otherwise`, else fails.
        case choice(branches: [Successor], otherwise: Successor?)
        case wait(Wait)
        /// Evaluates values and keeps them.
        case set
        /// Ends the run well.
        case succeed
        /// Ends the run badly.
        case fail(Failure)

        private enum WaitCodingKeys: String, CodingKey { case _0 = "for" }
        private enum FailCodingKeys: String, CodingKey { case _0 = "with" }
    }

    /// How long a `wait` waits.
    package enum Wait: Sendable, Hashable, Codable {
        case span(Duration)
        /// A moment that has passed does not wait.
        case moment(Timestamp)
        /// The evaluator says.
        case evaluated

        private enum SpanCodingKeys: String, CodingKey { case _0 = "duration" }
        private enum MomentCodingKeys: String, CodingKey { case _0 = "timestamp" }
    }

    /// What a `fail` says.
    package enum Failure: Sendable, Hashable, Codable {
        case fixed(name: String?, cause: String?)
        case evaluated
    }

    /// Where a run goes after a state.
    package enum Successor: Sendable, Hashable, Codable {
        case state(String)
        case end

        private enum StateCodingKeys: String, CodingKey { case _0 = "name" }
    }

    package var name: String
    package var kind: Kind
    package var next: Successor
    package var retry: [RetryPolicy]
    package var catches: [CatchPolicy]
    /// For each attempt anew; an evaluated request may bring another one.
    package var timeout: Duration?
    /// The longest silence of an attempt.
    package var heartbeat: Duration?
    /// Whether the state is entered only if its condition holds (`when`).
    package var hasCondition: Bool
    /// Whether the evaluator makes the output from the result.
    package var shapesOutput: Bool
    /// Whether somebody has to say yes before each attempt.
    package var needsApproval: Bool
    /// How long a yes is waited for before the run is refused; nil is without end.
    package var approvalWithin: Duration?
    /// Whether an attempt cut short must be looked up in the world before the run moves on.
    package var reconciles: Bool
    /// How long the run waits for such a look-up before it moves on without.
    package var reconcileWithin: Duration
    /// Whether `undo` takes back what this state changed.
    package var isUndone: Bool
    /// Whether only its success shows that the subject is cut off; nil, as in older histories, is no.
    package var provesContainment: Bool?

    package init(
        _ name: String,
        _ kind: Kind,
        next: Successor = .end,
        retry: [RetryPolicy] = [],
        catches: [CatchPolicy] = [],
        timeout: Duration? = nil,
        heartbeat: Duration? = nil,
        hasCondition: Bool = false,
        shapesOutput: Bool = false,
        needsApproval: Bool = false,
        approvalWithin: Duration? = nil,
        reconciles: Bool = true,
        reconcileWithin: Duration = .seconds(30),
        isUndone: Bool = true,
        provesContainment: Bool? = nil
    ) {
        self.name = name
        self.kind = kind
        self.next = next
        self.retry = retry
        self.catches = catches
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.hasCondition = hasCondition
        self.shapesOutput = shapesOutput
        self.needsApproval = needsApproval
        self.approvalWithin = approvalWithin
        self.reconciles = reconciles
        self.reconcileWithin = reconcileWithin
        self.isUndone = isUndone
        self.provesContainment = provesContainment
    }
}
