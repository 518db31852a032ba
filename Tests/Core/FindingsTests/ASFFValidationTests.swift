import Findings
import Glibc
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

/// Holds our findings against the service's own model, by way of botocore.
@Suite("Findings against the AWS model")
struct ASFFValidationTests {
    private static let canValidate =
        unsafe Corpora.arePresent && system("python3 -c 'import botocore' 2>/dev/null") == 0

    @Test(
        "every alert that is a finding passes the model's types, enums and limits",
        .enabled(if: canValidate, "needs the corpora and python3 with botocore"),
        .timeLimit(.minutes(5))
    )
    func everyAlert() throws {
        let context = FalcoContext(
            account: try #require(AccountID("111122223333")),
            region: try #require(RegionName("us-gov-west-1")),
            cluster: "prod-1",
            instance: InstanceID("i-0123456789abcdef0"),
            receivedAt: Timestamp(nanoseconds: 1_800_000_000_000_000_000),
            sha256: SHA256.digest
        )
        var findings: [JSONValue] = []
        let folder = Corpora.path("fixtures/falco/alerts")
        for name in try Files.names(in: folder) {
            // What is no alert is the business of the falco suite.
            guard let alert = try? FalcoAlert.parse(try Files.bytes(folder + "/" + name)), !alert.isInternal else {
                continue
            }
            findings.append(try FalcoMapping.finding(alert, in: context))
        }
        #expect(findings.count > 90)
        for start in stride(from: 0, to: findings.count, by: 100) {
            try validate(Array(findings[start..<min(findings.count, start + 100)]))
        }
    }

    private func validate(_ findings: [JSONValue]) throws {
        let file = "/tmp/firebreak-asff-\(getpid())-\(findings.count).json"
        try Files.write(Array(JSONWriter.compact(.array(findings)).utf8), to: file)
        defer { unsafe unlink(file) }
        let script = Corpora.path("asff/validate_findings.py")
        #expect(unsafe system("python3 \(script) --account 111122223333 \(file) >&2") == 0)
    }
}
