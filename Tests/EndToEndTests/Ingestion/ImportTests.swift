import Glibc
import TestSupport
import Testing
import Vocabulary

extension PeerTests {
    @Suite("Alerts are imported")
    struct ImportingTests {
        @Test("a burst of one incident is one finding with its count, and importing it once more changes nothing")
        func folds() async throws {
            let stage = try await ImportStage()
            let burst = (0..<400).map { ImportStage.alert(1, port: 40_000 + $0, second: $0 / 10) }
            try stage.write(burst + [ImportStage.alert(2)])
            let (output, status) = try await stage.importAlerts()
            #expect(status == 0, "\(output)")
            let findings = try await stage.findings()
            #expect(Set(findings.keys) == ["cart-1", "cart-2"])
            let folded = try #require(findings["cart-1"])
            #expect(folded["ProductFields"]?["falco/count"] == "400")
            #expect(folded["FirstObservedAt"] == "2026-05-01T10:00:00.123Z")
            #expect(folded["LastObservedAt"] == "2026-05-01T10:00:39.123Z")
            #expect(try await stage.calls().count <= 4)
            let before = try await stage.peers.state().content
            _ = try await stage.importAlerts()
            #expect(try await stage.peers.state().content == before)
        }

        @Test("throttling, failures, lost answers and findings left out end with every finding in its last state")
        func survivesFaults() async throws {
            let stage = try await ImportStage()
            try stage.write((0..<250).map { ImportStage.alert($0) })
            try await stage.peers.setFaults([
                "BatchImportFindings": [
                    "fail": ["times": 3, "code": "TooManyRequestsException", "status": 429], "drop": 2,
                    "unprocessed": ["times": 5, "code": "InternalFailure"],
                ]
            ])
            let (output, status) = try await stage.importAlerts()
            #expect(status == 0, "\(output)")
            #expect(try await stage.findings().count == 250)
            let outcomes = try await stage.calls().map(\.outcome)
            #expect(outcomes.contains("fault") && outcomes.contains("dropped"))
        }

        @Test("what may not be imported is parked with its reason, and comes in from there when it may")
        func parks() async throws {
            let stage = try await ImportStage()
            try stage.write((0..<3).map { ImportStage.alert($0) })
            let limited = try await stage.peers.deny(["securityhub:BatchImportFindings"])
            let (output, status) = try await stage.importAlerts(as: limited)
            #expect(status == 6, "\(output)")
            #expect(try await stage.findings().isEmpty)
            let lines = try Files.bytes(stage.rejects).split(separator: 0x0a).map { try JSONReader.parse(Array($0)) }
            #expect(lines.count == 3 && lines.allSatisfy { $0["code"] == "IMPORT-004" }, "\(lines)")
            let again = "falco import '\(stage.rejects)' --account \(AWSPeers.account) --region \(AWSPeers.region)"
            let (retried, code) = try await stage.firebreak("\(again) --cluster blue")
            #expect(code == 0, "\(retried)")
            #expect(try await stage.findings().count == 3)
        }

        @Test("what a pipe brings is imported while the pipe stays open")
        func streams() async throws {
            let stage = try await ImportStage()
            try stage.write([ImportStage.alert(1)])
            let pipe = stage.folder + "/pipe"
            _ = try Command.run("mkfifo '\(pipe)'")
            // For reading too, so that opening it does not wait for the program.
            let end = unsafe open(pipe, O_RDWR | O_CLOEXEC)
            let line = "falco import '\(pipe)' --account \(AWSPeers.account) --region \(AWSPeers.region)"
            async let importing = stage.firebreak("\(line) --window 1s")
            let bytes = try Files.bytes(stage.alerts)
            let written = unsafe bytes.withUnsafeBytes { unsafe write(end, $0.baseAddress, $0.count) }
            #expect(written == bytes.count)
            var isThere = false
            for _ in 0..<2_000 where !isThere { isThere = try await stage.findings()["cart-1"] != nil }
            #expect(isThere)
            close(end)
            let (output, status) = try await importing
            #expect(status == 0, "\(output)")
        }

        @Test("a key that nobody knows and a server that is not there are told apart, and nothing is lost")
        func tellsWhy() async throws {
            let stage = try await ImportStage()
            try stage.write([ImportStage.alert(1)])
            var stranger = stage.peers.access
            stranger.keyID = "AKIANOBODYKNOWSTHIS0"
            let (refused, code) = try await stage.importAlerts(as: stranger)
            #expect(code == 6 && refused.contains("1 finding(s) parked"), "\(refused)")
            var nowhere = stage.peers.access
            let port = try LoopbackPort(.refusing)
            defer { withExtendedLifetime(port) {} }
            nowhere.endpoints["securityhub"] = "http://127.0.0.1:\(port.port)"
            let (lost, status) = try await stage.importAlerts("--patience 1s", as: nowhere)
            #expect(status == 7 && lost.contains("1 finding(s) parked"), "\(lost)")
            #expect(try String(decoding: Files.bytes(stage.rejects), as: UTF8.self).contains("IMPORT-005"))
        }
    }
}
