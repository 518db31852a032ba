internal import AWSAPI
internal import CurlHTTP
internal import Vocabulary

/// The AWS account that this machine's credentials lead to.
struct LiveAccount: Sendable {
    let client: AWSClient
    /// Who STS says that we are.
    let callerARN: String
    let region: RegionName
    let credentials: CredentialsCache
    let endpoints: AWSEndpoints
    /// As the services' answers corrected it.
    let clock: ServiceClock

    /// Nil where nothing gives a Region or credentials: then there is no account to act in.
    ///
    /// - Throws: when what there is cannot be used, or STS does not know it.
    static func open(region named: RegionName?) async throws -> LiveAccount? {
        // Addresses that only this machine has are never asked for through a proxy.
        let surroundings = AWSSurroundings.machine(over: try CurlTransport(CurlSettings(proxy: .none)))
        let configuration = try AWSConfiguration(surroundings)
        guard let region = named ?? configuration.region else { return nil }
        let ways = DefaultCredentials(
            surroundings,
            profiles: configuration.profiles,
            endpoints: configuration.endpoints,
            region: region
        )
        let credentials = CredentialsCache(try ways.provider(), clock: surroundings.clock)
        let sender = SigningTransport(
            over: CrashHook.around(try CurlTransport()),
            credentials: credentials,
            clock: surroundings.clock,
            rules: configuration.rules
        )
        guard let (account, arn) = try await identity(sender, configuration.endpoints, region) else { return nil }
        return LiveAccount(
            client: AWSClient(sender: sender, account: account, endpoints: configuration.endpoints),
            callerARN: arn,
            region: region,
            credentials: credentials,
            endpoints: configuration.endpoints,
            clock: surroundings.clock
        )
    }

    private static func identity(
        _ sender: SigningTransport,
        _ endpoints: AWSEndpoints,
        _ region: RegionName
    ) async throws -> (AccountID, arn: String)? {
        guard let nobody = AccountID("000000000000") else { return nil }
        let client = AWSClient(sender: sender, account: nobody, endpoints: endpoints)
        do throws(AWSFault) {
            let answer = try await client.call("sts", "GetCallerIdentity", [:], in: region)
            guard let account = answer["Account"]?.string.flatMap({ AccountID($0) }) else { return nil }
            return (account, answer["Arn"]?.string ?? "")
        } catch {
            guard error.kind == .noCredentials else { throw error }
            return nil
        }
    }
}
