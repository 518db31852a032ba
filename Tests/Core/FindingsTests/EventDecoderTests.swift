import Findings
import TestSupport
import Testing
import Vocabulary

@Suite("Event decoding")
struct EventDecoderTests {
    static func decode(_ name: String) throws -> DecodedEvents {
        EventDecoder.decode(try Files.bytes(PackageFolder.fixture("events/" + name)))
    }

    @Test("a button's event carries its action and every finding")
    func button() throws {
        let decoded = try Self.decode("button-two-findings.json")
        let event = try #require(decoded.events.first)
        #expect(event.kind == .customAction)
        #expect(event.action?.id == "ContainPod")
        #expect(event.action?.name == "Contain")
        #expect(
            event.findings.map(\.id) == [
                "falco/eu-central-1/444455556666/aa01", "falco/eu-central-1/444455556666/aa02",
            ]
        )
        #expect(event.time == Timestamp("2026-05-01T10:00:05Z"))
        #expect(decoded.messages == 1 && decoded.errors.isEmpty)
    }

    @Test("records of a queue are freed one by one, and what is no event is an error beside the rest")
    func queue() throws {
        let decoded = try Self.decode("sqs-with-sns-and-junk.json")
        #expect(decoded.messages == 4)
        #expect(decoded.events.map(\.kind) == [.imported, .imported])
        #expect(decoded.errors.map(\.code) == ["EVENT-001", "EVENT-003"])
        #expect(decoded.errors[0].location.hasPrefix("record 3, "))
    }

    @Test("of JSON lines only the broken one is lost")
    func lines() throws {
        let decoded = try Self.decode("lines-one-broken.jsonl")
        #expect(decoded.messages == 3)
        #expect(decoded.events.flatMap(\.findings).count == 2)
        #expect(decoded.errors.map(\.location) == ["line 3, byte 8"])
    }

    @Test("the severity's label and number fill in for each other")
    func severity() throws {
        for (severity, label, number) in [
            (["Normalized": 70] as JSONValue, SeverityLabel.high, Int64(70)), (["Label": "MEDIUM"], .medium, 40),
            (["Normalized": .double(69)], .medium, 69), (["Label": "CRITICAL", "Normalized": 1], .critical, 1),
        ] {
            let document: JSONValue = [
                "SchemaVersion": "2018-10-08", "Id": "i", "ProductArn": "p", "Severity": severity,
            ]
            let finding = try Finding(document)
            #expect(finding.severity?.label == label)
            #expect(finding.severity?.normalized == number)
        }
        #expect(try Finding(["Id": "i", "ProductArn": "p"]).severity == nil)
    }

    @Test("a finding of the newer schema is read by its own names")
    func ocsf() throws {
        let finding = try #require(try Self.decode("v2-detection.json").events.first?.findings.first)
        #expect(finding.schema == .ocsf)
        #expect(finding.id == "ocsf-1")
        #expect(finding.metadataUid == "f00d")
        #expect(finding.severity?.label == .critical)
        #expect(finding.workflowStatus == "RESOLVED")
        #expect(finding.updatedAt == Timestamp(milliseconds: 1_777_629_600_000))
    }

    @Test("an event without a detail is an error and no crash")
    func noDetail() {
        let decoded = EventDecoder.decode(
            Array(#"{"detail-type":"Security Hub Findings - Imported","source":"aws.securityhub","detail":null}"#.utf8)
        )
        #expect(decoded.errors.map(\.code) == ["EVENT-004"])
        #expect(decoded.events.first?.findings.isEmpty == true)
    }

    @Test(
        "records of streams, requests and quoted texts are freed too",
        arguments: [
            #"{"Records":[{"eventSource":"aws:kinesis","kinesis":{"data":"eyJkZXRhaWwtdHlwZSI6IngiLCJkZXRhaWwiOnt9fQ=="}}]}"#,
            #"[{"eventSource":"aws:kinesis","data":"eyJkZXRhaWwtdHlwZSI6IngiLCJkZXRhaWwiOnt9fQ"}]"#,
            #"{"requestContext":{},"isBase64Encoded":true,"body":"eyJkZXRhaWwtdHlwZSI6IngiLCJkZXRhaWwiOnt9fQ=="}"#,
            #"{"requestContext":{},"body":"{\"detail-type\":\"x\",\"detail\":{}}"}"#,
            #"{"Messages":[{"MessageId":"1","Body":"\"{\\\"detail-type\\\":\\\"x\\\",\\\"detail\\\":{}}\""}]}"#,
        ]
    )
    func otherWrappings(_ text: String) {
        let decoded = EventDecoder.decode(Array(text.utf8))
        #expect(decoded.errors.isEmpty)
        #expect(decoded.messages == 1)
        #expect(decoded.events.map(\.detailType) == ["x"])
    }

    @Test("wrappings around wrappings end somewhere")
    func nesting() {
        var text = #"{"detail-type":"x","detail":{}}"#
        for _ in 0..<8 {
            text = JSONWriter.compact(["Type": "Notification", "TopicArn": "t", "Message": .string(text)])
        }
        #expect(EventDecoder.decode(Array(text.utf8)).errors.map(\.code) == ["EVENT-006"])
        let deep = String(repeating: "[", count: 100_000)
        #expect(EventDecoder.decode(Array(deep.utf8)).errors.map(\.code) == ["EVENT-001"])
    }

    @Test("a message of a megabyte is taken")
    func large() throws {
        let padding = String(repeating: "x", count: 1 << 20)
        let document: JSONValue = [
            "SchemaVersion": "2018-10-08", "Id": "i", "ProductArn": "p", "Note": .string(padding),
        ]
        let decoded = EventDecoder.decode(Array(JSONWriter.compact(document).utf8))
        #expect(decoded.events.first?.findings.first?.id == "i")
    }

    @Test("damaged events never crash the decoder, the subject or the pattern of the text", arguments: 0..<12)
    func mutations(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for name in try Files.names(in: PackageFolder.fixture("events")) {
            let whole = try Files.bytes(PackageFolder.fixture("events/" + name))
            for _ in 0..<25 {
                let decoded = EventDecoder.decode(Mutation.damaged(whole, &random))
                #expect(decoded.messages > 0 || !decoded.errors.isEmpty || decoded.events.isEmpty, "seed \(seed)")
                for finding in decoded.events.flatMap(\.findings) { _ = SubjectClaim.resolve(finding) }
            }
        }
    }
}
