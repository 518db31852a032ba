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
            Without --world the live cluster and account are observed, and nothing is written. With it the run is
            rehearsed: several findings make several runs, each planned on the world as those before it would leave it.

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

    @Option(
        parsing: .upToNextOption,
        help:
            "Dumps to rehearse in: kubectl get -o yaml, and AWS JSON; without them the live cluster and account are observed."
    )
    package var world: [String] = []

    @OptionGroup(title: "Live cluster and account")
    package var live: LiveOptions

    @Option(help: "With --apply: write the changed world to this folder.")
    package var worldOut: String?

    @Option(
        help: "plan: observe and show; the default. server: ask the servers too what they would say to each change."
    )
    package var dryRun: DryRun?

    @Flag(help: "Carry the plan out on a copy of the world.")
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
        guard world.isEmpty || !live.isGiven else {
            throw ValidationError("--world rehearses: leave out --kubeconfig, --context, --eks-cluster and --region.")
        }
        guard !world.isEmpty || !apply else {
            throw ValidationError("--apply carries out a rehearsal: give the world to rehearse in with --world.")
        }
        guard dryRun == nil || !apply else { throw ValidationError("--dry-run and --apply exclude each other.") }
        guard apply || worldOut == nil else { throw ValidationError("--world-out goes with --apply.") }
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
        var session: RunSession
        var lost: [FaultReport] = []
        let stage: RunStage
        do {
            let now = Moments.current.now()
            let checked = try CheckedPlaybook(path: playbook)
            let parameters = try PlaybookArguments(set).values(for: checked.playbook)
            stage = try await openStage(now)
            session = RunSession(playbook: checked, parameters: parameters, stage: stage, now: now)
            let (starts, errors) = try await starts(on: stage)
            lost = errors
            await session.plan(starts, mode: apply ? .apply : dryRun == .server ? .server : .plan)
            if dryRun == .server { await session.prove() }
        } catch {
            throw complain(error)
        }
        if apply, case .rehearsal(let rehearsal) = stage { try await carryOut(&session, rehearsal) }
        try show(session, lost)
        let status = ExitStatus.worst(session.entries.map(\.plan.exitStatus) + (lost.isEmpty ? [] : [.usage]))
        if status != .done { throw status }
    }

    private func openStage(_ now: Timestamp) async throws -> RunStage {
        guard world.isEmpty else { return .rehearsal(try RehearsalStage(try WorldFiles(world), now: now)) }
        return .live(try await LiveWorld.open(live))
    }

    private func starts(on stage: RunStage) async throws -> ([RunStart], [FaultReport]) {
        if let findingId { return ([try await FindingLookup(stage).start(findingId)], []) }
        if let pod {
            guard let start = RunStart.pod(pod) else { throw InputFault.noPod(pod) }
            return ([start], [])
        }
        if let node {
            guard let start = RunStart.node(node) else { throw InputFault.noNode(node) }
            return ([start], [])
        }
        let path = finding ?? "-"
        let (starts, errors) = RunStart.findings(in: try HostFiles.read(path), of: path)
        for error in errors where !starts.isEmpty { Console.current.complain(error.description) }
        guard !starts.isEmpty else { throw InputFault.noFinding(path, errors.first) }
        return (starts, errors)
    }

    private func carryOut(_ session: inout RunSession, _ stage: RehearsalStage) async throws {
        for index in session.entries.indices where session.hasWork(index) {
            guard approves(session.entries[index]) else {
                if session.entries[index].plan.status == "planned" { session.wait(index, reasonToWait) }
                continue
            }
            do throws(RunFault) {
                var driver = try await session.apply(index, in: stage)
                // A step that is not the reviewed one asks again, when there is somebody to ask.
                while driver.status == .pendingApproval, digest.isEmpty, !yes, asks(session.entries[index]) {
                    await session.approve(index, &driver)
                }
            } catch {
                session.park(index, error)
            }
        }
        guard let worldOut else { return }
        do { try await stage.write(to: worldOut) } catch { throw complain(error) }
    }

    private var reasonToWait: String {
        digest.isEmpty
            ? "waits for approval: look at the plan, then give --yes or --digest with its digest"
            : "waits for approval: no --digest given is this plan's; look at what changed, then give the new one"
    }

    /// A digest that is given must be the plan's; without one `--yes`, or a person's yes on a terminal.
    private func approves(_ entry: RunSession.Entry) -> Bool {
        guard digest.isEmpty else { return digest.contains(entry.digest) }
        return yes || asks(entry)
    }

    /// A person's yes on a terminal; nobody there is a no.
    private func asks(_ entry: RunSession.Entry) -> Bool {
        guard HostStreams.isInputTerminal, HostStreams.isOutputTerminal else { return false }
        Console.current.complain(PlanText.write(entry.plan, digest: entry.digest, colour: Console.current.hasColour))
        Console.current.writeError("Apply this plan? Only “yes” applies it: ")
        return readLine() == "yes"
    }

    /// `lost`: what of the input could not be decoded.
    private func show(_ session: RunSession, _ lost: [FaultReport]) throws {
        let document: JSONValue = [
            "runs": .array(session.entries.map { $0.plan.json(digest: $0.digest) }),
            "error": lost.first?.json ?? .null, "errors": .array(lost.map(\.json)),
        ]
        if let out {
            do {
                try HostFiles.write(Array((JSONWriter.pretty(document) + "\n").utf8), to: out)
            } catch {
                throw complain(error)
            }
        }
        let texts = session.entries.map {
            PlanText.write($0.plan, digest: $0.digest, colour: Console.current.hasColour && output == .text)
        }
        Console.current.print(output.render(document, text: texts.joined(separator: "\n\n")))
    }

    private func complain(_ error: any Error) -> ExitStatus {
        Complaint(output: output, subject: playbook, shape: ["runs": []]).say(error)
    }
}
