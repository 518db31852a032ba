import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

@Suite("From Falco to OCSF")
struct OCSFMappingTests {
    private static let canValidate = (try? Command.run("python3 -c 'import py_ocsf_models' 2>/dev/null"))?.status == 0

    private func context() throws -> FalcoContext {
        FalcoContext(
            account: try #require(AccountID("444455556666")),
            region: try #require(RegionName("eu-central-1")),
            cluster: "blue",
            instance: InstanceID("i-0123456789abcdef0"),
            receivedAt: Timestamp(nanoseconds: 1_800_000_000_000_000_000),
            sha256: SHA256.digest
        )
    }

    private func finding(_ alert: FalcoAlert) throws -> JSONValue {
        var fold = AlertFold()
        _ = fold.add(alert, try context(), at: Timestamp(nanoseconds: 0))
        return OCSFMapping.finding(try #require(fold.drain().first))
    }

    private static let names = [
        "container-connection.json", "host-without-time.json", "audit-without-source.json", "grpc-time.json",
    ]

    @Test("the finding names the same subject, incident and time as the one in ASFF", arguments: names)
    func agrees(name: String) throws {
        let alert = try FalcoAlertTests.alert(name)
        let (ocsf, asff) = (try Finding(finding(alert)), try Finding(FalcoMapping.finding(alert, in: context())))
        #expect(ocsf.id == asff.id && ocsf.updatedAt == asff.updatedAt)
        #expect(ocsf.severity?.label == asff.severity?.label && ocsf.types == asff.types)
        // A subject that neither names is the same too.
        let claims = [SubjectClaim.resolve(ocsf), SubjectClaim.resolve(asff)].map { try? $0.get() }
        #expect(claims[0]?.podName == claims[1]?.podName && claims[0]?.namespace == claims[1]?.namespace)
        #expect(claims[0]?.containerIDs == claims[1]?.containerIDs && claims[0]?.instanceID == claims[1]?.instanceID)
    }

    @Test("what was seen stands in the evidence: process, container and both ends of the connection")
    func evidence() throws {
        let finding = try finding(FalcoAlertTests.alert("container-connection.json"))
        let evidence = try #require(finding["evidences"]?[0])
        #expect(evidence["dst_endpoint"] == ["ip": "203.0.113.7", "port": 443])
        #expect(evidence["connection_info"]?["direction_id"] == 2)
        #expect(evidence["container"]?["uid"] == "4f2e8c11d0aa")
        #expect(evidence["container"]?["image"]?["tag"] == "7")
        #expect(finding["finding_info"]?["attacks"] == [["technique": ["uid": "T1059"], "tactic": ["uid": "TA0002"]]])
        #expect(finding["type_uid"] == 200_401 && finding["severity_id"] == 4)
    }

    @Test("secrets are masked wherever the command line goes")
    func masks() throws {
        var alert = try FalcoAlertTests.alert("container-connection.json")
        alert.fields["proc.cmdline"] = "mysql --password=hunter2-hunter2 -h db"
        alert.output = "ran mysql --password=hunter2-hunter2"
        #expect(!JSONWriter.compact(try finding(alert)).contains("hunter2"))
    }

    @Test(
        "models of OCSF that others wrote take every finding",
        .enabled(if: canValidate, "needs python3 with py-ocsf-models")
    )
    func models() throws {
        var alerts = try Self.names.map(FalcoAlertTests.alert)
        if Corpora.arePresent {
            let folder = Corpora.path("fixtures/falco/alerts")
            for name in try Files.names(in: folder) {
                // What is no alert is the business of the falco suite.
                guard let alert = try? FalcoAlert.parse(try Files.bytes(folder + "/" + name)) else { continue }
                alerts.append(alert)
            }
        }
        let lines = try alerts.map { JSONWriter.compact(try finding($0)) + "\n" }
        let scratch = try Scratch()
        let file = scratch.path + "/ocsf.jsonl"
        try Files.write(Array(lines.joined().utf8), to: file)
        let script = PackageFolder.fixture("falco/ocsf_check.py")
        let result = try Command.run("python3 -B '\(script)' < '\(file)' 2>&1")
        #expect(result.status == 0 && result.output == "\(alerts.count)\n", "\(result.output)")
    }
}
