internal import AWSAPI
package import ArgumentParser
internal import Envelopes
internal import Findings
internal import Host
internal import Importing
internal import Ingestion
internal import Synchronization
internal import Vocabulary

/// `firebreak falco import [FILE…]`.
package struct FalcoImportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Imports the Falco alerts of some files into Security Hub.",
        discussion: """
            Takes what `falco convert` takes and sends the findings with BatchImportFindings: a hundred in a call, ten
            calls a second in each account and Region, the most severe first. The first alert of an incident is sent at
            once; what repeats it within --window follows as one update with the count and the times of the first and
            the last alert. What the service throttles or fails is tried again for as long as
            --patience says.

            Alerts that are no findings, and findings that did not get in, go to the rejects, each with its reason; the
            file of rejects can be imported again. Importing an alert twice changes nothing.

            A call may only carry findings of the account that signs it. For other accounts name a role that each of
            them has: --role firebreak-import, or an ARN with {account} in it.

            Exit code: 0 all imported, 1 some rejected or parked, 2 an input cannot be read, 6 not permitted,
            7 the service cannot be reached.

            Examples:
              firebreak falco import falco.log --account 111122223333 --region eu-central-1 --cluster prod-1
              kubectl logs -f -n falco ds/falco | firebreak falco import --account 111122223333 --region us-east-1
            """
    )

    @Argument(help: "Files to read; none or - is standard input.")
    package var files: [String] = []

    @OptionGroup package var mapping: MappingOptions

    @Option(help: "How long repeats of an incident are collected before they are sent, such as 30s or 2m.")
    package var window: String = "30s"

    @Option(help: "How long a finding is tried again when the service throttles or fails, such as 5m.")
    package var patience: String = "5m"

    @Option(help: "The role that other accounts have for us: its name, or an ARN with {account} in it.")
    package var role: String?

    @Option(name: .customLong("external-id"), help: "The external id that the role asks for.")
    package var externalID: String?

    @Option(help: "Where to write rejects and parked findings, one JSON object a line; else standard error.")
    package var rejects: String?

    package init() {}

    package func validate() throws {
        guard Duration(playbookText: window).map({ (.seconds(1) ... .seconds(3_600)).contains($0) }) ?? false else {
            throw ValidationError("--window: a duration from 1s to 1h, such as 30s")
        }
        guard Duration(playbookText: patience).map({ (.seconds(1) ... .seconds(86_400)).contains($0) }) ?? false else {
            throw ValidationError("--patience: a duration from 1s to 24h, such as 5m")
        }
        if let role, ImportGateways(role: role).arn(in: AccountID(unchecked: "111122223333"), partition: "aws") == nil {
            throw ValidationError("--role: neither a role's name nor an ARN")
        }
    }

    package func run() async throws {
        do {
            try await importAll()
        } catch let error as HostFault {
            Console.current.complain(error.description)
            throw ExitStatus.usage
        } catch let error as any ActionableError {
            Console.current.complain(error.description)
            throw ExitStatus.notPermitted
        }
    }

    private func importAll() async throws {
        let parked = try ParkedLines(rejects)
        let outcomes = PipelineOutcomes(park: parked.write)
        let (gateway, time) = try ImportGateways(role: role, externalID: externalID).open(own: nil)
        let rules = ImportRules(patience: Duration(playbookText: patience) ?? .seconds(300))
        let importer = Importer(gateway: gateway, time: time, rules: rules, report: outcomes.report)
        let pipeline = AlertPipeline(
            addressing: try mapping.addressing(),
            folding: AlertFold.Rules(window: Duration(playbookText: window)),
            importer: importer,
            outcomes: outcomes,
            now: Host.now
        )
        let ticking = Task { await tick(pipeline) }
        defer { ticking.cancel() }
        try await read(into: pipeline)
        ticking.cancel()
        await pipeline.finish()
        try parked.finish()
        Console.current.complain(outcomes.tally.summary)
        let status = Self.status(outcomes)
        if status != .done { throw status }
    }

    /// Chunk by chunk: what a pipe brings is on its way before the pipe brings more.
    private func read(into pipeline: AlertPipeline) async throws {
        for file in files.isEmpty ? ["-"] : files {
            let input = try HostInput(file)
            var intake = AlertIntake()
            while let chunk = try await input.next() {
                for item in intake.take(chunk) { await pipeline.take(item) }
            }
            for item in intake.finish() { await pipeline.take(item) }
        }
    }

    /// Windows end whether or not another alert comes.
    private func tick(_ pipeline: AlertPipeline) async {
        while !Task.isCancelled {
            let next = await pipeline.tick() ?? Host.now().advanced(by: .seconds(1))
            // Ends early when the input does.
            try? await Task.sleep(for: min(max(.milliseconds(10), next.duration(since: Host.now())), .seconds(1)))
        }
    }

    /// What kept findings out, as scripts tell it apart.
    static func status(_ outcomes: PipelineOutcomes) -> ExitStatus {
        guard outcomes.tally.rejects + outcomes.tally.parked > 0 else { return .done }
        for fault in outcomes.faults {
            switch fault.cause?.kind {
            case .notPermitted?, .unauthenticated?, .noCredentials?, .credentialsUnavailable?: return .notPermitted
            case .notSent?, .answerLost?: return .unreachable
            default: continue
            }
        }
        return .failed
    }
}

/// Rejects and parked findings as they come, one a line; several threads may write.
final class ParkedLines: Sendable {
    private struct State {
        var output: HostOutput?
        var fault: HostFault?
    }

    private let state: Mutex<State>

    /// - Throws: when the file cannot be made.
    init(_ path: String?) throws(HostFault) {
        let output: HostOutput? = if let path { try HostOutput(path) } else { nil }
        state = Mutex(State(output: output))
    }

    @Sendable
    func write(_ document: JSONValue) {
        let line = JSONWriter.compact(document) + "\n"
        state.withLock { state in
            guard let output = state.output else { return Console.current.writeError(line) }
            do throws(HostFault) { try output.write(line) } catch {
                // The line is not lost: it is told where everybody looks.
                state.fault = state.fault ?? error
                Console.current.writeError(line)
            }
        }
    }

    /// - Throws: the first thing that went wrong with the file.
    func finish() throws(HostFault) {
        let fault = state.withLock { state -> HostFault? in
            // What could be written keeps its place, whatever could not.
            do throws(HostFault) { try state.output?.finish() } catch { return state.fault ?? error }
            return state.fault
        }
        if let fault { throw fault }
    }
}
