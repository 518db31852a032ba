import AWSAPI
import Rehearsal
import Testing
import Vocabulary

@Suite("The rehearsed Security Hub answers as Security Hub does")
struct RehearsalSecurityHubTests {
    private static let product = "arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default"
    private static let identifier: JSONValue = [
        "Id": "falco/eu-central-1/111122223333/0001", "ProductArn": .string(product),
    ]

    private static func get(_ account: inout RehearsedAccount, _ filters: JSONValue = [:]) throws -> [JSONValue] {
        try account.call("securityhub", "GetFindings", ["Filters": filters])["Findings"]?.array ?? []
    }

    private static func update(_ members: JSONObject, of identifiers: [JSONValue] = [identifier]) -> JSONValue {
        var input: JSONObject = ["FindingIdentifiers": .array(identifiers)]
        for member in members { input[member.key] = member.value }
        return .object(input)
    }

    private static func imported(_ account: inout RehearsedAccount, _ changes: JSONObject) throws -> JSONValue {
        var finding = try #require(try get(&account).first?.object)
        for name in ["Region", "WorkflowState", "ProcessedAt", "FindingProviderFields"] { finding[name] = nil }
        for member in changes { finding[member.key] = member.value }
        return try account.call("securityhub", "BatchImportFindings", ["Findings": [.object(finding)]])
    }

    @Test("an update changes what was said, stamps the note and leaves UpdatedAt alone")
    func updates() throws {
        var account = try RehearsedAccount()
        let before = try #require(try Self.get(&account).first)
        let members: JSONObject = [
            "Workflow": ["Status": "NOTIFIED"], "Note": ["Text": "t", "UpdatedBy": "firebreak"],
            "UserDefinedFields": ["a": "b"],
        ]
        let output = try account.call("securityhub", "BatchUpdateFindings", Self.update(members))
        #expect(output["ProcessedFindings"] == [Self.identifier])
        let after = try #require(try Self.get(&account).first)
        #expect(after["Workflow"] == ["Status": "NOTIFIED"])
        #expect(after["Note"]?["UpdatedAt"] == "2026-02-03T04:05:06.000Z")
        #expect(after["UpdatedAt"] == before["UpdatedAt"])
        _ = try account.call("securityhub", "BatchUpdateFindings", Self.update(["UserDefinedFields": ["c": "d"]]))
        #expect(try Self.get(&account).first?["UserDefinedFields"] == ["c": "d"])
    }

    @Test("unknown and repeated findings come back unprocessed, with their codes")
    func unprocessed() throws {
        var account = try RehearsedAccount()
        let unknown: JSONValue = ["Id": "x", "ProductArn": .string(Self.product)]
        let input = Self.update(["Workflow": ["Status": "NOTIFIED"]], of: [unknown, Self.identifier, Self.identifier])
        let output = try account.call("securityhub", "BatchUpdateFindings", input)
        let codes = output["UnprocessedFindings"]?.array?.compactMap { $0["ErrorCode"]?.string }
        #expect(codes == ["FindingNotFound", "DuplicatedFindingIdentifier"])
        #expect(AWSFault.unprocessed(in: output)?.isNotFound == true)
    }

    @Test(
        "one wrong value refuses the whole update",
        arguments: [
            [:], ["Workflow": ["Status": "CONTAINED"]], ["Workflow": [:]], ["Note": ["Text": "x"]],
            ["Note": ["Text": .string(String(repeating: "n", count: 513)), "UpdatedBy": "a"]],
            ["Note": ["Text": " ", "UpdatedBy": "a"]], ["UserDefinedFields": ["k": ""]],
            ["UserDefinedFields": ["k": 1]],
            ["UserDefinedFields": .object(JSONObject((0..<51).map { ("k\($0)", "v") }))],
            ["UserDefinedFields": .object([String(repeating: "k", count: 129): "v"])], ["Severity": ["Label": "BAD"]],
            ["Confidence": 101], ["Colour": "red"], ["VerificationState": "MAYBE"],
        ] as [JSONObject]
    )
    func wrongUpdates(_ members: JSONObject) throws {
        var account = try RehearsedAccount()
        let before = account.aws.document()
        let code = try account.refusal("securityhub", "BatchUpdateFindings", Self.update(members))
        #expect(code == "InvalidInputException")
        #expect(account.aws.document() == before)
    }

    @Test("an import whose UpdatedAt is not later changes nothing; a later one never touches the customer's fields")
    func imports() throws {
        var account = try RehearsedAccount()
        _ = try account.call("securityhub", "BatchUpdateFindings", Self.update(["Workflow": ["Status": "RESOLVED"]]))
        var output = try Self.imported(&account, ["Title": "same time"])
        #expect(output["SuccessCount"] == 1)
        #expect(try Self.get(&account).first?["Title"] == "Terminal shell in container")
        output = try Self.imported(
            &account,
            ["Title": "later", "UpdatedAt": "2026-01-03T00:00:00Z", "Workflow": ["Status": "NEW"]]
        )
        let finding = try Self.get(&account).first
        #expect(finding?["Title"] == "later")
        #expect(finding?["Workflow"] == ["Status": "RESOLVED"])
    }

    @Test(
        "a finding that comes back is NEW again, unless it was suppressed",
        arguments: [("NOTIFIED", "NEW"), ("RESOLVED", "NEW"), ("SUPPRESSED", "SUPPRESSED"), ("NEW", "NEW")]
    )
    func resets(_ before: String, _ after: String) throws {
        var account = try RehearsedAccount()
        _ = try Self.imported(&account, ["UpdatedAt": "2026-01-03T00:00:00Z", "RecordState": "ARCHIVED"])
        let update = Self.update(["Workflow": ["Status": .string(before)]])
        _ = try account.call("securityhub", "BatchUpdateFindings", update)
        _ = try Self.imported(&account, ["UpdatedAt": "2026-01-04T00:00:00Z", "RecordState": "ACTIVE"])
        #expect(try Self.get(&account).first?["Workflow"]?["Status"] == .string(after))
    }

    @Test("a customer's severity outlives the provider's")
    func severity() throws {
        var account = try RehearsedAccount()
        _ = try account.call("securityhub", "BatchUpdateFindings", Self.update(["Severity": ["Label": "LOW"]]))
        _ = try Self.imported(
            &account,
            ["UpdatedAt": "2026-01-03T00:00:00Z", "Severity": ["Label": "CRITICAL"]]
        )
        let finding = try #require(try Self.get(&account).first)
        #expect(finding["Severity"] == ["Label": "LOW", "Normalized": 1])
        #expect(finding["FindingProviderFields"]?["Severity"]?["Label"] == "CRITICAL")
        let again = try RehearsalAWS(account.aws.document())
        #expect(again.document() == account.aws.document())
    }

    @Test("a finding of another account refuses the whole call; a wrong one fails alone")
    func importFailures() throws {
        var account = try RehearsedAccount()
        let foreign = #expect(throws: AWSFault.self) {
            _ = try Self.imported(&account, ["AwsAccountId": "999999999999", "UpdatedAt": "2026-01-03T00:00:00Z"])
        }
        #expect(foreign?.code == "AccessDeniedException")
        let rows: [JSONObject] = [
            ["Title": ""], ["UpdatedAt": "yesterday"], ["Resources": []], ["Severity": ["Label": "BAD"]],
            ["Title": .string(String(repeating: "t", count: 257))], ["SchemaVersion": "1"],
            ["ProductArn": "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default"],
        ]
        for row in rows {
            let output = try Self.imported(&account, row)
            #expect(output["FailedFindings"]?[0]?["ErrorCode"] == "InvalidInput")
        }
    }

    @Test(
        "filters: positive conditions of an attribute are joined by OR, negative ones by AND",
        arguments: [
            (["Id": [["Value": "falco/", "Comparison": "PREFIX"]]], 1),
            (["Id": [["Value": "x", "Comparison": "EQUALS"]]], 0),
            (
                [
                    "SeverityLabel": [
                        ["Value": "LOW", "Comparison": "EQUALS"], ["Value": "HIGH", "Comparison": "EQUALS"],
                    ]
                ], 1
            ),
            (
                [
                    "SeverityLabel": [
                        ["Value": "LOW", "Comparison": "NOT_EQUALS"], ["Value": "HIGH", "Comparison": "NOT_EQUALS"],
                    ]
                ], 0
            ),
            (
                [
                    "WorkflowStatus": [["Value": "NEW", "Comparison": "EQUALS"]],
                    "ResourceType": [["Value": "Container", "Comparison": "EQUALS"]],
                ], 1
            ),
            (["SeverityNormalized": [["Gte": 70, "Lt": 90]]], 1), (["SeverityNormalized": [["Gt": 70]]], 0),
            (["UpdatedAt": [["Start": "2026-01-01T00:00:00Z", "End": "2026-01-03T00:00:00Z"]]], 1),
            (["UpdatedAt": [["DateRange": ["Unit": "DAYS", "Value": 1]]]], 0),
            (["Title": [["Value": "shell", "Comparison": "CONTAINS_WORD"]]], 1),
            (["Title": [["Value": "shel", "Comparison": "CONTAINS_WORD"]]], 0),
            (["UserDefinedFields": [["Key": "k", "Value": "v", "Comparison": "EQUALS"]]], 0),
        ] as [(JSONValue, Int)]
    )
    func filters(_ filters: JSONValue, _ count: Int) throws {
        var account = try RehearsedAccount()
        #expect(try Self.get(&account, filters).count == count)
    }

    @Test(
        "a query over the limits is refused",
        arguments: [
            ["MaxResults": 0], ["MaxResults": 101], ["NextToken": "zz"], ["Colour": 1],
            ["Filters": ["Colour": [["Value": "x"]]]],
            ["Filters": ["Id": .array((0..<21).map { _ in ["Value": "x"] })]],
            ["Filters": ["Id": [["Value": "x", "Comparison": "LIKE"]]]],
        ] as [JSONValue]
    )
    func wrongQueries(_ input: JSONValue) throws {
        var account = try RehearsedAccount()
        #expect(try account.refusal("securityhub", "GetFindings", input) == "InvalidInputException")
    }
}
