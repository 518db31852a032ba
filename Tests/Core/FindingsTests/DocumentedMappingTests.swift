import Findings
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("The mapping file in the documentation")
struct DocumentedMappingTests {
    @Test("it is read without a word, and means what the page says")
    func example() throws {
        let page = String(decoding: try Files.bytes(PackageFolder.path + "/Docs/FalcoToSecurityHub.md"), as: UTF8.self)
        let block = try #require(page.split(separator: "```yaml\n").last?.split(separator: "```").first)
        let (rules, diagnostics) = FalcoRules.decode(try YAMLTree.parse(Array(block.utf8), file: "mapping.yaml"))
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        let known = try #require(rules)
        #expect(known.severityByRule["Contact K8S API Server From Container"] == .informational)
        #expect(known.clusterByLogGroup["/aws/containerinsights/prod-1/application"] == "prod-1")
        #expect(known.accountByLogGroup["/audit/one"]?.rawValue == "111122223333")
        #expect(known.remediation["Terminal shell in container"]?.url == "https://wiki.example/shell")
    }
}
