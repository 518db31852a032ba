internal import Catalogue
package import Findings
package import Planning
package import Playbooks
package import Vocabulary

/// Everything that one run starts from.
package struct RunRequest: Sendable {
    package var id: String
    package var playbook: Playbook
    /// SHA-256 of the playbook's text.
    package var playbookDigest: String
    /// Nil for runs that start from a pod or a node named on the command line.
    package var finding: Finding?
    package var event: SecurityHubEvent?
    package var claim: SubjectClaim
    /// The subject was named by a person, so its name is enough of an identity.
    package var isNamedByPerson: Bool
    /// Values for the playbook's parameters; defaults fill the rest.
    package var parameters: JSONObject
    package var responder: ResponderPlace
    package var history: RunHistory
    package var now: Timestamp
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
        parameters: JSONObject = JSONObject(),
        responder: ResponderPlace = ResponderPlace(),
        history: RunHistory = RunHistory(),
        now: Timestamp,
        fingerprint: @escaping @Sendable (String) -> String
    ) {
        self.id = id
        self.playbook = playbook
        self.playbookDigest = playbookDigest
        self.finding = finding
        self.event = event
        self.claim = claim
        self.isNamedByPerson = isNamedByPerson
        self.parameters = parameters
        self.responder = responder
        self.history = history
        self.now = now
        self.fingerprint = fingerprint
    }

    /// Whether a person started it: then no cooldown holds it back.
    package var isByPerson: Bool { isNamedByPerson || event?.kind == .customAction }
}
