import FirebreakCommand
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("Commands that read events and alerts")
struct IntakeCommandTests {
    private func run(_ arguments: [String]) async -> (status: FirebreakCommand.ExitStatus, out: String, err: String) {
        let out = Captured()
        let err = Captured()
        let console = Console(writeOut: out.append, writeError: err.append)
        let status = await Console.$current.withValue(console) { await Firebreak.run(arguments: arguments) }
        return (status, out.text, err.text)
    }

    @Test("decoded events come as the documented JSON")
    func eventsJSON() async throws {
        let file = PackageFolder.fixture("events/sqs-with-sns-and-junk.json")
        let (status, out, _) = await run(["events", "decode", file, "--output", "json"])
        let document = try JSONReader.parse(out)
        #expect(status == .failed)
        #expect(document["messages"] == 4)
        #expect(document["events"]?[0]?["findings"]?[0]?["schema"] == "asff")
        #expect(document["errors"]?.array?.count == 2)
    }

    @Test("a file that is not there is a usage error with its code in the chosen format")
    func missingFile() async throws {
        let (status, out, _) = await run(["events", "decode", "/nowhere/at/all", "--output", "json"])
        #expect(status == .usage)
        #expect(try JSONReader.parse(out)["error"]?["code"] == "FILE-001")
        let text = await run(["events", "decode", "/nowhere/at/all"])
        #expect(text.err.hasPrefix("FILE-001 ") && text.out.isEmpty)
    }

    @Test("a stream gives one finding a line, and each bad line a reject with its place")
    func falcoConvert() async throws {
        let file = PackageFolder.fixture("falco/stream-mixed.jsonl")
        let arguments = ["falco", "convert", file, "--account", "444455556666", "--region", "eu-central-1"]
        let (status, out, err) = await run(arguments + ["--cluster", "blue", "--fold", "off"])
        #expect(status == .failed)
        let findings = out.split(separator: "\n")
        #expect(findings.count == 3)
        let rejects = err.split(separator: "\n").dropLast()
        let codes = try rejects.map { try JSONReader.parse(String($0))["code"]?.string ?? "" }
        #expect(codes == ["FALCO-003"])
        let bytes = try Files.bytes(file)
        for reject in rejects {
            let document = try JSONReader.parse(String(reject))
            let start = Int(try #require(document["offset"]?.integer))
            let length = Int(try #require(document["length"]?.integer))
            let original: [UInt8] = Array(bytes[start..<(start + length)])
            #expect(document["original"]?.string == String(decoding: original, as: UTF8.self))
        }
        #expect(
            err.hasSuffix(
                "3 finding(s), 1 reject(s), 1 internal event(s) of Falco left out, 2 line(s) that are no alerts\n"
            )
        )
    }

    @Test("alerts of one incident are one finding with their count, unless folding is off")
    func falcoFolds() async throws {
        let file = PackageFolder.fixture("falco/stream-mixed.jsonl")
        let arguments = ["falco", "convert", file, "--account", "444455556666", "--region", "eu-central-1"]
        let (_, out, err) = await run(arguments)
        let findings = try out.split(separator: "\n").map { try JSONReader.parse(String($0)) }
        #expect(findings.compactMap { $0["ProductFields"]?["falco/count"]?.string }.sorted() == ["1", "2"])
        #expect(Set(findings.compactMap { $0["Id"]?.string }).count == findings.count)
        #expect(err.contains("2 finding(s) of 3 alert(s)"))
        let detections = await run(arguments + ["--to", "ocsf"])
        #expect(detections.out.split(separator: "\n").allSatisfy { $0.contains("\"class_uid\":2004") })
    }

    @Test("account, Region, cluster and instance come from the envelope unless the command line says them")
    func falcoSurroundings() async throws {
        let record =
            #"{"account_id":"444455556666","az":"eu-central-1a","cluster":"blue","#
            + #""log":"{\"rule\":\"R\",\"priority\":\"Notice\",\"output_fields\":{\"container.id\":\"4f2e8c11d0aa\"}}"}"#
        let scratch = try Scratch()
        let file = scratch.path + "/record.json"
        try Files.write(Array(record.utf8), to: file)
        let (status, out, _) = await run(["falco", "convert", file])
        let finding = try JSONReader.parse(out)
        #expect(status == .done && finding["AwsAccountId"] == "444455556666")
        #expect(out.contains("arn:aws:eks:eu-central-1:444455556666:cluster/blue"))
        let said = await run(["falco", "convert", file, "--account", "111122223333", "--region", "us-east-1"])
        #expect(try JSONReader.parse(said.out)["AwsAccountId"] == "111122223333")
        #expect(said.err.contains("name another account, Region or cluster"))
        try Files.write(Array(#"{"rule":"R","priority":"Notice"}"#.utf8), to: file)
        let unknown = await run(["falco", "convert", file, "--rejects", scratch.path + "/rejects.jsonl"])
        #expect(unknown.status == .failed && unknown.out.isEmpty)
        #expect(try Files.text(scratch.path + "/rejects.jsonl").contains("ENVELOPE-010"))
        let again = [scratch.path + "/rejects.jsonl", "--account", "111122223333", "--region", "us-east-1"]
        #expect(await run(["falco", "convert"] + again).status == .done)
    }

    @Test("an account or Region that cannot be one is refused before anything is read")
    func badAccount() async {
        let (status, out, err) = await run(["falco", "convert", "--account", "1", "--region", "eu-central-1"])
        #expect(status == .usage && out.isEmpty && err.contains("--account"))
    }

    @Test(
        "YAML output quotes whatever could be read as something else",
        arguments: [
            ("yes", "\"yes\""), ("1e3", "\"1e3\""), ("a: b", "\"a: b\""), ("- x", "\"- x\""), ("", "\"\""),
            ("plain text", "plain text"), ("~", "\"~\""), ("x # y", "\"x # y\""), ("line\nline", "\"line\\nline\""),
            ("tail ", "\"tail \""), ("2026-01-01", "\"2026-01-01\""),
        ]
    )
    func quoting(_ text: String, _ expected: String) { #expect(YAMLText.write(.string(text)) == expected) }

    @Test("YAML output nests lists and objects as blocks")
    func blocks() {
        let document: JSONValue = ["a": [1, ["b": [], "c": .null]], "d": [:]]
        #expect(YAMLText.write(document) == "a:\n  - 1\n  - b: []\n    c: null\nd: {}")
    }
}

/// Collects what a command writes.
private final class Captured: Sendable {
    private let texts = Mutex<[String]>([])

    var text: String { texts.withLock { $0.joined() } }

    @Sendable func append(_ text: String) { texts.withLock { $0.append(text) } }
}
