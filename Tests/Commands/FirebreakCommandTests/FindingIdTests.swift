import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("A run can start from a finding that Security Hub has")
struct FindingIdTests {
    private static let folder = PackageFolder.path + "/playbooks/contain-pod/"
    private static let id = "falco/eu-central-1/444455556666/544948becbaed6d26876c69d2a1151ff6525c089"
    private static let product = "arn:aws:securityhub:eu-central-1:444455556666:product/444455556666/default"

    private func run(_ arguments: [String], account: String = folder + "world.aws.json") async -> CommandLineRun {
        let start = ["run", Self.folder + "playbook.yaml", "--world", Self.folder + "world.yaml", account]
        return await CommandLineRun(start + ["--output", "json"] + arguments)
    }

    @Test(
        "by its Id, or by its product's ARN and Id, it is planned as from a file",
        arguments: [id, "\(product)/\(id)"]
    )
    func plans(_ name: String) async throws {
        let byId = await run(["--finding-id", name])
        let byFile = await run(["--finding", Self.folder + "finding.json"])
        #expect(byId.status == .done, "\(byId.output)")
        let (one, other) = (byId.json["runs"]?[0], byFile.json["runs"]?[0])
        for member in ["subject", "findingId", "containment", "verdicts"] { #expect(one?[member] == other?[member]) }
        #expect(one?["steps"]?.array?.count == other?["steps"]?.array?.count)
    }

    @Test("its subject's identity is checked from the finding: another pod of the same name needs a yes")
    func checksIdentity() async throws {
        let scratch = try Scratch()
        let dump = try Files.text(Self.folder + "world.yaml")
        let other = dump.replacing("b6377e9f3448", with: "0123456789ab")
        try #require(other != dump)
        try Files.write(Array(other.utf8), to: scratch.path + "/world.yaml")
        let start = ["run", Self.folder + "playbook.yaml", "--output", "json", "--world", scratch.path + "/world.yaml"]
        let arguments = start + [Self.folder + "world.aws.json"]
        let found = await CommandLineRun(arguments + ["--finding-id", Self.id])
        let named = await CommandLineRun(arguments + ["--pod", "shop/cart-7c9d8b6f5-k7f2q"])
        for (result, isAsked) in [(found, true), (named, false)] {
            let verdicts = result.json["runs"]?[0]?["verdicts"]?.array ?? []
            #expect(
                result.status == .done
                    && verdicts.contains { $0["guardrail"] == "subject" && $0["verdict"] == "needsApproval" } == isAsked
            )
        }
    }

    @Test("it is carried out as a person's run")
    func applies() async throws {
        let result = await run(["--finding-id", Self.id, "--apply", "--yes"])
        #expect(result.status == .done && result.json["runs"]?[0]?["status"] == "succeeded")
    }

    /// The stock account with its findings changed.
    private func account(_ change: ([JSONValue]) -> [JSONValue]) throws -> Scratch {
        let scratch = try Scratch()
        var document = try JSONReader.parse(Files.bytes(Self.folder + "world.aws.json")).object ?? JSONObject()
        let findings = document["securityhub"]?["findings"]?.array ?? []
        document["securityhub"] = ["findings": .array(change(findings))]
        let text = JSONWriter.compact(.object(document))
        try Files.write(Array(text.utf8), to: scratch.path + "/account.json")
        return scratch
    }

    @Test("the same Id of two products is refused until the product is named")
    func refusesToGuess() async throws {
        let twin = "arn:aws:securityhub:eu-central-1::product/aws/guardduty"
        let scratch = try account { findings in
            findings.flatMap { finding -> [JSONValue] in
                var other = finding.object ?? JSONObject()
                other["ProductArn"] = .string(twin)
                return [finding, .object(other)]
            }
        }
        let refused = await run(["--finding-id", Self.id], account: scratch.path + "/account.json")
        #expect(refused.status == .usage && refused.json["error"]?["code"] == "INPUT-013", "\(refused.output)")
        #expect(refused.json["error"]?["what"]?.string?.contains(twin) == true)
        let named = await run(["--finding-id", "\(Self.product)/\(Self.id)"], account: scratch.path + "/account.json")
        #expect(named.status == .done, "\(named.output)")
    }

    @Test("what cannot be found, or be asked for, says why")
    func faults() async throws {
        let unknown = await run(["--finding-id", "falco/eu-central-1/444455556666/none"])
        #expect(unknown.status == .usage && unknown.json["error"]?["code"] == "INPUT-012")
        let blank = await run(["--finding-id", " "])
        #expect(blank.status == .usage && blank.json["error"]?["code"] == "INPUT-011")
        // Where the account has no Security Hub the service says so.
        let elsewhere = await run(["--finding-id", "arn:aws:guardduty:eu-west-1:444455556666:detector/d/finding/f"])
        #expect(elsewhere.json["error"]?["code"]?.string?.hasPrefix("AWS-") == true, "\(elsewhere.output)")
        let start = ["run", Self.folder + "playbook.yaml", "--output", "json", "--world", Self.folder + "world.yaml"]
        let alone = await CommandLineRun(start + ["--finding-id", Self.id])
        #expect(alone.status == .usage && alone.json["error"]?["code"] == "INPUT-010")
        #expect(await run(["--finding-id", Self.id, "--pod", "a/b"]).status == .usage)
    }

    struct KeyRow: Sendable {
        var text: String
        var id: String
        var product: String?
        var region: String?
    }

    @Test(
        "an Id says where to ask, and a product's ARN before it whom it is of",
        arguments: [
            KeyRow(text: id, id: id, region: "eu-central-1"),
            KeyRow(text: "us-gov-west-1/1234/abc", id: "us-gov-west-1/1234/abc", region: "us-gov-west-1"),
            KeyRow(text: "my-scan-12345/x", id: "my-scan-12345/x"),
            KeyRow(text: "plain", id: "plain"),
            KeyRow(text: "arn:aws:config:::x", id: "arn:aws:config:::x"),
            KeyRow(
                text: "arn:aws:securityhub:us-east-1:123456789012:security-control/S3.1/finding/u",
                id: "arn:aws:securityhub:us-east-1:123456789012:security-control/S3.1/finding/u",
                region: "us-east-1"
            ),
            KeyRow(
                text: "arn:aws:securityhub:us-east-1::product/aws/guardduty/arn:aws:guardduty:us-east-1:1:detector/d",
                id: "arn:aws:guardduty:us-east-1:1:detector/d",
                product: "arn:aws:securityhub:us-east-1::product/aws/guardduty",
                region: "us-east-1"
            ),
        ]
    )
    func keys(_ row: KeyRow) throws {
        let key = try #require(FindingKey(row.text))
        #expect(key.id == row.id && key.productArn == row.product && key.region?.rawValue == row.region)
    }

    @Test("what can be no Id is none", arguments: ["", "  ", "a\nb", String(repeating: "x", count: 513)])
    func noKeys(_ text: String) {
        #expect(FindingKey(text) == nil)
    }
}
