package import ArgumentParser
internal import Host
internal import Orchestration
internal import Planning
internal import Runs
internal import Vocabulary

/// `firebreak run PLAYBOOK`: plans a playbook for findings, a pod or a node; applies it when told to.
package struct RunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "Plans a playbook for findings, or for a pod or node you name. Writes nothing unless told to.",
        discussion: """
            Without --apply nothing is written. Without --world the live cluster and account are meant; with it the run is
            rehearsed: several findings make several runs, each planned on the world as those before it would leave it.
            What is applied live is written down first, and survives the end of this process: see “firebreak runs”.

            Example: firebreak run playbooks/contain-pod/playbook.yaml \\
              --finding event.json --dry-run server

            Exit codes: 0 planned or done, 1 failed, 2 bad input, 3 refused, 4 waiting for
            approval, 5 applied but not proved, 6 not permitted, 7 unreachable.
            """
    )

    @Argument(help: "The playbook file.")
    package var playbook: String

    @Option(help: "A file with a Security Hub or EventBridge event, in any wrapping; - is standard input.")
    package var finding: String?

    @Option(
        name: .customLong("finding-id"),
        help: "Start from a finding that Security Hub has: its Id, or its product's ARN/Id."
    )
    package var findingId: String?

    @Option(help: "Start from a pod: NAMESPACE/NAME.")
    package var pod: String?

    @Option(help: "Start from a node.")
    package var node: String?

    @Option(name: .customLong("set"), help: "A parameter of the playbook: NAME=VALUE; may be repeated.")
    package var set: [String] = []

    @OptionGroup
    package var stage: StageOptions

    @Option(
        help: "plan: observe and show; the default. server: ask the servers too what they would say to each change."
    )
    package var dryRun: DryRun?

    @Flag(help: "Carry the plan out: on the live cluster and account, or with --world on a copy of that.")
    package var apply = false

    @Flag(help: "Approve without asking.")
    package var yes = false

    @Option(help: "Approve plans with this digest only; may be repeated.")
    package var digest: [String] = []

    @Option(help: "Write the plans as JSON to this file.")
    package var out: String?

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package enum DryRun: String, ExpressibleByArgument, CaseIterable, Sendable {
        case plan, server
    }

    package init() {}

    package func validate() throws {
        let starts = [finding, findingId, pod, node].compactMap { $0 }.count
        guard starts == 1 else {
            throw ValidationError("Give exactly one of --finding, --finding-id, --pod and --node.")
        }
        guard dryRun == nil || !apply else { throw ValidationError("--dry-run and --apply exclude each other.") }
        guard apply || stage.worldOut == nil else { throw ValidationError("--world-out goes with --apply.") }
        guard apply || (!yes && digest.isEmpty) else { throw ValidationError("--yes and --digest go with --apply.") }
        for text in digest where !Self.isDigest(text) {
            throw ValidationError("“\(PlainText.line(text))” is no digest: copy the sha256:… that the plan prints.")
        }
    }

    private static func isDigest(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "sha256" && parts[1].utf8.count == 64
            && parts[1].utf8.allSatisfy(NameSyntax.isHex)
    }

    package func run() async throws {
        do {
            try await RunFlow(
                order: RunOrder(playbook: try CheckedPlaybook(path: playbook), settings: set, source: try source()),
                stage: stage,
                mode: apply ? .apply : dryRun == .server ? .server : .plan,
                approval: Approval(yes: yes, digests: digest),
                out: out,
                output: output
            ).run()
        } catch {
            throw Complaint(output: output, subject: playbook, shape: ["runs": []]).say(error)
        }
    }

    private func source() throws -> RunOrder.Source {
        if let findingId { return .findingId(findingId) }
        if let pod { return .pod(pod) }
        if let node { return .node(node) }
        let path = finding ?? "-"
        return .event(name: path, bytes: try HostFiles.read(path))
    }
}
