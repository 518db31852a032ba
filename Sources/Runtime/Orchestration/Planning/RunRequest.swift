internal import Catalogue
package import Expressions
package import Findings
package import Planning
package import Playbooks
package import Vocabulary

/// Everything that one run starts from.
package struct RunRequest: Sendable {
    /// What is left of the event once the run has begun.
    package struct Origin: Sendable, Hashable, Codable {
        package var mode: Trigger.Mode
        package var isByPerson: Bool

        package init(mode: Trigger.Mode, isByPerson: Bool) {
            self.mode = mode
            self.isByPerson = isByPerson
        }
    }

    package var id: String
    package var playbook: Playbook
    /// SHA-256 of the playbook's text.
    package var playbookDigest: String
    /// Nil for runs that start from a pod or a node named on the command line.
    package var finding: Finding?
    /// What brought the finding; nil when a person named it, or a pod, or a node.
    package var event: SecurityHubEvent?
    /// Stands for the event in a run that goes on in another process; nil while the event itself is there.
    package var origin: Origin?
    package var claim: SubjectClaim
    /// The subject was named by a person, so its name is enough of an identity.
    package var isNamedByPerson: Bool
    /// A person started it for a finding that was named, without pressing a button.
    package var isStartedByPerson: Bool
    /// Values for the playbook's parameters; defaults fill the rest.
    package var parameters: JSONObject
    /// The digest of the plan that is carried out; nil while it is made.
    package var digest: String?
    package var responder: ResponderPlace
    package var history: RunHistory
    package var now: Timestamp
    /// Where the rules of named time zones come from.
    package var zones: ZoneProvider
    /// SHA-256 of a text in lower-case hexadecimal.
    package var fingerprint: @Sendable (String) -> String

    package init(
        id: String,
        playbook: Playbook,
        playbookDigest: String,
        finding: Finding?,
        event: SecurityHubEvent?,
        claim: SubjectClaim,
        isNamedByPerson: Bool = false,
        isStartedByPerson: Bool = false,
        parameters: JSONObject = JSONObject(),
        responder: ResponderPlace = ResponderPlace(),
        history: RunHistory = RunHistory(),
        now: Timestamp,
        zones: @escaping ZoneProvider = { _ in nil },
        fingerprint: @escaping @Sendable (String) -> String
    ) {
        self.id = id
        self.playbook = playbook
        self.playbookDigest = playbookDigest
        self.finding = finding
        self.event = event
        self.claim = claim
        self.isNamedByPerson = isNamedByPerson
        self.isStartedByPerson = isStartedByPerson
        self.parameters = parameters
        self.responder = responder
        self.history = history
        self.now = now
        self.zones = zones
        self.fingerprint = fingerprint
    }

    /// How far the run may go before somebody must say yes: the most that a trigger which fires allows.
    ///
    /// A run that a person starts on the command line, or by a button without a mode of its own, is `auto`.
    package var mode: Trigger.Mode {
        if let origin { return origin.mode }
        guard let event, let finding else { return .auto }
        let fired = playbook.triggers.map { $0.match(event, finding, zones: zones) }.filter(\.fires).map(\.mode)
        if fired.contains(.auto) || fired.isEmpty { return .auto }
        return fired.contains(.approve) ? .approve : .shadow
    }

    /// Whether a person started it: then no cooldown holds it back.
    package var isByPerson: Bool {
        origin?.isByPerson ?? (isNamedByPerson || isStartedByPerson || event?.kind == .customAction)
    }
}
