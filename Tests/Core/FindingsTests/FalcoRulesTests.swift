import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("How an organisation wants its alerts mapped")
struct FalcoRulesTests {
    private func decode(_ text: String) throws -> (rules: FalcoRules?, diagnostics: [Diagnostic]) {
        FalcoRules.decode(try YAMLTree.parse(Array(text.utf8), file: "mapping.yaml"))
    }

    private func finding(_ name: String, _ rules: String) throws -> JSONValue {
        let decoded = try decode(rules)
        let context = FalcoContext(
            account: try #require(AccountID("444455556666")),
            region: try #require(RegionName("eu-central-1")),
            receivedAt: Timestamp(nanoseconds: 0),
            rules: try #require(decoded.rules, "\(decoded.diagnostics)"),
            sha256: SHA256.digest
        )
        return try FalcoMapping.finding(FalcoAlertTests.alert(name), in: context)
    }

    private func label(_ rules: String) throws -> String? {
        try finding("container-connection.json", rules)[["FindingProviderFields", "Severity", "Label"]]?.string
    }

    @Test("severity comes from the rule, else from the highest tag, else from the profile")
    func severity() throws {
        #expect(try label("severity: { profile: recommended }") == "HIGH")
        #expect(try label("severity: { tags: { T1059: LOW, mitre_*: CRITICAL } }") == "CRITICAL")
        #expect(
            try label("severity: { rules: { \"*\": MEDIUM }, tags: { T1059: LOW } }") == "MEDIUM"
        )
        let guidance = try #require(try decode("severity: { profile: aws-guidance }").rules)
        let labels = try FalcoPriority.allCases.map { priority in
            var alert = try FalcoAlertTests.alert("container-connection.json")
            alert.priority = priority
            return guidance.severity(of: alert)
        }
        #expect(labels == [.critical, .critical, .critical, .high, .high, .medium, .informational, .informational])
    }

    @Test("remediation, company, fields and identity are as the document says")
    func members() throws {
        let name = "container-connection.json"
        let rules = """
            company: Example Corp
            fields: { include: ["fd.*", "proc.name"], exclude: ["fd.lport"] }
            remediation: { "*": { text: read the runbook, url: "https://wiki.example/shell" } }
            identity: { "*": [k8s.ns.name, k8s.pod.name] }

            """
        let finding = try finding(name, rules)
        #expect(finding["CompanyName"] == "Example Corp")
        #expect(
            finding["Remediation"]?["Recommendation"] == [
                "Text": "read the runbook", "Url": "https://wiki.example/shell",
            ]
        )
        let fields = (finding["ProductFields"]?.object?.keys ?? []).filter { $0.hasPrefix("falco/field/") }
        #expect(!fields.isEmpty)
        #expect(fields.allSatisfy { $0.contains("/fd.") || $0.hasSuffix("/proc.name") })
        #expect(!fields.contains("falco/field/fd.lport"))
        let plain = try self.finding(name, "company: Falco")
        #expect(plain["Id"] != finding["Id"])
    }

    @Test("what is ignored is told, and Falco's own events are left out unless they are wanted")
    func ignores() throws {
        let shell = try FalcoAlertTests.alert("container-connection.json")
        let drop = try FalcoAlertTests.alert("internal-drop.json")
        #expect(!FalcoRules.standard.isIgnored(shell) && FalcoRules.standard.isIgnored(drop))
        let rules = try #require(try decode("ignore: [\"\(shell.rule.prefix(4))*\"]\ninternalEvents: import").rules)
        #expect(rules.isIgnored(shell) && !rules.isIgnored(drop))
    }

    @Test(
        "every mistake is told with its place",
        arguments: [
            ("severty: {}", "SETTINGS-001", "1:1"), ("- a", "SETTINGS-003", "1:1"),
            ("severity: { profile: aws }", "SETTINGS-003", "1:22"),
            ("severity: { rules: { x: high } }", "SETTINGS-003", "1:25"), ("company: 7", "SETTINGS-003", "1:10"),
            ("account: { logGroups: { g: \"12\" } }", "SETTINGS-003", "1:28"),
            ("cluster: { logGroups: { g: \"a b\" } }", "SETTINGS-003", "1:28"),
            ("remediation: { r: { url: ftp://x } }", "SETTINGS-003", "1:26"),
            ("identity: { r: [] }", "SETTINGS-003", "1:16"), ("ignore: one", "SETTINGS-003", "1:9"),
        ]
    )
    func mistakes(text: String, code: String, place: String) throws {
        let (rules, diagnostics) = try decode(text)
        #expect(rules == nil)
        let first = try #require(diagnostics.first)
        #expect(first.code == code && "\(first.mark)" == "mapping.yaml:\(place)", "\(first)")
        #expect(!first.remedy.isEmpty)
    }

    @Test(
        "a star stands for any characters, as few or as many",
        arguments: [
            ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "ab", false), ("*", "", true), ("a*a", "a", false),
            ("*b*d*", "abcde", true), ("*d*b*", "abcde", false), ("", "", true), ("abc", "abcd", false),
            ("**a**", "xay", true),
        ]
    )
    func stars(pattern: String, name: String, isMatch: Bool) {
        #expect(NamePattern(pattern).matches(name) == isMatch)
    }
}
