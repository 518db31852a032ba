internal import HTTPExchange
internal import Vocabulary

/// Credentials as JSON documents of endpoints, programs and caches hold them.
enum CredentialsDocument {
    /// Member names differ in their first letter only: `AccessKeyId` and `accessKeyId`.
    static func credentials(
        in document: JSONValue,
        token: String,
        from source: String
    ) throws(CredentialsFault) -> Credentials {
        guard let key = nonBlank(document, "AccessKeyId"), let secret = nonBlank(document, "SecretAccessKey") else {
            throw .unavailable(from: source, problem: "the answer has no key in it", isPassing: true)
        }
        return Credentials(
            accessKeyID: key,
            secretAccessKey: Secret(secret),
            sessionToken: nonBlank(document, token).map { Secret($0) },
            expiration: try expiration(in: document, from: source)
        )
    }

    private static func nonBlank(_ document: JSONValue, _ name: String) -> String? {
        (document[name] ?? document[name.prefix(1).lowercased() + name.dropFirst()])?.nonBlank
    }

    /// A text in RFC 3339, or milliseconds since 1970.
    private static func expiration(in document: JSONValue, from source: String) throws(CredentialsFault) -> Timestamp? {
        guard let value = document["Expiration"] ?? document["expiration"], !value.isNull else { return nil }
        if let milliseconds = value.integer { return Timestamp(milliseconds: milliseconds) }
        if let text = value.string, let moment = Timestamp(text) { return moment }
        throw .unavailable(from: source, problem: "the credentials' expiration is no moment", isPassing: true)
    }

    static func parse(_ bytes: [UInt8], from source: String) throws(CredentialsFault) -> JSONValue {
        do throws(JSONFault) {
            return try JSONReader.parse(bytes, limits: .init(bytes: 1 << 20, depth: 16))
        } catch {
            throw .unavailable(from: source, problem: error.report.what, isPassing: true)
        }
    }
}
