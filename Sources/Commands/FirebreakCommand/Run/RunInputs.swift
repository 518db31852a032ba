internal import Catalogue
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Playbooks
internal import Vocabulary
internal import YAMLTree

/// A playbook without errors, with its text and the digest of it.
struct CheckedPlaybook: Sendable {
    var playbook: Playbook
    var digest: String
    /// As it was named.
    var path: String
    var text: String

    /// - Throws: `PlaybookRefused` with every problem.
    init(path: String) throws(PlaybookRefused) { try self.init(PlaybookFile.load(path)) }

    /// A text that was kept; `path` is where it came from.
    init(text: String, path: String) throws(PlaybookRefused) {
        try self.init(PlaybookFile.check(Array(text.utf8), path: path))
    }

    private init(_ file: PlaybookFile) throws(PlaybookRefused) {
        guard let playbook = file.playbook, !file.hasErrors else { throw PlaybookRefused(file: file) }
        self.playbook = playbook
        path = file.path
        text = file.text
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
                // Who it is about is read from the finding as it came; what is shown, sent and kept has no secrets in it.
                let claim = SubjectClaim.resolve(finding)
                starts.append(RunStart(finding: finding.redacted, event: event, claim: claim, isNamedByPerson: false))
            }
        }
        return (starts, decoded.errors.map { $0.located(in: file) })
    }

    /// A finding that a person names.
    ///
    /// It names a finding, not a pod: the subject's identity is checked as ever.
    static func finding(_ document: JSONValue) throws(FindingFault) -> RunStart {
        let finding = try Finding(document)
        let claim = SubjectClaim.resolve(finding)
        return RunStart(
            finding: finding.redacted,
            event: nil,
            claim: claim,
            isNamedByPerson: false,
            isStartedByPerson: true
        )
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
