package import Vocabulary

/// What proves an identity to AWS; only the key's id may be seen.
package struct Credentials: Sendable, Hashable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Of temporary credentials.
    package var sessionToken: Secret?
    /// Nil: they last until somebody takes them away.
    package var expiration: Timestamp?

    package init(
        accessKeyID: String,
        secretAccessKey: Secret,
        sessionToken: Secret? = nil,
        expiration: Timestamp? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}
