/// One retrier: for which errors, how often, and how long to pause before.
package struct RetryPolicy: Sendable, Hashable, Codable {
    package enum Jitter: String, Sendable, Hashable, Codable {
        /// The pause is what the schedule says.
        case none
        /// The pause is drawn between nothing and what the schedule says.
        case full
    }

    package var errors: [ErrorMatcher]
    /// The pause before the first retry.
    package var interval: Duration
    /// Retries after the first try; 0 shields its errors from the retriers after it.
    package var attempts: Int
    /// What the pause is multiplied with from one retry to the next; at least 1.
    package var backoff: Double
    package var maxDelay: Duration?
    package var jitter: Jitter

    package init(
        errors: [ErrorMatcher],
        interval: Duration = .seconds(1),
        attempts: Int = 3,
        backoff: Double = 2,
        maxDelay: Duration? = nil,
        jitter: Jitter = .none
    ) {
        self.errors = errors
        self.interval = interval
        self.attempts = attempts
        self.backoff = backoff
        self.maxDelay = maxDelay
        self.jitter = jitter
    }

    package func isFor(_ error: StepError) -> Bool { errors.contains { $0.matches(error) } }
}

/// One catcher: for which errors, and where the run goes on.
package struct CatchPolicy: Sendable, Hashable, Codable {
    package var errors: [ErrorMatcher]
    package var next: String
    /// The variable that later states find the error under.
    package var binding: String?
    /// Whether the evaluator makes the data of the next state from the error.
    package var shapesInput: Bool

    package init(errors: [ErrorMatcher], next: String, binding: String? = nil, shapesInput: Bool = false) {
        self.errors = errors
        self.next = next
        self.binding = binding
        self.shapesInput = shapesInput
    }

    package func isFor(_ error: StepError) -> Bool { errors.contains { $0.matches(error) } }
}
