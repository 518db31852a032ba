package import HTTPExchange
internal import OpenSSLCrypto
package import Vocabulary

/// Signature Version 4, in the Authorization header.
package enum SigV4 {
    static let algorithm = "AWS4-HMAC-SHA256"

    /// What was made on the way: the texts by which two signers find out where they differ.
    package struct Signature: Sendable, Hashable {
        package var canonicalRequest: String
        package var stringToSign: String
        /// The value of the Authorization header.
        package var authorization: String
    }

    /// The request as it may go out; a signature that it had is replaced.
    package static func sign(
        request: HTTPRequest,
        credentials: Credentials,
        scope: SigningScope,
        at moment: Timestamp
    ) -> HTTPRequest {
        var signed = prepared(request, credentials, at: moment)
        let signature = signature(of: signed, credentials: credentials, scope: scope, at: moment)
        signed.headers.append(HTTPHeader("Authorization", signature.authorization))
        return signed
    }

    /// The signature of a request that has its date and its token.
    package static func signature(
        of request: HTTPRequest,
        credentials: Credentials,
        scope: SigningScope,
        at moment: Timestamp
    ) -> Signature {
        let canonical = CanonicalRequest(request)
        let date = SigningDate(moment)
        let text = stringToSign(canonical, scope, date)
        let parts = [
            "Credential=\(credentials.accessKeyID)/\(scope.text(on: date.day))",
            "SignedHeaders=\(canonical.signedHeaders)",
            "Signature=\(code(of: text, credentials.secretAccessKey, scope, date))",
        ]
        return Signature(
            canonicalRequest: canonical.text,
            stringToSign: text,
            authorization: "\(algorithm) \(parts.joined(separator: ", "))"
        )
    }

    private static func prepared(
        _ request: HTTPRequest,
        _ credentials: Credentials,
        at moment: Timestamp
    ) -> HTTPRequest {
        var request = request
        let ours = ["authorization", "x-amz-date", "x-amz-security-token"]
        request.headers.removeAll { ours.contains($0.name.lowercased()) }
        request.headers.append(HTTPHeader("X-Amz-Date", SigningDate(moment).text))
        if let token = credentials.sessionToken {
            request.headers.append(HTTPHeader("X-Amz-Security-Token", token.exposed))
        }
        return request
    }

    static func stringToSign(_ canonical: CanonicalRequest, _ scope: SigningScope, _ date: SigningDate) -> String {
        [algorithm, date.text, scope.text(on: date.day), SHA256.hex(Array(canonical.text.utf8))]
            .joined(separator: "\n")
    }

    /// The code of a text under a key that is good for one day, Region and service.
    static func code(of text: String, _ secret: Secret, _ scope: SigningScope, _ date: SigningDate) -> String {
        var key = Array("AWS4\(secret.exposed)".utf8)
        for part in [date.day, scope.region, scope.service, "aws4_request", text] {
            key = HMACSHA256.code(of: Array(part.utf8), key: key)
        }
        return Hexadecimal.text(key)
    }
}

/// A moment as signatures write it.
struct SigningDate {
    /// Such as `20150830T123600Z`.
    let text: String
    /// Such as `20150830`.
    var day: String { String(text.prefix(8)) }

    init(_ moment: Timestamp) {
        text = moment.text(fractionDigits: 0).filter { $0 != "-" && $0 != ":" }
    }
}
