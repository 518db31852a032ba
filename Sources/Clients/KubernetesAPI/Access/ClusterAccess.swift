package import HTTPExchange
package import Vocabulary

/// How to reach one cluster, and as whom.
package struct ClusterAccess: Sendable {
    /// Who we say that we are.
    package enum Credential: Sendable {
        /// Nobody, or the holder of the client certificate in `tls`.
        case none
        case token(Secret)
        /// Read again as it is renewed under us.
        case tokenFile(path: String)
        case command(ExecCommand)
    }

    /// Scheme, host and port of the API server.
    package var origin: String
    package var tls: TLSSettings
    package var credential: Credential
    /// `https://…` or `http://…`; nil leaves it to the environment.
    package var proxy: String?
    /// What the access calls its cluster: a name, or the ARN that `aws eks update-kubeconfig` writes.
    package var clusterName: String?
    /// The namespace of our own service account; nil outside of clusters.
    package var namespace: String?

    package init(
        origin: String,
        tls: TLSSettings = TLSSettings(),
        credential: Credential = .none,
        proxy: String? = nil,
        clusterName: String? = nil,
        namespace: String? = nil
    ) {
        self.origin = origin
        self.tls = tls
        self.credential = credential
        self.proxy = proxy
        self.clusterName = clusterName
        self.namespace = namespace
    }
}

/// A program that prints credentials, such as `aws eks get-token`.
package struct ExecCommand: Sendable, Hashable {
    /// `client.authentication.k8s.io/v1` or `v1beta1`.
    package var apiVersion: String
    package var command: String
    package var arguments: [String]
    /// On top of our own environment.
    package var environment: [String: String]
    /// What the program gets to know of the cluster, as `KUBERNETES_EXEC_INFO`; nil when it is not to know it.
    package var clusterInfo: JSONValue?

    package init(
        apiVersion: String,
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        clusterInfo: JSONValue? = nil
    ) {
        self.apiVersion = apiVersion
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.clusterInfo = clusterInfo
    }
}
