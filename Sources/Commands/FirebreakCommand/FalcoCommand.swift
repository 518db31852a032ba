package import ArgumentParser
internal import Envelopes
internal import Host
internal import Ingestion
internal import Vocabulary

/// `firebreak falco`: from Falco to Security Hub.
package struct FalcoCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "falco",
        abstract: "Turns Falco alerts into Security Hub findings.",
        subcommands: [Convert.self]
    )

    package init() {}

    /// `firebreak falco convert [FILE…]`.
    package struct Convert: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "convert",
            abstract: "Writes one ASFF finding a line for the Falco alerts of some files.",
            discussion: """
                Takes any envelope, told apart by its content: Falco's own lines (JSON or text), logs of containerd, Docker
                and kubectl, records of Fluent Bit, FireLens and falcosidekick, CloudWatch Logs subscriptions as Lambda,
                Kinesis and Firehose bring them, S3 objects of Firehose, and rejects of an earlier run; plain or gzip.
                Docs/Ingestion.md lists them.

                What --account, --region and --cluster say goes for every finding, whatever an envelope says. Without
                them the envelope decides: the record's account, else CloudWatch's owner; the record's Region; the custom
                field “cluster”. An alert for which nobody knows account or Region is a reject.

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

        @Option(help: "The AWS account of the findings; without it the envelope's.")
        package var account: String?

        @Option(help: "The AWS Region of the findings; without it the envelope's.")
        package var region: String?

        @Option(help: "The EKS cluster's name or ARN; without it the envelope's.")
        package var cluster: String?

        @Option(help: "Where to write rejects, one JSON object a line; without it they go to standard error.")
        package var rejects: String?

        package init() {}

        package func validate() throws {
            if let account, AccountID(account) == nil {
                throw ValidationError("--account: an account id has twelve digits, such as 111122223333")
            }
            if let region, RegionName(region) == nil {
                throw ValidationError("--region: not the name of a Region, such as eu-central-1")
            }
            guard cluster.map(isCluster) ?? true else {
                throw ValidationError(
                    "--cluster: neither an EKS cluster's name nor the ARN of one in this account and Region"
                )
            }
        }

        /// A name as EKS takes it, or an ARN that agrees with the account and Region of the findings.
        private func isCluster(_ text: String) -> Bool {
            guard ClusterName.isValid(text) else { return false }
            guard let arn = ARN(text) else { return true }
            return account.map { $0 == arn.account } ?? true && region.map { $0 == arn.region } ?? true
        }

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
                account: account.flatMap(AccountID.init(rawValue:)),
                region: region.flatMap(RegionName.init(rawValue:)),
                cluster: cluster,
                receivedAt: Host.now()
            )
            let output = try rejects.map { try HostOutput($0) }
            var tally = ConversionTally()
            var intake = ParallelIntake(workers: min(8, Host.processors), render: conversion.convert)
            for file in files.isEmpty ? ["-"] : files {
                let input = try HostInput(file)
                try await intake.take(input.read) { try deliver($0, output, &tally) }
            }
            try intake.finish { try deliver($0, output, &tally) }
            try output?.finish()
            Console.current.complain(tally.summary)
            if tally.rejects > 0 { throw ExitStatus.failed }
        }

        /// Writes as results come: nothing waits in memory for the end.
        private func deliver(_ items: [ConvertedItem], _ output: HostOutput?, _ tally: inout ConversionTally) throws {
            var findings = ""
            var rejects = ""
            for item in items {
                tally.count(item)
                switch item {
                case .finding(let line, _): findings += line
                case .reject(let line): rejects += line
                case .internalEvent, .control, .noise: continue
                }
            }
            if !findings.isEmpty { Console.current.writeOut(findings) }
            if rejects.isEmpty { return }
            if let output { try output.write(rejects) } else { Console.current.writeError(rejects) }
        }
    }
}
