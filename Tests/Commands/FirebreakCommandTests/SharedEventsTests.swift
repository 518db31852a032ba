import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite(
    "Every shared event comes to a plan or an explained refusal",
    .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
)
struct SharedEventsTests {
    static let events: [String] = {
        guard Corpora.arePresent, let names = try? Files.names(in: Corpora.path("fixtures/eventbridge")) else {
            return []
        }
        return names.filter { $0.hasSuffix(".json") && $0 != "index.json" }
    }()

    @Test("nothing crashes, and what cannot be planned says why", arguments: events)
    func isExplained(_ name: String) async throws {
        let scratch = try Scratch()
        let playbook = scratch.path + "/playbook.yaml"
        try Files.write(Array(SharedWorldsTests.playbook(protect: nil).utf8), to: playbook)
        let result = await CommandLineRun(
            "run",
            playbook,
            "--finding",
            Corpora.path("fixtures/eventbridge/" + name),
            "--world",
            Corpora.path("fixtures/worlds/eks-vpc-cni.yaml"),
            Corpora.path("fixtures/worlds/eks-vpc-cni.aws.json"),
            "--output",
            "json"
        )
        let runs = try #require(result.json["runs"]?.array, "\(result.output) \(result.talk)")
        if runs.isEmpty {
            #expect(result.status == .usage)
            #expect(result.json["error"]?["remedy"]?.nonBlank != nil)
        }
        for run in runs where run["status"] != "planned" {
            let reasons = (run["verdicts"]?.array ?? []).filter { $0["verdict"] == "refuse" }
            #expect(
                reasons.contains { $0["reason"]?.nonBlank != nil } || run["error"]?["what"]?.nonBlank != nil,
                "\(run)"
            )
        }
    }
}
