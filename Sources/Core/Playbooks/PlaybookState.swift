package import Vocabulary

/// One state of a playbook, with where it leads.
package struct PlaybookState: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case action(ActionCall)
        case choice(branches: [Branch], otherwise: Successor?)
        case wait(Wait)
        /// Values that later states find under `vars.NAME`, in file order.
        case set([ValueTemplate.Member])
        case succeed
        case fail(error: String, cause: TextTemplate?)
    }

    package struct ActionCall: Sendable, Hashable {
        package var name: String
        package var actionClass: ActionManifest.Class
        package var provesContainment: Bool
        /// `with`, in file order.
        package var parameters: [ValueTemplate.Member]
        package var mark: SourceMark

        package init(
            name: String,
            actionClass: ActionManifest.Class,
            provesContainment: Bool = false,
            parameters: [ValueTemplate.Member],
            mark: SourceMark
        ) {
            self.name = name
            self.actionClass = actionClass
            self.provesContainment = provesContainment
            self.parameters = parameters
            self.mark = mark
        }
    }

    package struct Branch: Sendable, Hashable {
        package var condition: Condition
        package var next: Successor

        package init(condition: Condition, next: Successor) {
            self.condition = condition
            self.next = next
        }
    }

    package enum Wait: Sendable, Hashable {
        case span(Duration)
        case moment(Timestamp)
        /// A duration, known when the state is entered.
        case spanOf(ValueTemplate)
        /// A moment, known when the state is entered.
        case momentOf(ValueTemplate)
    }

    package enum Successor: Sendable, Hashable {
        case state(String)
        case end
    }

    /// What happens when what the state holds has been held for `expires`.
    package enum Expiry: String, Sendable, Hashable, Codable, CaseIterable {
        /// People are told; what is held stays held.
        case escalate
        /// It is let go, but never while the finding is unresolved.
        case release
    }

    package var name: String
    package var kind: Kind
    /// Where a success leads; `end` for choices, which name their successors themselves.
    package var next: Successor
    package var condition: Condition?
    package var retry: [RetryRule]
    package var catches: [CatchRule]
    package var timeout: Duration?
    package var expires: ValueTemplate?
    package var onExpiry: Expiry
    package var mark: SourceMark

    package init(
        name: String,
        kind: Kind,
        next: Successor,
        condition: Condition? = nil,
        retry: [RetryRule] = [],
        catches: [CatchRule] = [],
        timeout: Duration? = nil,
        expires: ValueTemplate? = nil,
        onExpiry: Expiry = .escalate,
        mark: SourceMark
    ) {
        self.name = name
        self.kind = kind
        self.next = next
        self.condition = condition
        self.retry = retry
        self.catches = catches
        self.timeout = timeout
        self.expires = expires
        self.onExpiry = onExpiry
        self.mark = mark
    }
}

/// When a failed action is tried again.
package struct RetryRule: Sendable, Hashable {
    package enum Jitter: String, Sendable, Hashable, Codable, CaseIterable {
        case none, full
    }

    /// `any` stands for all of them.
    package var errors: [String]
    package var interval: Duration
    /// Retries after the first try.
    package var attempts: Int
    package var backoff: Double
    package var maxDelay: Duration?
    package var jitter: Jitter
    package var mark: SourceMark

    package init(
        errors: [String],
        interval: Duration,
        attempts: Int,
        backoff: Double,
        maxDelay: Duration?,
        jitter: Jitter,
        mark: SourceMark
    ) {
        self.errors = errors
        self.interval = interval
        self.attempts = attempts
        self.backoff = backoff
        self.maxDelay = maxDelay
        self.jitter = jitter
        self.mark = mark
    }
}

/// Where a run goes on after an error that was not retried away.
package struct CatchRule: Sendable, Hashable {
    /// `any` stands for all of them.
    package var errors: [String]
    package var next: String
    /// The variable under which later states find the error.
    package var binding: String?
    package var mark: SourceMark

    package init(errors: [String], next: String, binding: String?, mark: SourceMark) {
        self.errors = errors
        self.next = next
        self.binding = binding
        self.mark = mark
    }
}
