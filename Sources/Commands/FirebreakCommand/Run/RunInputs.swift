internal import Catalogue
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Playbooks
internal import Vocabulary
internal import YAMLTree

/// A playbook without errors, with the digest of its text.
struct CheckedPlaybook: Sendable {
    var playbook: Playbook
    var digest: String

    /// - Throws: `PlaybookRefused` with every problem.
    init(path: String) throws(PlaybookRefused) {
        let file = PlaybookFile.load(path)
        guard let playbook = file.playbook, !file.hasErrors else { throw PlaybookRefused(file: file) }
        self.playbook = playbook
        digest = SHA256.hex(Array(file.text.utf8))
    }
}

/// A playbook with errors.
struct PlaybookRefused: Error {
    var file: PlaybookFile
}

/// One thing to run the playbook for.
struct RunStart: Sendable {
    var finding: Finding?
    var event: SecurityHubEvent?
    /// The claim, or every reason why the finding names no subject.
    var claim: Result<SubjectClaim, SubjectRefusal>
    var isNamedByPerson: Bool
    /// Somebody named the finding; the subject comes from it.
    var isStartedByPerson = false

    /// Every finding of an event file, in order.
    static func findings(
        in bytes: [UInt8],
        of file: String = "the event"
    ) -> (starts: [RunStart], errors: [FaultReport]) {
        let decoded = EventDecoder.decode(bytes)
        var starts: [RunStart] = []
        for event in decoded.events {
            for finding in event.findings {
                let claim = SubjectClaim.resolve(finding)
                starts.append(RunStart(finding: finding, event: event, claim: claim, isNamedByPerson: false))
            }
        }
        return (starts, decoded.errors.map { $0.located(in: file) })
    }

    /// A pod that somebody names: `namespace/name`.
    static func pod(_ text: String) -> RunStart? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let namespace = NamespaceName(parts[0]), let name = ObjectName(parts[1]) else {
            return nil
        }
        var claim = SubjectClaim()
        claim.namespace = namespace
        claim.podName = name
        return RunStart(finding: nil, event: nil, claim: .success(claim), isNamedByPerson: true)
    }

    static func node(_ text: String) -> RunStart? {
        guard let name = ObjectName(text) else { return nil }
        var claim = SubjectClaim()
        claim.nodeName = name
        return RunStart(finding: nil, event: nil, claim: .success(claim), isNamedByPerson: true)
    }
}
