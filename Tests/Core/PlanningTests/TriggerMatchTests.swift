import Findings
import Planning
import Playbooks
import Testing
import Vocabulary
import YAMLTree

@Suite("An imported trigger means new, active, real findings unless it says otherwise")
struct TriggerMatchTests {
    private static func fires(_ pattern: String, _ fields: JSONObject) throws -> Bool {
        let text = """
            playbook: p
            triggers: [{ imported: \(pattern), mode: auto }]
            states: { a: { succeed: true } }
            """
        let node = try YAMLTree.parse(Array(text.utf8), file: "p.yaml")
        let (playbook, diagnostics) = PlaybookDecoder.decode(node, actions: [])
        let trigger = try #require(playbook, "\(diagnostics)").triggers[0]
        var finding: JSONObject = [
            "SchemaVersion": "2018-10-08", "Id": "f-1", "ProductArn": "arn:aws:securityhub:eu-central-1::product/x/y",
            "AwsAccountId": "444455556666", "RecordState": "ACTIVE", "Workflow": ["Status": "NEW"],
            "Severity": ["Label": "HIGH"], "Resources": [],
        ]
        for field in fields { finding[field.key] = field.value }
        let event: JSONValue = [
            "version": "0", "id": "1", "detail-type": "Security Hub Findings - Imported",
            "source": "aws.securityhub", "account": "444455556666", "time": "2026-01-01T00:00:00Z",
            "region": "eu-central-1", "resources": [], "detail": ["findings": [.object(finding)]],
        ]
        let decoded = try #require(EventDecoder.decode(Array(JSONWriter.compact(event).utf8)).events.first)
        return trigger.match(decoded, try #require(decoded.findings.first)).fires
    }

    @Test(
        "new findings and resolved ones that return fire; what people are at work on or have put away does not",
        arguments: [("NEW", true), ("RESOLVED", true), ("NOTIFIED", false), ("SUPPRESSED", false)]
    )
    func workflow(_ status: String, _ expected: Bool) throws {
        let pattern = "{ Severity: { Label: [HIGH] } }"
        #expect(try Self.fires(pattern, ["Workflow": ["Status": .string(status)]]) == expected)
        let own = "{ Workflow: { Status: [\(status)] } }"
        #expect(try Self.fires(own, ["Workflow": ["Status": .string(status)]]))
    }

    @Test("archived findings and samples do not fire")
    func obstacles() throws {
        #expect(try !Self.fires("{ Severity: { Label: [HIGH] } }", ["RecordState": "ARCHIVED"]))
        #expect(try !Self.fires("{ Severity: { Label: [HIGH] } }", ["Sample": true]))
    }
}
