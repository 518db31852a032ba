import TestSupport
import Testing

/// Starts the servers for a suite, once, and stops them behind its last test.
struct PeersTrait: SuiteTrait, TestScoping {
    let hub: AWSPeers.Hub
    var isRecursive: Bool { false }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let peers = try await AWSPeers(hub)
        try await AWSPeers.$current.withValue(peers) { try await function() }
    }
}

extension Trait where Self == PeersTrait {
    static func peers(_ hub: AWSPeers.Hub = .own) -> Self { PeersTrait(hub: hub) }
}

extension AWSPeers {
    /// Whether Python has what the servers are made of.
    static let arePresent =
        TLSProxy.isPresent
        && (try? Command.run("python3 -c 'import boto3, flask_cors, ministack, moto' 2>/dev/null").status == 0) ?? false
    static let absence: Comment = """
        python3 cannot import moto, ministack and boto3, or nghttpx is absent: run .ci/install-dependencies test, \
        and the tests through .ci/python-path
        """

    /// The AWS peer of the corpora, which has a Security Hub of its own.
    static let isSecondJudgePresent = arePresent && Files.exist(Corpora.path("tools/aws-peer/aws_peer.py"))
    static let secondJudgeAbsence: Comment = "the corpora's AWS peer is absent (tools/aws-peer): one judge less"

    static func running() throws -> AWSPeers { try #require(current, "the suite has not started its servers") }
}
