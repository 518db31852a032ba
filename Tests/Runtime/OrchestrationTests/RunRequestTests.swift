import Catalogue
import Findings
import OpenSSLCrypto
import Orchestration
import Playbooks
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("Who started a run decides how far it may go and whether a cooldown holds it back")
struct RunRequestTests {
    private func request(
        _ finding: Finding,
        _ event: SecurityHubEvent?,
        isStartedByPerson: Bool = false
    ) throws -> RunRequest {
        let text = """
            playbook: p
            triggers: [{ imported: { Severity: { Label: [CRITICAL] } }, mode: shadow }]
            incident: { key: "${{ subject.pod.uid }}", cooldown: 10m }
            states: { isolate: { action: isolate-pod, end: true } }

            """
        let node = try YAMLTree.parse(Array(text.utf8), file: "playbook.yaml")
        let (decoded, diagnostics) = PlaybookDecoder.decode(node, actions: Catalogue.manifests)
        return RunRequest(
            id: "run-1",
            playbook: try #require(decoded, "\(diagnostics)"),
            playbookDigest: "0",
            finding: finding,
            event: event,
            claim: try SubjectClaim.resolve(finding).get(),
            isStartedByPerson: isStartedByPerson,
            now: Timestamp(milliseconds: 1_795_576_000_000),
            fingerprint: { SHA256.hex(Array($0.utf8)) }
        )
    }

    @Test("a finding that a person named without an event counts as a button press, one that came by itself does not")
    func persons() throws {
        let path = PackageFolder.path + "/playbooks/contain-pod/finding.json"
        let button = try #require(EventDecoder.decode(try Files.bytes(path)).events.first)
        let finding = try #require(button.findings.first)
        let named = try request(finding, nil, isStartedByPerson: true)
        #expect(named.isByPerson && !named.isNamedByPerson && named.mode == .auto)
        let pressed = try request(finding, button)
        #expect(pressed.isByPerson && pressed.mode == .auto)
        let imported = try request(finding, .imported(finding))
        #expect(!(try request(finding, nil)).isByPerson)
        #expect(!imported.isByPerson && imported.mode == .shadow)
    }
}
