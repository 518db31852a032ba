import AWSAPI
import HTTPExchange
import Rehearsal
import TestSupport
import Testing
import Vocabulary

@Suite("botocore reads the rehearsal's answers as our own client does")
struct BotocoreReadsUsTests {
    static let botocoreIsHere =
        Command.exists("python3")
        && (try? Command.run("python3 -c 'import botocore' 2>/dev/null").status == 0) ?? false

    private static let calls: [(String, String, JSONValue)] = [
        ("ec2", "DescribeInstances", [:]), ("ec2", "DescribeVolumes", [:]),
        (
            "ec2", "CreateSnapshots",
            [
                "InstanceSpecification": ["InstanceId": "i-00000000000000001"], "CopyTagsFromSource": "volume",
                "TagSpecifications": [["ResourceType": "snapshot", "Tags": [["Key": "k", "Value": "<é&>"]]]],
            ]
        ), ("ec2", "DescribeSnapshots", [:]), ("sts", "GetCallerIdentity", [:]),
        ("autoscaling", "DescribeAutoScalingInstances", [:]),
        ("securityhub", "GetFindings", [:]), ("ec2", "DescribeInstances", ["InstanceIds": ["zzz"]]),
        ("ec2", "DescribeInstances", ["DryRun": true]), ("eks", "DescribeCluster", ["name": "none"]),
        ("securityhub", "BatchUpdateFindings", ["FindingIdentifiers": []]),
    ]

    @Test(
        "every answer and every error has the same meaning to both",
        .enabled(if: botocoreIsHere, "python3 cannot import botocore here: pip install botocore")
    )
    func agrees() throws {
        var account = try RehearsedAccount()
        var rows: [JSONValue] = []
        for (service, operation, input) in Self.calls {
            let answer = try account.answer(service, operation, input)
            rows.append([
                "service": .string(service), "operation": .string(operation), "status": .integer(Int64(answer.status)),
                "headers": .object(JSONObject(answer.headers.map { ($0.name, .string($0.value)) })),
                "body": .string(String(decoding: answer.body, as: UTF8.self)),
            ])
        }
        for row in try Self.parsed(rows) { try Self.compare(row) }
    }

    private static func parsed(_ rows: [JSONValue]) throws -> [JSONValue] {
        let scratch = try Scratch()
        try Files.write(Array(JSONWriter.compact(.array(rows)).utf8), to: scratch.path + "/answers.json")
        let script = PackageFolder.fixture("aws/record.py")
        let (output, status) = try Command.run("python3 '\(script)' --parse < '\(scratch.path)/answers.json'")
        try #require(status == 0)
        let parsed = try #require(try JSONReader.parse(output).array)
        try #require(parsed.count == rows.count)
        return parsed
    }

    private static func compare(_ row: JSONValue) throws {
        let operation = try #require(AWSOperation.named(row["service"]?.string ?? "", row["operation"]?.string ?? ""))
        let response = HTTPResponse(
            status: Int(row["status"]?.integer ?? 0),
            headers: (row["headers"]?.object ?? JSONObject()).map { HTTPHeader($0.key, $0.value.string ?? "") },
            body: Array((row["body"]?.string ?? "").utf8)
        )
        if let error = row["error"] {
            let fault = #expect(throws: AWSFault.self) { _ = try operation.output(of: response) }
            #expect(fault?.code == error["code"]?.string)
            #expect(fault?.message == error["message"]?.string)
        } else {
            // Times of the fixture have no milliseconds; botocore's come with them.
            #expect(try withMilliseconds(operation.output(of: response)) == withMilliseconds(row["output"] ?? .null))
        }
    }

    private static func withMilliseconds(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(withMilliseconds))
        case .object(let object): .object(JSONObject(object.map { ($0.key, withMilliseconds($0.value)) }))
        case .string(let text): Timestamp(text).map { .string($0.text(fractionDigits: 3)) } ?? value
        case .null, .bool, .integer, .unsigned, .double: value
        }
    }
}
