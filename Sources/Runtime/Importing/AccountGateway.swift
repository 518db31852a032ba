package import AWSAPI
package import Vocabulary

/// Calls Security Hub as whoever the account of the findings wants: ourselves in our own, a role of theirs in others.
package actor AccountGateway: ImportGateway {
    /// Gives the client for an account.
    package typealias Opening = @Sendable (AccountID) async throws(AWSFault) -> AWSClient

    private let open: Opening
    private var clients: [AccountID: AWSClient] = [:]

    package init(open: @escaping Opening) { self.open = open }

    package func call(_ input: JSONValue, to destination: ImportDestination) async -> Result<JSONValue, AWSFault> {
        do throws(AWSFault) {
            let client = try await client(for: destination.account)
            return .success(
                try await client.call("securityhub", "BatchImportFindings", input, in: destination.region)
            )
        } catch {
            return .failure(error)
        }
    }

    private func client(for account: AccountID) async throws(AWSFault) -> AWSClient {
        if let known = clients[account] { return known }
        let client = try await open(account)
        if clients.count >= 1_024 { clients = [:] }
        clients[account] = client
        return client
    }
}
