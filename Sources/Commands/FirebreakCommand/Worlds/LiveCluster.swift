internal import AWSAPI
internal import CurlHTTP
internal import HTTPExchange
internal import Host
internal import KubernetesAPI
internal import Vocabulary

/// The cluster that the command line, the kubeconfig or the pod's own service account leads to.
struct LiveCluster: Sendable {
    let client: KubernetesClient
    /// As the access calls it; an ARN or an arbitrary name.
    let name: String?
    let arn: ARN?

    /// Nil where nothing leads to a cluster.
    static func open(_ options: LiveOptions, _ account: LiveAccount?) async throws -> LiveCluster? {
        if let name = options.eksCluster { return try await eks(name, account) }
        guard let access = try access(options) else { return nil }
        let transport = CrashHook.around(try transport(access))
        return LiveCluster(
            client: KubernetesClient(transport: transport, origin: access.origin),
            name: access.clusterName,
            arn: access.clusterName.flatMap { ARN($0) }
        )
    }

    private static func access(_ options: LiveOptions) throws -> ClusterAccess? {
        let paths = paths(options)
        guard !paths.isEmpty else {
            return try ClusterAccess.inCluster(
                environment: Host.environment,
                read: { try HostFiles.read($0, limit: 1 << 20) }
            )
        }
        var files: [(path: String, bytes: [UInt8])] = []
        for path in paths { files.append((path, try HostFiles.read(path, limit: 4 << 20))) }
        return try Kubeconfig(files).access(context: options.context, read: { try HostFiles.read($0, limit: 1 << 20) })
    }

    /// What kubectl would read: the option, `KUBECONFIG`, the file at home.
    private static func paths(_ options: LiveOptions) -> [String] {
        if let path = options.kubeconfig { return [path] }
        if let list = Host.environment("KUBECONFIG"), !list.isEmpty {
            return list.split(separator: ":").map(String.init).filter(HostFiles.exists)
        }
        let home = (Host.environment("HOME") ?? "") + "/.kube/config"
        return HostFiles.exists(home) ? [home] : []
    }

    private static func transport(_ access: ClusterAccess) throws -> any HTTPTransport {
        let proxy = access.proxy.map { CurlSettings.Proxy.url($0) } ?? .environment
        let curl = try CurlTransport(CurlSettings(proxy: proxy, tls: access.tls))
        switch access.credential {
        case .none: return curl
        case .token(let token): return BearerTransport(curl, tokens: FixedToken(token))
        case .tokenFile(let path):
            let read = { @Sendable (path: String) in try HostFiles.read(path, limit: 1 << 20) }
            return BearerTransport(curl, tokens: RenewedToken.file(path, now: Host.now, read: read))
        case .command(let command):
            return BearerTransport(curl, tokens: RenewedToken.command(command, now: Host.now, run: run))
        }
    }

    private static func run(_ command: ExecCommand) async throws -> [UInt8] {
        var words = ["env", "KUBERNETES_EXEC_INFO=\(ExecCredential.info(for: command))"]
        words += command.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        words += [command.command] + command.arguments
        return try await HostProcess.output(of: words, timeLimit: .seconds(60), outputLimit: 1 << 20)
    }

    /// An EKS cluster by its name: address and authority from EKS, a token signed by us.
    private static func eks(_ name: String, _ account: LiveAccount?) async throws -> LiveCluster {
        guard let account else { throw LiveFault.noAccountForEKS(name) }
        let answer = try await account.client.call(
            "eks",
            "DescribeCluster",
            ["name": .string(name)],
            in: account.region
        )
        let cluster = answer["cluster"]
        guard let endpoint = cluster?["endpoint"]?.nonBlank,
            let authority = cluster?[["certificateAuthority", "data"]]?.nonBlank.flatMap(Base64.decodeLoosely)
        else { throw LiveFault.notReady(name, cluster?["status"]?.string ?? "unknown") }
        let curl = try CurlTransport(CurlSettings(tls: TLSSettings(authorities: authority)))
        let tokens = RenewedToken(now: account.clock.now) {
            let token = EKSToken(
                cluster: name,
                origin: AWSEndpoints().origin(of: "sts", in: account.region),
                credentials: try await account.credentials.current(),
                region: account.region,
                at: account.clock.now()
            )
            return (token.token, token.expiration.advanced(by: .seconds(-60)))
        }
        return LiveCluster(
            client: KubernetesClient(
                transport: CrashHook.around(BearerTransport(curl, tokens: tokens)),
                origin: endpoint
            ),
            name: name,
            arn: cluster?["arn"]?.string.flatMap { ARN($0) }
        )
    }
}
