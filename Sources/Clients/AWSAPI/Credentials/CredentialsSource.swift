/// Where whoever signs gets credentials from.
package protocol CredentialsSource: Sendable {
    /// Credentials that are good now.
    func current() async throws(CredentialsFault) -> Credentials

    /// Says that these were refused, so that the next ones are others.
    func discard(_ refused: Credentials) async
}

/// One way of getting credentials, asked again whenever they run out.
package protocol CredentialsProvider: Sendable {
    /// What a person calls it.
    var name: String { get }

    /// Nil when nothing is configured for this way; a fault when something is and it does not work.
    func credentials() async throws(CredentialsFault) -> Credentials?
}

/// The first of several ways for which something is configured.
package struct CredentialsChain: CredentialsProvider {
    private let providers: [any CredentialsProvider]

    package init(_ providers: [any CredentialsProvider]) { self.providers = providers }

    package var name: String { providers.map(\.name).joined(separator: ", ") }

    package func credentials() async throws(CredentialsFault) -> Credentials? {
        for provider in providers {
            if let credentials = try await provider.credentials() { return credentials }
        }
        throw .none(tried: providers.map(\.name))
    }
}
