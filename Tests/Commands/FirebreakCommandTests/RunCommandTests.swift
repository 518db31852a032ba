import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("run keeps its contract: what is approved is done, what is refused is not, and why is said")
struct RunCommandTests {
    private static let folder = PackageFolder.path + "/playbooks/contain-pod/"
    private static let pod = "shop/cart-7c9d8b6f5-k7f2q"

    /// Runs a playbook's text on the stock world.
    private func run(_ playbook: String, _ more: [String]) async throws -> CommandLineRun {
        let scratch = try Scratch()
        let path = scratch.path + "/playbook.yaml"
        try Files.write(Array(playbook.utf8), to: path)
        return await CommandLineRun(
            ["run", path, "--world", Self.folder + "world.yaml", Self.folder + "world.aws.json", "--output", "json"]
                + more
        )
    }

    private func verdicts(_ result: CommandLineRun) -> [String] {
        (result.json["runs"]?[0]?["verdicts"]?.array ?? []).compactMap {
            "\($0["guardrail"]?.string ?? "") \($0["verdict"]?.string ?? "")"
        }
    }

    @Test("a namespace is protected by its name and by a pattern", arguments: ["shop", "sh*", "*"])
    func protectsNamespaces(_ pattern: String) async throws {
        let playbook = """
            playbook: p
            guardrails: { protect: [{ namespaces: ["\(pattern)"] }] }
            states: { isolate: { action: isolate-pod, end: true } }

            """
        let result = try await run(playbook, ["--pod", Self.pod])
        #expect(verdicts(result).contains("protected needsApproval"))
    }

    @Test("a digest that is not the plan's is not overridden by --yes, and the plan says so")
    func digestBinds() async throws {
        let playbook = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
        let wrong = "sha256:" + String(repeating: "0", count: 64)
        let result = try await run(playbook, ["--pod", Self.pod, "--apply", "--yes", "--digest", wrong])
        #expect(result.status == .waitingForApproval)
        #expect(result.json["runs"]?[0]?["notes"]?[0]?.string?.contains("no digest given is this plan's") == true)
        let nonsense = try await run(playbook, ["--pod", Self.pod, "--apply", "--digest", "banana"])
        #expect(nonsense.status == .usage)
    }

    @Test("a run that fails says with what, in the plan and in JSON")
    func saysWhyItFailed() async throws {
        let playbook = """
            playbook: p
            states:
              stop: { fail: { error: NotOurs, cause: "pod ${{ subject.pod.name }} is not ours" } }

            """
        let planned = try await run(playbook, ["--pod", Self.pod])
        #expect(planned.json["runs"]?[0]?["notes"]?[0] == "stop: the run would end failed, with NotOurs")
        let result = try await run(playbook, ["--pod", Self.pod, "--apply", "--yes"])
        #expect(result.status == .failed)
        #expect(
            result.json["runs"]?[0]?["error"]?["what"]
                == "the run failed with NotOurs: pod cart-7c9d8b6f5-k7f2q is not ours"
        )
    }

    @Test("finally runs after a refusal, and nothing else does")
    func runsFinallyAfterARefusal() async throws {
        let playbook = """
            playbook: p
            states:
              isolate: { action: isolate-pod, end: true }
            finally:
              - action: update-finding
                with: { note: "ended ${{ run.status }}" }

            """
        let scratch = try Scratch()
        let world = try Files.text(Self.folder + "world.yaml")
        let text = world.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let place = try #require(text.firstIndex { $0.contains("name: cart-7c9d8b6f5-k7f2q") })
        let spec = try #require(text[place...].firstIndex { $0 == "  spec:" })
        var edited = text
        edited.insert("    hostNetwork: true", at: spec + 1)
        try Files.write(Array(edited.joined(separator: "\n").utf8), to: scratch.path + "/world.yaml")
        let path = scratch.path + "/playbook.yaml"
        try Files.write(Array(playbook.utf8), to: path)
        let result = await CommandLineRun(
            [
                "run", path, "--finding", Self.folder + "finding.json", "--world", scratch.path + "/world.yaml",
                Self.folder + "world.aws.json", "--output", "json", "--apply", "--yes", "--world-out",
                scratch.path + "/out",
            ]
        )
        #expect(result.status == .refused, "\(result.output)")
        #expect(try Files.text(scratch.path + "/out/world.aws.json").contains("ended refused"))
        #expect(try !Files.text(scratch.path + "/out/world.yaml").contains("firebreak-quarantine"))
        #expect(result.json["runs"]?[0]?["release"] == [])
    }

    @Test("the stock playbook runs from a pod alone, without a finding to tell")
    func startsFromAPod() async throws {
        let result = try await run(
            try Files.text(Self.folder + "playbook.yaml"),
            ["--pod", Self.pod, "--apply", "--yes"]
        )
        #expect(result.status == .done, "\(result.output)")
        #expect(result.json["runs"]?[0]?["status"] == "succeeded")
        #expect(result.json["runs"]?[0]?["containment"]?["verdict"] == "contained")
    }

    @Test("a containment that cannot be planned fails the plan, caught or not")
    func needsAPod() async throws {
        let node = "ip-10-20-1-11.eu-central-1.compute.internal"
        let result = try await run(try Files.text(Self.folder + "playbook.yaml"), ["--node", node])
        #expect(result.status == .failed)
        #expect(result.json["runs"]?[0]?["error"]?["what"]?.nonBlank != nil)
    }

    @Test("parameters are given, checked and needed")
    func takesParameters() async throws {
        let playbook = """
            playbook: p
            parameters:
              taint: { type: boolean }
              holdFor: { type: duration, default: 24h }
            states:
              cordon:
                action: cordon-node
                with: { taint: "${{ parameters.taint }}" }
                expires: "${{ parameters.holdFor }}"
                end: true

            """
        let node = ["--node", "ip-10-20-1-11.eu-central-1.compute.internal"]
        let given = try await run(playbook, node + ["--set", "taint=true", "--set", "holdFor=2h"])
        #expect(given.status == .done, "\(given.output)")
        #expect(given.output.contains("cordon and taint") || given.output.contains("/spec/taints"))
        #expect(given.json["runs"]?[0]?["notes"]?[0] == "cordon: held for 2h, then people are told; it stays held")
        for (arguments, code) in [
            ([], "INPUT-008"), (["--set", "taint=maybe"], "INPUT-007"), (["--set", "tint=true"], "INPUT-006"),
            (["--set", "taint"], "INPUT-005"),
        ] as [([String], String)] {
            let refused = try await run(playbook, node + arguments)
            #expect(refused.status == .usage && refused.json["error"]?["code"]?.string == code, "\(refused.output)")
        }
    }

    @Test("what of the input was lost is said, and the exit code says so too")
    func saysWhatWasLost() async throws {
        let scratch = try Scratch()
        let event = try JSONWriter.compact(JSONReader.parse(Files.bytes(Self.folder + "finding.json")))
        try Files.write(Array("\(event)\n{\"broken\": \n".utf8), to: scratch.path + "/events.jsonl")
        let playbook = "playbook: p\nstates: { cordon: { action: cordon-node, end: true } }\n"
        let result = try await run(playbook, ["--finding", scratch.path + "/events.jsonl"])
        #expect(result.status == .usage)
        #expect(result.json["runs"]?.array?.count == 1 && result.json["error"]?["code"]?.nonBlank != nil)
    }

    @Test("a world without a cluster is bad input, not a pod that is gone")
    func needsACluster() async throws {
        let scratch = try Scratch()
        for (name, text) in [
            ("foo.json", #"{"foo":1}"#), ("empty.yaml", ""), ("list.yaml", "apiVersion: v1\nkind: List\nitems: []\n"),
        ] {
            try Files.write(Array(text.utf8), to: scratch.path + "/" + name)
            let result = await CommandLineRun(
                "run",
                Self.folder + "playbook.yaml",
                "--pod",
                Self.pod,
                "--world",
                scratch.path + "/" + name,
                "--output",
                "json"
            )
            #expect(result.status == .usage, "\(name): \(result.output)")
            #expect(result.json["error"]?["code"]?.nonBlank != nil)
        }
    }

    @Test("where the result cannot be written, nothing is applied", arguments: ["/no/such/folder/plan.json", "/out"])
    func checksOutFirst(_ place: String) async throws {
        let playbook = "playbook: p\nstates: { isolate: { action: isolate-pod, end: true } }\n"
        let scratch = try Scratch()
        _ = try Command.run("mkdir \(scratch.path)/out")
        let result = try await run(
            playbook,
            [
                "--pod", Self.pod, "--apply", "--yes", "--world-out", scratch.path + "/world", "--out",
                scratch.path + place,
            ]
        )
        #expect(result.json["error"]?["code"] == "FILE-002", "\(result.output)")
        #expect(result.status != .done && result.json["runs"] == [])
        // What was applied would be written here.
        #expect(try Files.names(in: scratch.path) == ["out"])
    }

    @Test("waits are in the plan")
    func showsWaits() async throws {
        let playbook = """
            playbook: p
            states:
              pause: { wait: 30d }
              cordon: { action: cordon-node, end: true }

            """
        let result = try await run(playbook, ["--pod", Self.pod])
        #expect(result.json["runs"]?[0]?["notes"]?.array?.contains("pause: waits 30d") == true, "\(result.output)")
    }
}
