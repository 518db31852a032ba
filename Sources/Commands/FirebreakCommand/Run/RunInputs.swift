internal import Catalogue
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Playbooks
internal import Vocabulary
internal import YAMLTree

/// A playbook read from a file and checked, with the digest of its text.
struct CheckedPlaybook: Sendable {
    var playbook: Playbook
    var digest: String
    /// Warnings only.
    var diagnostics: [Diagnostic]

    /// - Throws: `PlaybookRefused` with every problem.
    init(path: String) throws {
        try self.init(try HostFiles.read(path, limit: YAMLTree.Limits.playbook.bytes + 1), path: path)
    }

    init(_ bytes: [UInt8], path: String) throws {
        let node: DocumentNode
        do throws(YAMLFault) {
            node = try YAMLTree.parse(bytes, file: path)
        } catch {
            throw PlaybookRefused(diagnostics: [error.diagnostic])
        }
        let (playbook, diagnostics) = PlaybookDecoder.decode(node, actions: Catalogue.manifests)
        guard let playbook, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw PlaybookRefused(diagnostics: diagnostics)
        }
        self.playbook = playbook
        self.diagnostics = diagnostics
        digest = SHA256.hex(bytes)
    }
}

/// A playbook with problems.
struct PlaybookRefused: Error {
    var diagnostics: [Diagnostic]
}

/// One thing to run the playbook for.
struct RunStart: Sendable {
    var finding: Finding?
    var event: SecurityHubEvent?
    /// The claim, or every reason why the finding names no subject.
    var claim: Result<SubjectClaim, SubjectRefusal>
    var isNamedByPerson: Bool

    /// Every finding of an event file, in order.
    static func findings(in bytes: [UInt8]) -> (starts: [RunStart], errors: [FaultReport]) {
        let decoded = EventDecoder.decode(bytes)
        var starts: [RunStart] = []
        for event in decoded.events {
            for finding in event.findings {
                let claim = SubjectClaim.resolve(finding)
                starts.append(RunStart(finding: finding, event: event, claim: claim, isNamedByPerson: false))
            }
        }
        return (starts, decoded.errors)
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
