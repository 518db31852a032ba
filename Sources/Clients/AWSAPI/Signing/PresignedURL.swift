package import HTTPExchange
internal import OpenSSLCrypto
package import Vocabulary

/// Signature Version 4 in the query: a URL that whoever holds it may use until it expires.
package enum PresignedURL {
    /// The whole URL; its headers are signed and must be sent with it, its body is empty.
    package static func sign(
        request: HTTPRequest,
        credentials: Credentials,
        scope: SigningScope,
        at moment: Timestamp,
        validSeconds: Int
    ) -> Secret {
        let date = SigningDate(moment)
        var pairs = [
            ("X-Amz-Algorithm", SigV4.algorithm),
            ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope.text(on: date.day))"),
            ("X-Amz-Date", date.text), ("X-Amz-Expires", String(validSeconds)),
            ("X-Amz-SignedHeaders", CanonicalRequest(request).signedHeaders),
        ]
        if let token = credentials.sessionToken { pairs.append(("X-Amz-Security-Token", token.exposed)) }
        let query = pairs.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        var request = request
        request.body = []
        request.target += (request.target.contains("?") ? "&" : "?") + query
        let text = SigV4.stringToSign(CanonicalRequest(request), scope, date)
        let code = SigV4.code(of: text, credentials.secretAccessKey, scope, date)
        return Secret("\(request.origin)\(request.target)&X-Amz-Signature=\(code)")
    }
}
