internal import AWSAPI
internal import CurlHTTP
internal import HTTPExchange
internal import Importing
internal import Vocabulary

/// Security Hub of our own account, and of others by way of a role that each of them has for us.
struct ImportGateways: Sendable {
    /// A role's name, or a whole ARN with `{account}` where the account's id belongs.
    var role: String?
    var externalID: String?

    /// Opens the way to the service; nothing is asked before the first import.
    ///
    /// `own`: the account of our credentials; nil has STS asked once, when a role might be needed.
    func open(
        own: AccountID?,
        timeout: Duration = .seconds(30)
    ) throws -> (gateway: AccountGateway, time: any TimeAndChance) {
        let surroundings = AWSSurroundings.machine(over: try CurlTransport(CurlSettings(proxy: .none)))
        let configuration = try AWSConfiguration(surroundings)
        let ways = DefaultCredentials(
            surroundings,
            profiles: configuration.profiles,
            endpoints: configuration.endpoints,
            region: configuration.region
        )
        let doors = AccountDoors(
            options: self,
            surroundings: surroundings,
            configuration: configuration,
            ours: CredentialsCache(try ways.provider(), clock: surroundings.clock),
            transport: try CurlTransport(CurlSettings(timeout: timeout)),
            own: own
        )
        return (AccountGateway { account throws(AWSFault) in try await doors.client(for: account) }, surroundings.time)
    }

    /// The role in an account; nil when none is configured, or what is configured gives no ARN.
    func arn(in account: AccountID, partition: String) -> ARN? {
        guard let role else { return nil }
        if role.hasPrefix("arn:") { return ARN(role.replacing("{account}", with: account.rawValue)) }
        return ARN(
            partition: partition,
            service: "iam",
            region: "",
            account: account.rawValue,
            resource: "role/\(role)"
        )
    }
}

/// Who signs for which account.
private struct AccountDoors: Sendable {
    let options: ImportGateways
    let surroundings: AWSSurroundings
    let configuration: AWSConfiguration
    let ours: CredentialsCache
    let transport: CurlTransport
    let own: AccountID?

    func client(for account: AccountID) async throws(AWSFault) -> AWSClient {
        guard options.role != nil, let region = configuration.region else { return client(account, signedBy: ours) }
        let own = try await ownAccount(region)
        guard account != own, let arn = options.arn(in: account, partition: region.partition) else {
            return client(account, signedBy: ours)
        }
        let role = AssumedRole(
            arn,
            externalID: options.externalID,
            signer: ours,
            surroundings: surroundings,
            endpoints: configuration.endpoints,
            region: region
        )
        return client(account, signedBy: CredentialsCache(role, clock: surroundings.clock))
    }

    /// One attempt each: the importer keeps the pace and tries again.
    private func client(_ account: AccountID, signedBy source: any CredentialsSource) -> AWSClient {
        let sender = SigningTransport(
            over: transport,
            credentials: source,
            clock: surroundings.clock,
            rules: RetryRules(attempts: 1)
        )
        return AWSClient(sender: sender, account: account, endpoints: configuration.endpoints)
    }

    private func ownAccount(_ region: RegionName) async throws(AWSFault) -> AccountID? {
        if let own { return own }
        guard let nobody = AccountID("000000000000") else { return nil }
        let answer = try await client(nobody, signedBy: ours).call("sts", "GetCallerIdentity", [:], in: region)
        return answer["Account"]?.string.flatMap { AccountID($0) }
    }
}
