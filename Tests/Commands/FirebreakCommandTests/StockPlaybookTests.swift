import FirebreakCommand
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// A folder below `playbooks/`: playbook, finding, world and the plan that must come of them.
struct StockPlaybook: Sendable, CustomTestStringConvertible {
    var name: String
    var testDescription: String { name }
    var folder: String { PackageFolder.path + "/playbooks/" + name }

    static let all: [StockPlaybook] = {
        let names = (try? Files.names(in: PackageFolder.path + "/playbooks")) ?? []
        return names.filter { !$0.contains(".") }.map(StockPlaybook.init)
    }()

    /// Runs it at a fixed moment with ids in sequence, so that the same plan is the same text.
    func run(_ more: String...) async -> CommandLineRun {
        let count = Counter()
        let moments = Moments(
            now: { Timestamp(milliseconds: 1_795_576_000_000) },
            makeRunId: { "run-\(count.next())" }
        )
        return await Moments.$current.withValue(moments) {
            await CommandLineRun(
                [
                    "run", folder + "/playbook.yaml", "--finding", folder + "/finding.json", "--world",
                    folder + "/world.yaml", folder + "/world.aws.json",
                ] + more
            )
        }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

@Suite("The stock playbooks do what their folders say")
struct StockPlaybookTests {
    @Test("there are four of them, each with a finding, a world and a README")
    func foldersAreComplete() throws {
        #expect(StockPlaybook.all.count == 4)
        for playbook in StockPlaybook.all {
            let names = try Files.names(in: playbook.folder)
            for name in [
                "README.md", "finding.json", "plan.golden.json", "playbook.yaml", "world.aws.json", "world.yaml",
            ] {
                #expect(names.contains(name), "\(playbook.name) has no \(name)")
            }
        }
    }

    /// `UPDATE_GOLDEN=1` writes the plans anew; read the difference before you commit it.
    @Test("the plan is the golden one", arguments: StockPlaybook.all)
    func plansAsRecorded(_ playbook: StockPlaybook) async throws {
        let result = await playbook.run("--output", "json")
        #expect(result.status == .done, "\(result.talk)")
        let path = playbook.folder + "/plan.golden.json"
        if Golden.isUpdated { try Files.write(Array(result.output.utf8), to: path) }
        let differences = Golden.differences(try Files.text(path), result.output)
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }

    @Test("planning twice gives the same digest, and applying keeps it", arguments: StockPlaybook.all)
    func digestIsStable(_ playbook: StockPlaybook) async throws {
        let first = await playbook.run("--output", "json")
        let digest = try #require(first.json["runs"]?[0]?["digest"]?.string)
        let applied = await playbook.run("--output", "json", "--apply", "--digest", digest)
        #expect(applied.status == .done, "\(applied.output)")
        #expect(applied.json["runs"]?[0]?["digest"]?.string == digest)
        #expect(applied.json["runs"]?[0]?["status"] == "succeeded")
        let steps = applied.json["runs"]?[0]?["steps"]?.array ?? []
        #expect(
            !steps.isEmpty && steps.allSatisfy { $0["status"] == "verified" || $0["status"] == "skipped" },
            "\(steps)"
        )
    }

    @Test("without a yes or with another digest nothing is applied", arguments: StockPlaybook.all)
    func needsApproval(_ playbook: StockPlaybook) async throws {
        for approval in [[], ["--digest", "sha256:" + String(repeating: "0", count: 64)]] {
            let out = try Scratch()
            let moments = ["--output", "json", "--apply", "--world-out", out.path] + approval
            let result = await CommandLineRun(
                [
                    "run", playbook.folder + "/playbook.yaml", "--finding", playbook.folder + "/finding.json",
                    "--world",
                    playbook.folder + "/world.yaml", playbook.folder + "/world.aws.json",
                ] + moments
            )
            #expect(result.status == .waitingForApproval)
            let world = try Files.text(out.path + "/world.yaml")
            #expect(!world.contains("firebreak.dev/") && !world.contains("unschedulable: true"))
        }
    }

    @Test("the demo tells its story to the end")
    func demoEndsContained() async {
        let result = await CommandLineRun("demo", "--from", PackageFolder.path + "/playbooks/contain-pod")
        #expect(result.status == .done, "\(result.talk)")
        #expect(result.output.hasSuffix("contained (rehearsed)\n"))
    }
}
