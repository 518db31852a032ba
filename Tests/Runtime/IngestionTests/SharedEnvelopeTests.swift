import Envelopes
import Findings
import Glibc
import Ingestion
import OpenSSLCrypto
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("The shared envelopes")
struct SharedEnvelopeTests {
    private static let folder = Corpora.path("fixtures/cloudwatch/")

    /// The alerts of each case, beside how many its index expects.
    private static func cases() throws -> [(id: String, wanted: Int, taken: Taken)] {
        let index = try JSONReader.parse(try Files.bytes(folder + "index.json"))
        return (index.array ?? []).compactMap { item in
            let list = item["expect"]?["alerts"]?.array ?? item["expect"]?["alerts_any_order"]?.array
            let wanted = list?.count ?? item["expect"]?["alerts_count"]?.integer.map { Int($0) }
            guard let id = item["id"]?.string, let wanted,
                let file = item["lambda_event"]?.string ?? item["file"]?.string
            else { return nil }
            // A file that is missing has no alerts, which fails the case.
            return (id, wanted, Taken((try? Files.bytes(folder + file)) ?? []))
        }
    }

    @Test(
        "every alert comes out, none twice, and each becomes a finding that the service's model takes",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        .timeLimit(.minutes(5))
    )
    func all() throws {
        var findings: [JSONValue] = []
        var wanted = 0
        for (id, count, taken) in try Self.cases() {
            let alerts = taken.alerts.filter { $0.sentence == nil }
            #expect(alerts.count == count, "\(id)")
            wanted += count
            for (alert, around) in zip(alerts, taken.surroundings) {
                findings.append(try FalcoMapping.finding(alert, in: try Self.context(around)))
            }
        }
        // 414 in the events of Lambda, and 40 of them again through Kinesis and Firehose.
        #expect(wanted == 454 && findings.count == 454)
        try Self.validate(findings)
    }

    private static func context(_ around: AlertSurroundings) throws -> FalcoContext {
        var context = FalcoContext(
            account: try #require(AccountID("111122223333")),
            region: try #require(RegionName("us-west-2")),
            cluster: around.cluster,
            instance: around.instance,
            receivedAt: around.receivedAt ?? Timestamp(nanoseconds: 1_800_000_000_000_000_000),
            sha256: SHA256.digest
        )
        context.ecsTask = around.ecs?.taskARN.flatMap { ARN($0) }
        context.ecsCluster = ARN("arn:aws:ecs:us-west-2:111122223333:cluster/prod")
        return context
    }

    private static func validate(_ findings: [JSONValue]) throws {
        guard unsafe system("python3 -c 'import botocore' 2>/dev/null") == 0 else {
            Issue.record("python3 has no botocore: run `make test`, which puts it into .venv")
            return
        }
        let scratch = try Scratch()
        let script = Corpora.path("asff/validate_findings.py")
        for start in stride(from: 0, to: findings.count, by: 100) {
            let file = scratch.path + "/\(start).json"
            let batch = JSONValue.array(Array(findings[start..<min(findings.count, start + 100)]))
            try Files.write(Array(JSONWriter.compact(batch).utf8), to: file)
            #expect(unsafe system("python3 \(script) --account 111122223333 \(file) >&2") == 0)
        }
    }

    @Test(
        "several workers deliver what one does, in the same order",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        arguments: [1, 3]
    )
    func parallel(_ workers: Int) async throws {
        let files = try ["containerd-cri.log", "docker-json-file.log", "falco-stdout-mixed.log", "burst-2000.jsonl"].map
        {
            try Files.bytes(Corpora.path("fixtures/falco/streams/" + $0))
        }
        let text = Array(files.joined())
        var outputs: [String] = []
        var position = 0
        var intake = ParallelIntake(workers: workers) { item in
            if case .alert(let alert, _, let place) = item { "\(place.offset) \(alert.rule)" } else { "other" }
        }
        try await intake.take {
            guard position < text.count else { return nil }
            defer { position = min(text.count, position + 100_000) }
            return Array(text[position..<min(text.count, position + 100_000)])
        } deliver: {
            outputs += $0
        }
        await intake.finish { outputs += $0 }
        let single = AlertIntake.items(in: text).map { item in
            if case .alert(let alert, _, let place) = item { "\(place.offset) \(alert.rule)" } else { "other" }
        }
        #expect(outputs == single)
        #expect(outputs.count { $0 != "other" } > 2_000)
    }
}
