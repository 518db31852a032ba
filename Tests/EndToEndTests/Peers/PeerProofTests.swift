import TestSupport
import Testing

@Suite("Our Security Hub for tests is one", .enabled(if: AWSPeers.arePresent, AWSPeers.absence))
struct PeerProofTests {
    @Test("botocore is served, what was tampered with is refused, and another Security Hub agrees where there is one")
    func proof() async throws {
        let other = AWSPeers.isSecondJudgePresent ? "'\(Corpora.path("tools/aws-peer"))'" : ""
        let line = "python3 -B '\(PackageFolder.path)/Tests/Peers/test_hub.py' \(other) 2>&1"
        let (output, status) = try await Command.runApart(line)
        #expect(status == 0, "\(output)")
        #expect(output.contains("Ran 7 tests"))
    }
}
