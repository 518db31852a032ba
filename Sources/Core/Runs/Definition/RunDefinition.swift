internal import Vocabulary

/// What a run may keep and how far it may go: its data and its loops come from outside.
package struct RunLimits: Sendable, Hashable, Codable {
    /// States entered, loops included.
    package var visits = 10_000
    /// The compact JSON text of one result.
    package var resultBytes = 262_144
    /// Changes that a run may have made.
    package var changes = 10_000

    package init() {}
}

/// A playbook as the machine runs it: states, and what comes after them whatever happened.
package struct RunDefinition: Sendable, Hashable, Codable {
    /// In file order; the run starts with the first.
    package var states: [StateDefinition]
    /// Run in order after success, failure, cancel and refusal; their failures are noted and change nothing.
    package var finally: [StateDefinition]
    /// For the whole run, `finally` excepted; nothing catches it.
    package var timeout: Duration?
    package var errors: ErrorNames
    package var limits: RunLimits

    package init(
        _ states: [StateDefinition],
        finally: [StateDefinition] = [],
        timeout: Duration? = nil,
        errors: ErrorNames = ErrorNames(),
        limits: RunLimits = RunLimits()
    ) {
        self.states = states
        self.finally = finally
        self.timeout = timeout
        self.errors = errors
        self.limits = limits
    }

    /// The state that a frame of this path is in.
    package func state(at path: FramePath) -> StateDefinition? {
        switch path.steps.last {
        case .state(let name): state(name)
        case .finally(let place): finally.indices.contains(place) ? finally[place] : nil
        case .branch, .item, nil: nil
        }
    }

    /// The state of exactly this name.
    package func state(_ name: String) -> StateDefinition? {
        states.first { $0.name.isIdentical(to: name) }
    }
}
