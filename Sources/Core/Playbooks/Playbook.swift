package import Vocabulary

/// A checked playbook: what a person wrote, with names resolved, expressions compiled and every place kept.
package struct Playbook: Sendable, Hashable {
    package var name: String
    /// One sentence; empty when there is none.
    package var summary: String
    package var mark: SourceMark
    package var triggers: [Trigger]
    package var parameters: [PlaybookParameter]
    package var incident: Incident?
    package var guardrails: PlaybookGuardrails
    /// In file order; the run starts with the first.
    package var states: [PlaybookState]
    /// Action states that run in order after success, failure, cancel and refusal.
    package var finally: [PlaybookState]

    /// The state of exactly this name.
    package func state(_ name: String) -> PlaybookState? {
        states.first { $0.name.isIdentical(to: name) }
    }

    /// The names of all actions that the playbook uses, each once, in file order.
    package var actionNames: [String] {
        var names: [String] = []
        for state in states + finally {
            if case .action(let call) = state.kind, !names.contains(call.name) { names.append(call.name) }
        }
        return names
    }
}

/// What a run is about: repeats of the same incident attach to its run instead of starting one.
package struct Incident: Sendable, Hashable {
    package var key: TextTemplate
    /// The least time between the starts of two runs of one incident.
    package var cooldown: Duration?
    package var mark: SourceMark

    package init(key: TextTemplate, cooldown: Duration?, mark: SourceMark) {
        self.key = key
        self.cooldown = cooldown
        self.mark = mark
    }
}

/// A value that a playbook names, so that it can be set where the playbook is used.
package struct PlaybookParameter: Sendable, Hashable {
    package var name: String
    package var type: ParameterType
    /// Nil: a run must be given one.
    package var defaultValue: JSONValue?
    package var summary: String
    package var mark: SourceMark

    package init(name: String, type: ParameterType, defaultValue: JSONValue?, summary: String, mark: SourceMark) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.summary = summary
        self.mark = mark
    }
}
