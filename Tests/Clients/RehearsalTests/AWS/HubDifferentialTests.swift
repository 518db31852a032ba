import AWSAPI
import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// Random calls, some of them wrong, on a few findings.
private struct HubCalls {
    private var chance: SeededChance
    private static let product = "arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default"

    init(seed: UInt64) { chance = SeededChance(seed: seed) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &chance)]
    }

    private mutating func happens(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &chance) == 0 }

    mutating func next() -> (operation: String, body: JSONValue) {
        switch Int.random(in: 0..<5, using: &chance) {
        case 0, 1: ("BatchImportFindings", ["Findings": [finding()]])
        case 2, 3: ("BatchUpdateFindings", update())
        default: ("GetFindings", query())
        }
    }

    private mutating func finding() -> JSONValue {
        var finding: JSONObject = [
            "SchemaVersion": "2018-10-08", "Id": .string(pick(["a", "b"])), "ProductArn": .string(Self.product),
            "GeneratorId": "g", "AwsAccountId": "111122223333", "CreatedAt": "2026-01-01T00:00:00Z",
            "UpdatedAt": .string(
                pick([
                    "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5Z", "2026-01-02T02:00:00.500+02:00",
                    "2026-01-03T00:00:00.123456789Z", "2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z",
                ])
            ),
            "Title": .string(pick(["one", "two shells", "é"])), "Description": "d",
            "Resources": [["Type": "Container", "Id": "containerd://82bb2bd2a5d1"]],
        ]
        addOptional(to: &finding)
        guard happens(oneIn: 8) else { return .object(finding) }
        let wrong: [(String, JSONValue?)] = [
            ("Title", " "), ("Title", nil), ("Severity", ["Label": "BAD"]), ("UpdatedAt", "soon"), ("Resources", []),
            ("AwsAccountId", "999999999999"),
            ("ProductArn", "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default"),
            ("Description", .string(String(repeating: "d", count: 1_025))),
        ]
        let (name, value) = pick(wrong)
        finding[name] = value
        return .object(finding)
    }

    private mutating func addOptional(to finding: inout JSONObject) {
        if happens(oneIn: 2) { finding["RecordState"] = .string(pick(["ACTIVE", "ARCHIVED"])) }
        if happens(oneIn: 2) {
            finding["Severity"] = pick([
                ["Label": "LOW"], ["Label": "HIGH", "Original": "Error"], ["Normalized": 45],
                ["Label": "CRITICAL", "Normalized": 95], ["Label": "MEDIUM", "Product": 3],
            ])
        }
        if happens(oneIn: 3) { finding["Types"] = [.string(pick(["TTPs/Execution", "Effects/Data Exposure"]))] }
        if happens(oneIn: 3) { finding["Confidence"] = .integer(Int64.random(in: 0...100, using: &chance)) }
        if happens(oneIn: 3) { finding["Compliance"] = ["Status": .string(pick(["PASSED", "FAILED", "WARNING"]))] }
        if happens(oneIn: 3) { finding["Workflow"] = ["Status": "SUPPRESSED"] }
        if happens(oneIn: 4) { finding["Note"] = note() }
        if happens(oneIn: 3) {
            finding["FindingProviderFields"] = pick([
                ["Severity": ["Label": "HIGH", "Original": "x"]], ["Severity": ["Original": "only"]],
                ["Types": ["Unusual Behaviors/Process"]], ["Confidence": 7, "Criticality": 8],
            ])
        }
    }

    private mutating func note() -> JSONValue {
        [
            "Text": .string(pick(["t", "u"])), "UpdatedBy": .string(pick(["alice", "firebreak"])),
            "UpdatedAt": "2026-01-01T00:00:00Z",
        ]
    }

    private mutating func update() -> JSONValue {
        var body = JSONObject()
        let count = Int.random(in: 1...3, using: &chance)
        body["FindingIdentifiers"] = .array(
            (0..<count).map { _ in ["Id": .string(pick(["a", "b", "c"])), "ProductArn": .string(Self.product)] }
        )
        let changes: [(String, JSONValue)] = [
            ("Workflow", ["Status": "NEW"]), ("Workflow", ["Status": "NOTIFIED"]), ("Workflow", ["Status": "RESOLVED"]),
            ("Workflow", ["Status": "SUPPRESSED"]), ("Note", ["Text": "n", "UpdatedBy": "firebreak"]),
            ("UserDefinedFields", ["k": "v"]), ("UserDefinedFields", ["j": "w"]), ("Severity", ["Label": "LOW"]),
            ("Severity", ["Normalized": 80]), ("Severity", ["Product": 5]), ("Confidence", 50),
            ("Types", ["TTPs/Discovery"]),
            ("VerificationState", "TRUE_POSITIVE"), ("Workflow", ["Status": "DONE"]), ("Note", ["Text": "n"]),
            ("Note", ["Text": "", "UpdatedBy": "a"]), ("UserDefinedFields", ["k": ""]), ("Confidence", 101),
            ("Note", ["Text": .string(String(repeating: "n", count: 513)), "UpdatedBy": "a"]), ("Colour", "red"),
        ]
        for _ in 0..<Int.random(in: 0...2, using: &chance) {
            let (name, value) = pick(changes)
            body[name] = value
        }
        return .object(body)
    }

    private mutating func query() -> JSONValue {
        let filters: [(String, JSONValue)] = [
            ("Id", [["Value": "a", "Comparison": "EQUALS"]]), ("Id", [["Value": "b", "Comparison": "NOT_EQUALS"]]),
            ("Title", [["Value": "shells", "Comparison": "CONTAINS_WORD"], ["Value": "o", "Comparison": "PREFIX"]]),
            ("SeverityLabel", [["Value": "HIGH", "Comparison": "EQUALS"], ["Value": "LOW", "Comparison": "EQUALS"]]),
            ("SeverityNormalized", [["Gte": 40, "Lte": 80]]),
            ("WorkflowStatus", [["Value": "NEW", "Comparison": "EQUALS"]]),
            ("UserDefinedFields", [["Key": "k", "Value": "v", "Comparison": "EQUALS"]]),
            ("UserDefinedFields", [["Key": "k", "Value": "v", "Comparison": "NOT_EQUALS"]]),
            ("UpdatedAt", [["Start": "2026-01-02T00:00:00Z", "End": "2026-01-04T00:00:00Z"]]),
            ("Type", [["Value": "TTPs", "Comparison": "PREFIX"]]),
            ("Title", [["Value": "e", "Comparison": "NOT_CONTAINS"]]),
            ("RecordState", [["Value": "ARCHIVED", "Comparison": "EQUALS"]]), ("Confidence", [["Gt": 20], ["Eq": 7]]),
        ]
        var chosen = JSONObject()
        for _ in 0..<Int.random(in: 0...2, using: &chance) {
            let (name, value) = pick(filters)
            chosen[name] = value
        }
        return ["Filters": .object(chosen), "MaxResults": .integer(pick([1, 2, 100, 0]))]
    }
}

@Suite("The rehearsed Security Hub and an independent one give the same answers")
struct HubDifferentialTests {
    static let peer = Corpora.path("tools/aws-peer")
    static let peerRuns =
        Corpora.arePresent && Command.exists("python3")
        && (try? Command.run("cd '\(peer)' 2>/dev/null && python3 -B -c 'import security_hub' 2>/dev/null").status == 0)
            ?? false

    @Test(
        "hundreds of random calls end alike, call by call",
        .enabled(if: peerRuns, "needs the AWS peer of the corpora, python3 and botocore"),
        arguments: [1, 2, 3] as [UInt64]
    )
    func agrees(_ fixed: UInt64) throws {
        let seed = Seed.fromEnvironment() ?? fixed
        var source = HubCalls(seed: seed)
        let calls = (0..<400).map { _ in source.next() }
        let theirs = try Self.peerAnswers(calls)
        try #require(theirs.count == calls.count)
        var account = try RehearsedAccount()
        account.aws = try RehearsalAWS(["account": "111122223333", "region": "eu-central-1"])
        var refused = 0
        for (place, call) in calls.enumerated() {
            let ours = try Self.ourAnswer(&account, call)
            if ours["error"] != nil { refused += 1 }
            let (mine, other) = (Self.comparable(ours), Self.comparable(theirs[place]))
            try #require(
                mine == other,
                """
                seed \(seed), call \(place) \(call.operation) \(JSONWriter.compact(call.body))
                ours:   \(JSONWriter.canonical(mine))
                theirs: \(JSONWriter.canonical(other))
                """
            )
        }
        #expect((20...350).contains(refused), "seed \(seed): \(refused) refused")
    }

    private static func peerAnswers(_ calls: [(operation: String, body: JSONValue)]) throws -> [JSONValue] {
        let scratch = try Scratch()
        let list = calls.map { ["operation": .string($0.operation), "body": $0.body] as JSONValue }
        try Files.write(Array(JSONWriter.compact(.array(list)).utf8), to: scratch.path + "/calls.json")
        let script = PackageFolder.fixture("aws/hub_oracle.py")
        let (output, status) = try Command.run("python3 -B '\(script)' '\(peer)' < '\(scratch.path)/calls.json'")
        try #require(status == 0)
        return try JSONReader.parse(output).array ?? []
    }

    private static func ourAnswer(
        _ account: inout RehearsedAccount,
        _ call: (operation: String, body: JSONValue)
    ) throws -> JSONValue {
        do {
            return ["output": try account.call("securityhub", call.operation, call.body)]
        } catch let fault as AWSFault {
            return ["error": .string(fault.code)]
        }
    }

    /// Without what depends on the moment, and without the words of messages.
    private static func comparable(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(comparable))
        case .object(let object):
            var kept = JSONObject()
            for member in object where !["ProcessedAt", "ErrorMessage", "NextToken"].contains(member.key) {
                if member.key == "Note", var note = member.value.object {
                    note["UpdatedAt"] = nil
                    kept["Note"] = .object(note)
                } else {
                    kept[member.key] = comparable(member.value)
                }
            }
            return .object(kept)
        case .null, .bool, .integer, .unsigned, .double, .string: return value
        }
    }
}
