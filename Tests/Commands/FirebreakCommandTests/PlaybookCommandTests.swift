import FirebreakCommand
import Glibc
import Playbooks
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("firebreak playbook checks, lists, shows and draws playbooks")
struct PlaybookCommandTests {
    private struct Result {
        var status: FirebreakCommand.ExitStatus
        var output: String
        var complaints: String
    }

    private func run(_ arguments: String...) async -> Result {
        let output = Mutex("")
        let complaints = Mutex("")
        let console = Console(
            writeOut: { text in output.withLock { $0 += text } },
            writeError: { text in complaints.withLock { $0 += text } }
        )
        let status = await Console.$current.withValue(console) {
            await PlaybookFile.$actions.withValue(TestActions.all) { await Firebreak.run(arguments: arguments) }
        }
        return Result(status: status, output: output.withLock { $0 }, complaints: complaints.withLock { $0 })
    }

    private func temporary(_ text: String) throws -> String {
        let path = "/tmp/firebreak-playbook-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).yaml"
        try Files.write(Array(text.utf8), to: path)
        return path
    }

    @Test("a clean folder ends with 0 and an empty list of diagnostics")
    func cleanFolder() async throws {
        let result = await run("playbook", "check", PackageFolder.path + "/playbooks", "--output", "json")
        #expect(result.status == .done)
        #expect(try JSONReader.parse(result.output) == ["diagnostics": []])
    }

    @Test("errors end with 2 and carry code, severity, message, file, line, column and remedy")
    func errors() async throws {
        let path = try temporary("playbook: p\nstates:\n  a: { action: isolate-pd, end: true }\n")
        defer { unsafe unlink(path) }
        let result = await run("playbook", "check", path, "--output", "json")
        #expect(result.status == .usage)
        let known = "isolate-pod, cordon-node, snapshot-volumes, update-finding, delete-pod"
        let expected: JSONValue = [
            "diagnostics": [
                [
                    "code": "PLAYBOOK-004", "severity": "error", "message": "no action is called “isolate-pd”",
                    "file": .string(path), "line": 3, "column": 16,
                    "remedy": .string("write “isolate-pod”, or use one of \(known)"),
                ]
            ]
        ]
        #expect(try JSONReader.parse(result.output) == expected)
    }

    @Test("text shows the line and points at the place")
    func text() async throws {
        let path = try temporary("playbook: p\nstates:\n  a: { action: cordon-node, timeout: 5, end: true }\n")
        defer { unsafe unlink(path) }
        let result = await run("playbook", "check", path)
        #expect(result.status == .usage)
        #expect(result.output.contains("\(path):3:38: error: PLAYBOOK-026 "))
        #expect(
            result.output.hasSuffix(
                "  3 |   a: { action: cordon-node, timeout: 5, end: true }\n    |                                      ^\n"
            )
        )
        #expect(result.complaints == "1 playbook, 1 error, 0 warnings\n")
    }

    @Test("warnings alone end with 0")
    func warnings() async throws {
        let path = try temporary("playbook: p\nincident: { key: one }\nstates: { a: { succeed: } }\n")
        defer { unsafe unlink(path) }
        let result = await run("playbook", "check", path)
        #expect(result.status == .done)
        #expect(result.complaints == "1 playbook, 0 errors, 1 warning\n")
    }

    @Test("what YAML has against a text and what the playbook has come together, in order of place")
    func together() async throws {
        let path = try temporary("playbook: p\nplaybook: q\nstates: { a: { wait: 5, end: true, end: true } }\n<<: {}\n")
        defer { unsafe unlink(path) }
        let result = await run("playbook", "check", path, "--output", "json")
        let found = try JSONReader.parse(result.output)["diagnostics"]?.array ?? []
        let places = found.map { "\($0["line"]?.integer ?? 0) \($0["code"]?.string ?? "")" }
        #expect(places == ["2 YAML-004", "3 PLAYBOOK-026", "3 YAML-004", "4 YAML-008"])
    }

    @Test("a file that is not there is a diagnostic, and the others are checked all the same")
    func missing() async {
        let stock = PackageFolder.path + "/playbooks/triage-only/playbook.yaml"
        let result = await run("playbook", "check", "/nowhere/playbook.yaml", stock, "--output", "json")
        #expect(result.status == .usage)
        #expect(result.output.contains("FILE-001"))
    }

    @Test("list names each playbook with its summary")
    func list() async {
        let result = await run("playbook", "list", PackageFolder.path + "/playbooks")
        #expect(result.status == .done)
        #expect(result.output.split(separator: "\n").count == 4)
        #expect(result.output.contains("triage-only               Sort findings by severity"))
    }

    @Test("show tells triggers, states, classes and permissions")
    func show() async {
        let result = await run("playbook", "show", PackageFolder.path + "/playbooks/contain-pod/playbook.yaml")
        #expect(result.status == .done)
        for part in [
            "the Security Hub button ContainPod (auto)", "imported findings that fit its pattern (approve)",
            "isolate: isolate-pod (contain), within 2m → snapshot", "capture, contain, record",
            "isolate-pod:permission", "10 pods and 2 nodes in 1h",
        ] { #expect(result.output.contains(part), "\(part)") }
    }

    @Test("graph draws every state and the ways of errors apart", arguments: ["mermaid", "dot"])
    func graph(_ format: String) async {
        let path = PackageFolder.path + "/playbooks/contain-pod/playbook.yaml"
        let result = await run("playbook", "graph", path, "--format", format)
        #expect(result.status == .done)
        let isMermaid = format == "mermaid"
        #expect(result.output.hasPrefix(isMermaid ? "flowchart TD" : "digraph \"contain-pod\" {"))
        #expect(
            result.output.contains(
                isMermaid
                    ? "s1 -.->|\"any\"| s2" : "s1 -> s2 [label=\"any\", style=dashed]"
            )
        )
    }
}
