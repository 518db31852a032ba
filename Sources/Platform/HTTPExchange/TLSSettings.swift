package import Vocabulary

/// Whom a transport trusts, and who it says that it is.
package struct TLSSettings: Sendable {
    /// PEM; nil is what the system trusts.
    package var authorities: [UInt8]?
    /// PEM, with the certificates that it was issued by.
    package var certificate: [UInt8]?
    /// PEM.
    package var key: Secret?
    /// Off only where a kubeconfig says `insecure-skip-tls-verify`.
    package var verifiesServer: Bool
    /// The name that the server's certificate must have instead of the URL's host.
    package var serverName: String?

    package init(
        authorities: [UInt8]? = nil,
        certificate: [UInt8]? = nil,
        key: Secret? = nil,
        verifiesServer: Bool = true,
        serverName: String? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.verifiesServer = verifiesServer
        self.serverName = serverName
    }
}
