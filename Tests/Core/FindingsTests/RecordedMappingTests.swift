import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

/// The first version walked over characters; what it made of hostile and ordinary alerts is kept.
@Suite("Findings and masked texts are byte for byte what the first version made")
struct RecordedMappingTests {
    private static func lines(_ name: String) throws -> [[UInt8]] {
        try Files.bytes(PackageFolder.fixture("mapping/" + name)).split(separator: 0x0a).map(Array.init)
    }

    private static func mapper() throws -> FalcoMapper {
        let context = FalcoContext(
            account: try #require(AccountID("444455556666")),
            region: try #require(RegionName("eu-central-1")),
            cluster: "blue",
            instance: InstanceID("i-0123456789abcdef0"),
            receivedAt: Timestamp(nanoseconds: 1_800_000_000_000_000_000),
            sha256: { SHA256.digest($0) }
        )
        return FalcoMapper(context)
    }

    @Test("each alert gives the recorded finding or the recorded reason, as text and as data")
    func findings() throws {
        let mapper = try Self.mapper()
        let (alerts, recorded) = (try Self.lines("alerts.jsonl"), try Self.lines("findings.jsonl"))
        #expect(alerts.count == recorded.count && alerts.count > 80)
        var text = JSONText()
        for (alert, expected) in zip(alerts, recorded) {
            let expected = String(decoding: expected, as: UTF8.self)
            do throws(FalcoFault) {
                let alert = try FalcoAlert.parse(alert)
                let start = text.mark
                try mapper.append(alert, to: &text)
                #expect(String(decoding: text.bytes(since: start), as: UTF8.self) == expected)
                text.endLine()
                #expect(JSONWriter.compact(try mapper.finding(alert)) == expected)
            } catch {
                #expect(JSONWriter.compact(.string("\(error)")) == expected)
            }
        }
    }

    @Test("each text is masked as recorded")
    func masks() throws {
        let recorded = try Self.lines("masks.jsonl")
        #expect(recorded.count > 200)
        for line in recorded {
            let pair = try JSONReader.parse(line)
            let text = try #require(pair[0]?.string)
            #expect(SecretMask.masked(text).isIdentical(to: try #require(pair[1]?.string)), "\(text)")
        }
    }

    @Test("a quiet text stays quiet only as long as nothing in it is to be masked")
    func quietNeighbours() {
        let secrets = ["password=hunter2", "--token abc", "https://u:p@h/", "ghp_0123456789abcdef0123", "curl -u a:b"]
        for secret in secrets {
            for count in 0..<20 {
                let text =
                    String(repeating: "x", count: count) + " " + secret + " " + String(repeating: "y", count: count)
                #expect(SecretMask.masked(text).contains(SecretMask.mask), "\(text)")
                #expect(SecretMask.masked("é " + text) == "é " + SecretMask.masked(text))
            }
        }
    }

    @Test("a finding above the service's limit loses its last fields, and what stands before it in the text stays")
    func isFitted() throws {
        let mapper = try Self.mapper()
        var alert = try FalcoAlertTests.alert("container-connection.json")
        for index in 0..<120 { alert.fields["x.\(index)"] = .string(String(repeating: "\"語", count: 2_000)) }
        var text = JSONText()
        text.add("before")
        text.endLine()
        let start = text.mark
        try mapper.append(alert, to: &text)
        #expect(text.count(since: start) <= FalcoMapping.byteLimit)
        let finding = try mapper.finding(alert)
        let all = String(decoding: text.finish(), as: UTF8.self)
        #expect(all == "\"before\"\n" + JSONWriter.compact(finding))
        #expect(finding["ProductFields"]?["falco/field/x.0"] != nil)
        #expect(finding["ProductFields"]?["falco/field/x.99"] == nil)
    }
}
