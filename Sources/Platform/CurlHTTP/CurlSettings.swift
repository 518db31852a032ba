package import HTTPExchange

/// How a transport reaches its servers; the same for all of its requests.
package struct CurlSettings: Sendable {
    /// Which proxy requests go through.
    package enum Proxy: Sendable, Hashable {
        /// As `https_proxy`, `http_proxy` and `no_proxy` say.
        case environment
        /// None, whatever the environment says: for addresses that only this machine has.
        case none
        case url(String)
    }

    /// Until a connection stands, TLS included.
    package var connectTimeout: Duration
    /// For a whole exchange that names none of its own.
    package var timeout: Duration
    /// A larger answer is refused.
    package var maxBodyBytes: Int
    /// Of one answer's head.
    package var maxHeadBytes: Int
    /// Requests under way at one origin at a time; more wait in the order in which they came.
    package var maxInFlightPerOrigin: Int
    package var proxy: Proxy
    package var tls: TLSSettings

    package init(
        connectTimeout: Duration = .seconds(5),
        timeout: Duration = .seconds(30),
        maxBodyBytes: Int = 64 << 20,
        maxHeadBytes: Int = 256 << 10,
        maxInFlightPerOrigin: Int = 16,
        proxy: Proxy = .environment,
        tls: TLSSettings = TLSSettings()
    ) {
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.maxBodyBytes = maxBodyBytes
        self.maxHeadBytes = maxHeadBytes
        self.maxInFlightPerOrigin = maxInFlightPerOrigin
        self.proxy = proxy
        self.tls = tls
    }
}
