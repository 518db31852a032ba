package import ArgumentParser
internal import Findings
internal import Host
internal import Ingestion
internal import Vocabulary
internal import YAMLTree

/// To whom alerts belong, and how they become findings.
package struct MappingOptions: ParsableArguments, Sendable {
    @Option(help: "The AWS account of the findings; without it the envelope's.")
    package var account: String?

    @Option(help: "The AWS Region of the findings; without it the envelope's.")
    package var region: String?

    @Option(help: "The EKS cluster's name or ARN; without it the envelope's.")
    package var cluster: String?

    @Option(help: "A YAML file that says how alerts become findings; see Docs/Ingestion.md.")
    package var mapping: String?

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

    /// - Throws: `ExitStatus.usage`, after telling why, when the mapping file cannot be used.
    func addressing() throws -> AlertAddressing {
        AlertAddressing(
            account: account.flatMap { AccountID($0) },
            region: region.flatMap { RegionName($0) },
            cluster: cluster,
            rules: try mapping.map(Self.rules) ?? .standard,
            receivedAt: Host.now()
        )
    }

    /// Reads a mapping file; every problem is told.
    static func rules(_ path: String) throws -> FalcoRules {
        let bytes = try HostFiles.read(path, limit: YAMLTree.Limits.playbook.bytes)
        let (node, faults) = YAMLTree.read(bytes, file: path)
        var diagnostics = faults.map(\.diagnostic)
        var rules: FalcoRules?
        if let node {
            let decoded = FalcoRules.decode(node)
            rules = decoded.rules
            diagnostics += decoded.diagnostics
        }
        for diagnostic in diagnostics { Console.current.complain(diagnostic.description) }
        guard let rules, faults.isEmpty else { throw ExitStatus.usage }
        return rules
    }
}
