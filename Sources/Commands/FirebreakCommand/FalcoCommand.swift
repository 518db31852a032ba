package import ArgumentParser
internal import Findings
internal import Host
internal import OpenSSLCrypto
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
                Reads Falco's JSON, one alert a line. Lines that are no alert go to the rejects, each with its reason.

                Example: firebreak falco convert falco.log --account 111122223333 --region eu-central-1 --cluster prod-1
                """
        )

        @Argument(help: "Files to read; none or - is standard input.")
        package var files: [String] = []

        @Option(help: "The AWS account of the findings.")
        package var account: String

        @Option(help: "The AWS Region of the findings.")
        package var region: String

        @Option(help: "The EKS cluster's name or ARN.")
        package var cluster: String?

        @Option(help: "Where to write rejects, one JSON object a line; without it they go to standard error.")
        package var rejects: String?

        package init() {}

        package func validate() throws {
            guard AccountID(account) != nil else {
                throw ValidationError("--account: an account id has twelve digits, such as 111122223333")
            }
            guard RegionName(region) != nil else {
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
            return ARN(text).map { $0.account == account && $0.region == region } ?? true
        }

        package func run() async throws {
            guard let account = AccountID(account), let region = RegionName(region) else { throw ExitStatus.usage }
            let context = FalcoContext(
                account: account,
                region: region,
                cluster: cluster,
                receivedAt: Host.now(),
                sha256: SHA256.digest
            )
            var conversion = FalcoConversion(context: context)
            for file in files.isEmpty ? ["-"] : files { conversion.add(try read(file)) }
            Console.current.writeOut(conversion.findings)
            try deliver(conversion)
            if conversion.rejectCount > 0 { throw ExitStatus.failed }
        }

        private func read(_ file: String) throws -> [UInt8] {
            do throws(HostFault) {
                return try HostFiles.read(file, limit: 256 << 20)
            } catch {
                Console.current.complain(error.description)
                throw ExitStatus.usage
            }
        }

        private func deliver(_ conversion: FalcoConversion) throws {
            if let rejects {
                do throws(HostFault) {
                    try HostFiles.write(Array(conversion.rejects.utf8), to: rejects)
                } catch {
                    Console.current.complain(error.description)
                    throw ExitStatus.usage
                }
            } else {
                Console.current.writeError(conversion.rejects)
            }
            Console.current.complain(conversion.summary)
        }
    }
}
