internal import HTTPExchange
package import Vocabulary

/// A bearer token for the API server of an EKS cluster: a signed question to STS who the bearer is.
package struct EKSToken: Sendable, Hashable {
    package var token: Secret
    /// EKS takes a token for 15 minutes; ours end one minute earlier.
    package var expiration: Timestamp

    /// A token for a cluster; `origin` is STS in its Region, at a standard endpoint, since the cluster asks there.
    ///
    /// - Source: the AWS CLI, `aws eks get-token`.
    package init(
        cluster: String,
        origin: String,
        credentials: Credentials,
        region: RegionName,
        at moment: Timestamp
    ) {
        let request = HTTPRequest(
            method: "GET",
            origin: origin,
            target: "/?Action=GetCallerIdentity&Version=2011-06-15",
            headers: [HTTPHeader("x-k8s-aws-id", cluster)]
        )
        let url = PresignedURL.sign(
            request: request,
            credentials: credentials,
            scope: SigningScope(service: "sts", region: region),
            at: moment,
            validSeconds: 60
        )
        token = Secret("k8s-aws-v1." + Base64URL.encode(Array(url.exposed.utf8)))
        expiration = moment.advanced(by: .seconds(14 * 60))
    }
}

/// Base64 with the URL-safe alphabet and no padding (RFC 4648, section 5).
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let chunk = bytes[start..<min(start + 3, bytes.count)]
            let word = chunk.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - chunk.count))
            for place in 0...chunk.count { text.append(alphabet[word >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
