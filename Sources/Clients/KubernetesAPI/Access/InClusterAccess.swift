internal import HTTPExchange
internal import Vocabulary

extension ClusterAccess {
    /// Where a pod finds its service account.
    package static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The access of the pod that this process runs in; nil outside of one.
    ///
    /// The token's file is named, not read: the kubelet renews it.
    package static func inCluster(
        environment: (String) -> String?,
        folder: String = serviceAccountFolder,
        read: (String) throws -> [UInt8]
    ) throws(AccessFault) -> ClusterAccess? {
        guard let host = environment("KUBERNETES_SERVICE_HOST"), !host.isEmpty else { return nil }
        let port = environment("KUBERNETES_SERVICE_PORT_HTTPS") ?? environment("KUBERNETES_SERVICE_PORT") ?? "443"
        let authorities: [UInt8]
        do {
            authorities = try read(folder + "/ca.crt")
        } catch {
            throw .noFile(folder + "/ca.crt", (error as? any ActionableError)?.report.what ?? "\(error)")
        }
        // An address of IPv6 stands in brackets in a URL.
        let address = host.contains(":") ? "[\(host)]" : host
        // Only what is told about us: without it nothing is known of our own namespace.
        let namespace = (try? read(folder + "/namespace")).map { String(decoding: $0, as: UTF8.self) }
        return ClusterAccess(
            origin: "https://\(address):\(port)",
            tls: TLSSettings(authorities: authorities),
            credential: .tokenFile(path: folder + "/token"),
            namespace: namespace?.split(separator: "\n").first.map(String.init)
        )
    }
}
