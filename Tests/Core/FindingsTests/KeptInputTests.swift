import Findings
import OpenSSLCrypto
import TestSupport
import Testing
import Vocabulary

@Suite("Inputs that fuzzing kept are still decoded or refused")
struct KeptInputTests {
    private static let folder = PackageFolder.path + "/Tests/Fuzz/Events/corpus"

    @Test("events name subjects or say why not, and what is mapped from an alert is a finding")
    func replays() throws {
        var events = 0
        var alerts = 0
        for name in try Files.names(in: Self.folder) {
            let bytes = try Files.bytes(Self.folder + "/" + name)
            let decoded = EventDecoder.decode(bytes)
            events += decoded.events.count
            for finding in decoded.events.flatMap(\.findings) { _ = SubjectClaim.resolve(finding) }
            // Most events are no alerts, and the other way round.
            guard let alert = try? FalcoAlert.parse(bytes) else { continue }
            alerts += 1
            let context = FalcoContext(
                account: try #require(AccountID("111122223333")),
                region: try #require(RegionName("us-west-2")),
                cluster: "blue",
                receivedAt: Timestamp(nanoseconds: 0),
                sha256: { SHA256.digest($0) }
            )
            if let document = try? FalcoMapping.finding(alert, in: context) {
                #expect(throws: Never.self, "\(name)") { try Finding(document) }
            }
        }
        #expect(events > 3 && alerts > 3)
    }

    @Test("lines that are alerts, as JSON or as text, are findings")
    func alerts() throws {
        let folder = PackageFolder.path + "/Tests/Fuzz/Alerts/corpus/"
        let moment = Timestamp(nanoseconds: 1_777_629_600_000_000_000)
        let context = FalcoContext(
            account: try #require(AccountID("111122223333")),
            region: try #require(RegionName("us-west-2")),
            receivedAt: moment,
            sha256: SHA256.digest
        )
        var count = 0
        for name in try Files.names(in: folder) {
            let bytes = try Files.bytes(folder + name)
            // A line is the one or the other, or neither.
            for alert in [try? FalcoAlert.parse(bytes), FalcoAlert(textLine: bytes, near: moment)].compactMap({ $0 }) {
                count += 1
                let document = try FalcoMapping.finding(alert, in: context)
                #expect(throws: Never.self, "\(name)") { try Finding(document) }
            }
        }
        #expect(count > 4)
    }
}
