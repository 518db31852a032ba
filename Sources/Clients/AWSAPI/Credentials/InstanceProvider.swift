internal import HTTPExchange
internal import Vocabulary

/// The metadata service of an EC2 instance, asked with a session token (version 2).
///
/// Version 1 is asked only when the service does not know version 2 and nobody forbade it. A service that cannot be
/// reached is no fault: most machines are no instances.
package struct InstanceProvider: CredentialsProvider {
    package let name = "instance metadata"
    private let surroundings: AWSSurroundings
    private let profile: [String: String]
    private static let path = "/latest/meta-data/iam/security-credentials/"

    package init(_ surroundings: AWSSurroundings, profile: [String: String] = [:]) {
        self.surroundings = surroundings
        self.profile = profile
    }

    package func credentials() async throws(CredentialsFault) -> Credentials? {
        guard !surroundings.flag("AWS_EC2_METADATA_DISABLED") else { return nil }
        guard case .found(let token) = try await token() else { return nil }
        guard let listing = try await get(Self.path, token), let role = Self.firstLine(listing) else { return nil }
        guard let bytes = try await get(Self.path + PercentEncoding.encode(role), token) else { return nil }
        let document = try CredentialsDocument.parse(bytes, from: name)
        if let code = document["Code"]?.string, code != "Success" {
            throw unavailable("the service says \(code.prefix(60))")
        }
        var credentials = try CredentialsDocument.credentials(in: document, token: "Token", from: name)
        credentials.expiration = credentials.expiration.map(extended)
        return credentials
    }

    private enum TokenAnswer {
        /// Nil: version 1.
        case found(Secret?)
        case noInstance
    }

    private func token() async throws(CredentialsFault) -> TokenAnswer {
        let header = HTTPHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        let response: HTTPResponse
        do throws(HTTPFault) { response = try await send("PUT", "/latest/api/token", [header]) } catch {
            switch error.reason {
            case .timedOut: return try versionOne("no session token in time")
            case .unreachable: return .noInstance
            case .answerLost, .cancelled, .tooLarge: throw unavailable(error.detail)
            }
        }
        switch response.status {
        case 200:
            let token = String(decoding: response.body, as: UTF8.self).trimmedLines
            guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw unavailable("the session token is none")
            }
            return .found(Secret(token))
        case 403, 404, 405: return try versionOne("status \(response.status) for a session token")
        default: throw unavailable("status \(response.status) for a session token")
        }
    }

    private func versionOne(_ problem: String) throws(CredentialsFault) -> TokenAnswer {
        let isForbidden =
            surroundings.flag("AWS_EC2_METADATA_V1_DISABLED")
            || profile["ec2_metadata_v1_disabled"]?.lowercased() == "true"
        if isForbidden { throw unavailable("\(problem), and version 1 is disabled") }
        return .found(nil)
    }

    /// Nil when the instance has no role, or is none.
    private func get(_ path: String, _ token: Secret?) async throws(CredentialsFault) -> [UInt8]? {
        let headers = token.map { [HTTPHeader("x-aws-ec2-metadata-token", $0.exposed)] } ?? []
        let response: HTTPResponse
        do throws(HTTPFault) { response = try await send("GET", path, headers) } catch {
            if token == nil, error.reason == .timedOut || error.reason == .unreachable { return nil }
            throw unavailable(error.detail)
        }
        switch response.status {
        case 200: return response.body
        case 404: return nil
        default: throw unavailable("status \(response.status) for the role's credentials")
        }
    }

    private func unavailable(_ problem: String) -> CredentialsFault {
        .unavailable(from: name, problem: problem, isPassing: true)
    }

    private func send(_ method: String, _ path: String, _ headers: [HTTPHeader]) async throws(HTTPFault) -> HTTPResponse
    {
        let request = HTTPRequest(method: method, origin: origin, target: path, headers: headers)
        return try await surroundings.time.send(request, over: surroundings.transport, within: .seconds(1))
    }

    private var origin: String {
        if let endpoint = surroundings.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        }
        let mode = surroundings.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ?? "ipv4"
        return mode.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }

    /// A service that is down gives out credentials that have ended; AWS accepts them meanwhile.
    private func extended(_ end: Timestamp) -> Timestamp {
        let now = surroundings.clock.now()
        guard end.duration(since: now) <= .seconds(900) else { return end }
        return now.advanced(by: .seconds(900) + .seconds(120) + .seconds(480) * surroundings.time.fraction())
    }

    private static func firstLine(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes.prefix(1_024), as: UTF8.self)
        return text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.first.map { String($0) }
    }
}
