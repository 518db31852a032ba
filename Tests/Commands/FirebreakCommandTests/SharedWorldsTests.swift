import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

/// One event in one cluster, with what an expert says must come of containing its pod and node.
struct WorldCase: Sendable, CustomTestStringConvertible {
    var document: JSONValue
    var testDescription: String { document["id"]?.string ?? "?" }
    var expect: JSONValue { document["expect"] ?? .null }

    func path(_ member: String) -> String { Corpora.path("fixtures/worlds/" + (document[member]?.string ?? "?")) }

    static let all: [WorldCase] = {
        guard Corpora.arePresent, let text = try? Files.text(Corpora.path("fixtures/worlds/index.json")),
            let cases = try? JSONReader.parse(text).array
        else { return [] }
        return cases.map(WorldCase.init)
    }()
}

@Suite(
    "Every case of the shared worlds comes out as it says",
    .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
)
struct SharedWorldsTests {
    /// Isolates the pod, snapshots the node's volumes and cordons the node, whatever the case.
    static func playbook(protect: JSONValue?) -> String {
        let guardrails = protect.map { "guardrails: " + JSONWriter.compact(["protect": $0]) + "\n" } ?? ""
        return """
            playbook: contain-everything
            summary: For every case the same.
            triggers:
              - customAction: ContainPod
            \(guardrails)states:
              isolate:
                action: isolate-pod
                catch: [{ errors: [Leaking, Unverified], next: snapshot, as: isolation }]
              snapshot:
                action: snapshot-volumes
              cordon:
                action: cordon-node
                end: true

            """
    }

    private func run(
        _ worldCase: WorldCase,
        protect: JSONValue? = nil,
        _ more: [String] = []
    ) async throws -> CommandLineRun {
        let scratch = try Scratch()
        let playbook = scratch.path + "/playbook.yaml"
        try Files.write(Array(Self.playbook(protect: protect).utf8), to: playbook)
        return await CommandLineRun(
            ["run", playbook, "--finding", worldCase.path("event"), "--world", worldCase.path("world")]
                + [worldCase.path("aws"), "--output", "json"] + more
        )
    }

    @Test("the outcome is a plan, a refusal or a request for approval, as the index says", arguments: WorldCase.all)
    func comesOut(_ worldCase: WorldCase) async throws {
        let result = try await run(worldCase)
        let runs = try #require(result.json["runs"]?.array, "\(result.output)\(result.talk)")
        #expect(runs.count == Int(worldCase.expect["runs"]?.integer ?? 1))
        let verdicts = runs.flatMap { $0["verdicts"]?.array ?? [] }.compactMap { $0["verdict"]?.string }
        switch worldCase.expect["outcome"]?.string {
        case "plan":
            #expect(result.status == .done)
            #expect(!verdicts.contains("refuse") && !verdicts.contains("needsApproval"), "\(result.output)")
        case "refuse":
            #expect(result.status == .refused)
            #expect(verdicts.contains("refuse"))
        case "needsApproval":
            #expect(result.status == .done)
            #expect(verdicts.contains("needsApproval") && !verdicts.contains("refuse"), "\(result.output)")
        default:
            Issue.record("the index has an outcome that this test does not know")
        }
    }

    @Test("every policy that still allows after a deny-all is neutralised or named", arguments: WorldCase.all)
    func answersPolicies(_ worldCase: WorldCase) async throws {
        guard let still = worldCase.expect["policiesThatStillAllowAfterADenyAll"]?.object else { return }
        let result = try await run(worldCase)
        let run = try #require(result.json["runs"]?[0])
        let answers = run["containment"]?["policies"]?.array ?? []
        for member in still {
            for name in member.value.array ?? [] {
                let isAnswered = answers.contains { $0["name"] == name && $0["direction"]?.string == member.key }
                #expect(isAnswered, "\(member.key) \(name): \(answers)")
            }
            for answer in answers where answer["direction"]?.string == member.key {
                #expect((member.value.array ?? []).contains(answer["name"] ?? .null), "not owed: \(answer)")
            }
        }
        let managed = (worldCase.expect["gitopsManaged"]?.array ?? []) + (worldCase.expect["helmManaged"]?.array ?? [])
        for answer in answers where managed.contains(answer["name"] ?? .null) {
            #expect(answer["answer"] != "patched", "a managed policy fights back: \(answer)")
        }
    }

    @Test("the warnings that an expert would give are given", arguments: WorldCase.all)
    func warns(_ worldCase: WorldCase) async throws {
        let result = try await run(worldCase)
        let text = Self.everythingSaid(result.json).lowercased()
        for warning in worldCase.expect["warn"]?.array ?? [] {
            let substance = try #require(warning.string)
            for words in Self.substance(of: substance) {
                #expect(words.contains { text.contains($0) }, "“\(substance)” wants one of \(words) in \(text)")
            }
        }
    }

    private static func everythingSaid(_ document: JSONValue) -> String {
        var said: [String] = []
        for run in document["runs"]?.array ?? [] {
            for step in run["steps"]?.array ?? [] { said += (step["warnings"]?.array ?? []).compactMap(\.string) }
            said += (run["verdicts"]?.array ?? []).compactMap { $0["reason"]?.string }
            said += (run["containment"]?["reasons"]?.array ?? []).compactMap(\.string)
        }
        return said.joined(separator: "\n")
    }

    /// Words of which one of each row must be said.
    private static func substance(of warning: String) -> [[String]] {
        switch warning {
        case "disruption budget checkout-pdb has no headroom":
            [["checkout-pdb"], ["no headroom", "no further disruption"]]
        case "replacement runs the same image": [["same image"]]
        case "no controller: nothing replaces it": [["nothing replaces"]]
        case "ledger: two overlapping disruption budgets: an eviction would be answered 500":
            [["ledger-a"], ["ledger-b"], ["500"]]
        case "single replica: the last endpoint of Service orders": [["last"], ["orders"]]
        case "StatefulSet: not replaced while the pod exists": [["statefulset"], ["while"]]
        case "PVC keeps attached": [["attached"]]
        case "Job pod": [["job"]]
        default: [[warning.lowercased()]]
        }
    }

    @Test("verdicts, volumes and protections are those of the index", arguments: WorldCase.all)
    func provesWhatItSays(_ worldCase: WorldCase) async throws {
        let result = try await run(worldCase)
        let first = try #require(result.json["runs"]?[0])
        if let verdict = worldCase.expect["containment"] { #expect(first["containment"]?["verdict"] == verdict) }
        if let volume = worldCase.expect["volumesIncludePVC"] {
            #expect(first["blastRadius"]?["volumes"]?.array?.contains(volume) == true)
        }
        let said = Self.everythingSaid(result.json).lowercased()
        if worldCase.expect["instanceStoreNotSnapshotted"] == true { #expect(said.contains("instance store")) }
        if worldCase.expect["spotNode"] == true { #expect(said.contains("spot")) }
        if let protect = worldCase.expect["needsApprovalWhen"]?["protect"] {
            let guarded = try await run(worldCase, protect: protect)
            let verdicts = guarded.json["runs"]?[0]?["verdicts"]?.array ?? []
            #expect(verdicts.contains { $0["guardrail"] == "protected" && $0["verdict"] == "needsApproval" })
        }
    }

    @Test("what is planned can be applied, and the world then is as the plan said", arguments: WorldCase.all)
    func applies(_ worldCase: WorldCase) async throws {
        guard worldCase.expect["outcome"] == "plan" else { return }
        let out = try Scratch()
        let result = try await run(worldCase, ["--apply", "--yes", "--world-out", out.path])
        let runs = try #require(result.json["runs"]?.array)
        for run in runs {
            let containment = run["containment"]?["verdict"]?.string
            let status = run["status"]?.string
            #expect(status != "parked" && status != "refused", "\(run["status"] ?? .null)")
            if containment == "leaking" { #expect(status != "succeeded") }
            for step in run["steps"]?.array ?? [] where step["action"] != "isolate-pod" {
                #expect(["verified", "alreadyDone"].contains(step["status"]?.string), "\(step)")
            }
        }
        #expect(try Files.names(in: out.path) == ["world.aws.json", "world.yaml"])
    }
}
