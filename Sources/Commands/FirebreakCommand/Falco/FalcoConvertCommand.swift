package import ArgumentParser
internal import Envelopes
internal import Findings
internal import Host
internal import Ingestion
internal import Vocabulary

/// `firebreak falco convert [FILE…]`.
package struct FalcoConvertCommand: AsyncParsableCommand {
    /// What a finding is written as.
    package enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case asff, ocsf }

    /// Whether repeats of an incident become one finding.
    package enum Fold: String, ExpressibleByArgument, CaseIterable, Sendable { case on, off }

    package static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Writes one finding a line for the Falco alerts of some files.",
        discussion: """
            Takes any envelope, told apart by its content: Falco's own lines (JSON or text), logs of containerd, Docker
            and kubectl, records of Fluent Bit, FireLens and falcosidekick, CloudWatch Logs subscriptions as Lambda,
            Kinesis and Firehose bring them, S3 objects of Firehose, and rejects of an earlier run; plain or gzip.
            Docs/Ingestion.md lists them.

            What --account, --region and --cluster say goes for every finding, whatever an envelope says. Without
            them the envelope decides: the record's account, else CloudWatch's owner; the record's Region; the custom
            field “cluster”. An alert for which nobody knows account or Region is a reject.

            Alerts of one incident become one finding, with their count and the times of the first and the last one;
            findings stand in the order of their first alerts. With --fold off each alert becomes a line.

            Exit code: 0 all taken, 1 some rejected, 2 an input cannot be read. Banners, other programs' lines and
            Falco's internal events are counted on standard error and are no rejects. A file of rejects can be
            converted again.

            Examples:
              firebreak falco convert falco.log --account 111122223333 --region eu-central-1 --cluster prod-1
              kubectl logs -n falco ds/falco | firebreak falco convert --account 111122223333 --region us-east-1
            """
    )

    @Argument(help: "Files to read; none or - is standard input.")
    package var files: [String] = []

    @OptionGroup package var mapping: MappingOptions

    @Option(help: "asff, or ocsf for Detection Findings.")
    package var to: Format = .asff

    @Option(help: "on: one finding for each incident; off: one for each alert.")
    package var fold: Fold = .on

    @Option(help: "Where to write rejects, one JSON object a line; without it they go to standard error.")
    package var rejects: String?

    package init() {}

    package func run() async throws {
        do {
            try await convert()
        } catch let error as HostFault {
            Console.current.complain(error.description)
            throw ExitStatus.usage
        }
    }

    private func convert() async throws {
        let conversion = FalcoConversion(
            addressing: try mapping.addressing(),
            format: to,
            isFolding: fold == .on
        )
        var writing = ConversionWriting(conversion, rejects: try rejects.map { try HostOutput($0) })
        var intake = ParallelIntake(workers: min(8, Host.processors), render: conversion.convert)
        for file in files.isEmpty ? ["-"] : files {
            let input = try HostInput(file)
            try await intake.take(input.read) { try writing.deliver($0) }
        }
        try await intake.finish { try writing.deliver($0) }
        try writing.finish()
        Console.current.complain(writing.tally.summary)
        if writing.tally.rejects > 0 { throw ExitStatus.failed }
    }
}

/// Writes as results come: nothing but open incidents waits in memory for the end.
struct ConversionWriting: ~Copyable {
    private let conversion: FalcoConversion
    private let output: HostOutput?
    private var fold = AlertFold()
    private(set) var tally = ConversionTally()

    init(_ conversion: FalcoConversion, rejects: consuming HostOutput?) {
        self.conversion = conversion
        output = rejects
    }

    mutating func deliver(_ items: [ConvertedItem]) throws(HostFault) {
        var lines: [ConvertedItem] = []
        for item in items {
            guard case .alert(let alert, let context, let delivery, _) = item else {
                lines.append(item)
                continue
            }
            tally.count(item)
            let before = fold.redeliveries
            let ready = fold.add(alert, context, delivery: delivery, at: context.receivedAt)
            if fold.redeliveries > before { tally.redeliveries += 1 }
            lines += ready.map(conversion.render)
        }
        try write(lines)
    }

    mutating func finish() throws(HostFault) {
        try write(fold.drain().map(conversion.render))
        try output?.finish()
    }

    private mutating func write(_ items: [ConvertedItem]) throws(HostFault) {
        var findings = ""
        var rejects = ""
        for item in items {
            tally.count(item)
            switch item {
            case .finding(let line, _): findings += line
            case .reject(let line): rejects += line
            case .alert, .ignored, .control, .noise: continue
            }
        }
        if !findings.isEmpty { Console.current.writeOut(findings) }
        if rejects.isEmpty { return }
        if let output { try output.write(rejects) } else { Console.current.writeError(rejects) }
    }
}
