internal import AWSAPI
package import ArgumentParser
internal import Catalogue
internal import Findings
internal import KubernetesAPI
internal import Planning
internal import Vocabulary

/// Which live cluster and account a command is about; all of it is optional.
package struct LiveOptions: ParsableArguments, Sendable {
    @Option(help: "The kubeconfig; else KUBECONFIG, ~/.kube/config, or the pod's own service account.")
    package var kubeconfig: String?

    @Option(help: "The context of the kubeconfig; else its current one.")
    package var context: String?

    @Option(name: .customLong("eks-cluster"), help: "An EKS cluster by name, without a kubeconfig.")
    package var eksCluster: String?

    @Option(help: "The AWS Region; else AWS_REGION or the profile's.")
    package var region: String?

    package init() {}

    package func validate() throws {
        if let region, RegionName(region) == nil { throw ValidationError("“\(PlainText.line(region))” is no Region.") }
        guard eksCluster == nil || (kubeconfig == nil && context == nil) else {
            throw ValidationError("--eks-cluster stands in place of --kubeconfig and --context.")
        }
    }

    var isGiven: Bool { [kubeconfig, context, eksCluster, region].contains { $0 != nil } }

    /// As a run keeps them, to find the same cluster and account again.
    var kept: [String: String] {
        ["kubeconfig": kubeconfig, "context": context, "eks-cluster": eksCluster, "region": region].compactMapValues {
            $0
        }
    }

    /// What is not given now stands as it was kept.
    func filled(from kept: [String: String]) -> LiveOptions {
        var options = self
        let namesCluster = kubeconfig != nil || context != nil || eksCluster != nil
        if !namesCluster {
            options.kubeconfig = kept["kubeconfig"]
            options.context = kept["context"]
            options.eksCluster = kept["eks-cluster"]
        }
        options.region = region ?? kept["region"]
        return options
    }
}

/// The cluster and the account as they are.
struct LiveWorld: Sendable {
    let world: World
    /// How it was reached.
    let connection: [String: String]
    private let cluster: LiveCluster?
    private let account: LiveAccount?

    static func open(_ options: LiveOptions) async throws -> LiveWorld {
        let account = try await LiveAccount.open(region: options.region.flatMap { RegionName($0) })
        let cluster = try await LiveCluster.open(options, account)
        guard cluster != nil || account != nil else { throw LiveFault.nothing }
        return LiveWorld(
            world: World(
                kubernetes: cluster?.client,
                aws: account?.client,
                isRehearsed: false,
                prober: LiveProber.here
            ),
            connection: options.kept,
            cluster: cluster,
            account: account
        )
    }

    /// What no other cluster has; nil without a cluster, and where it may not be read.
    func clusterUID() async -> String? {
        guard let client = cluster?.client, let name = ObjectName("kube-system") else { return nil }
        return (try? await client.get(.object(.namespaces, name)))?["metadata"]?["uid"]?.nonBlank
    }

    /// - Throws: when the cluster does not answer, or not to us.
    func requireReachable() async throws {
        guard let client = cluster?.client else { return }
        let answer = try await client.send("GET", "/version")
        guard answer.isSuccess || answer.status == 403 else {
            throw KubernetesFault(answer, url: client.origin + "/version")
        }
    }

    /// Where the cluster's API server is; empty without a cluster.
    var clusterOrigin: String { cluster?.client.origin ?? "" }

    /// Who this world is, as far as it can say for a finding of this cluster.
    ///
    /// A kubeconfig may call its cluster anything but an ARN: then EKS tells whether the address is the claimed one's.
    func place(for claim: SubjectClaim?) async -> SubjectFacts.Place {
        var place = SubjectFacts.Place(account: account?.client.account, region: account?.region)
        guard let cluster else { return place }
        if let arn = cluster.arn {
            place.clusterARN = arn.description
            place.clusterName = arn.name
            return place
        }
        guard let claimed = claim?.cluster, let account else { return place }
        let input: JSONValue = ["name": .string(claimed.name)]
        // What cannot be asked is not known: the plan then needs a person's yes.
        let answer = try? await account.client.call("eks", "DescribeCluster", input, in: account.region)
        guard let endpoint = answer?["cluster"]?["endpoint"]?.string else { return place }
        let isSame = endpoint.lowercased() == cluster.client.origin.lowercased()
        place.clusterName = isSame ? claimed.name : "at \(cluster.client.origin)"
        place.clusterARN = isSame ? answer?["cluster"]?["arn"]?.string : nil
        return place
    }
}

/// Why there is no live world.
enum LiveFault: ActionableError {
    case nothing
    case noAccountForEKS(String)
    case notReady(String, String)
    /// A run that began on another cluster or in another account.
    case elsewhere(run: String, began: String, here: String)

    var report: FaultReport {
        switch self {
        case .nothing:
            FaultReport(
                code: "LIVE-001",
                what: "nothing leads to a cluster or an AWS account",
                remedy: "set KUBECONFIG and AWS credentials with a Region, or rehearse with --world"
            )
        case .noAccountForEKS(let name):
            FaultReport(
                code: "LIVE-002",
                what: "no AWS credentials or no Region to ask EKS for “\(PlainText.line(name))”",
                location: "--eks-cluster",
                remedy: "set AWS credentials and --region"
            )
        case .elsewhere(let run, let began, let here):
            FaultReport(
                code: "LIVE-004",
                what: "the run began on \(PlainText.line(began)), and this is \(PlainText.line(here))",
                location: run,
                remedy: "give the --kubeconfig, --context, --region and AWS credentials with which it began"
            )
        case .notReady(let name, let status):
            FaultReport(
                code: "LIVE-003",
                what: "the EKS cluster has no endpoint yet; its status is \(PlainText.line(status))",
                location: name,
                remedy: "wait until it is ACTIVE"
            )
        }
    }
}
