internal import HTTPExchange
internal import OpenSSLCrypto
internal import Vocabulary

/// A role that a person signed in for, with the token that the sign-in left in a file.
struct SSOProvider: CredentialsProvider {
    let profile: AWSProfiles.Profile
    let profiles: AWSProfiles
    let call: RoleCall
    var name: String { "SSO of \(profile.place)" }

    private struct Session {
        /// What the token's file is named after.
        var key: String
        var region: RegionName
    }

    func credentials() async throws(CredentialsFault) -> Credentials? {
        guard profile["sso_session"] != nil || profile["sso_start_url"] != nil else { return nil }
        let session = try session()
        let account = try needed("sso_account_id")
        let role = try needed("sso_role_name")
        let query = "role_name=\(PercentEncoding.encode(role))&account_id=\(PercentEncoding.encode(account))"
        let request = HTTPRequest(
            method: "GET",
            origin: call.endpoints.origin(of: "portal.sso", in: session.region),
            target: "/federation/credentials?\(query)",
            headers: [HTTPHeader("x-amz-sso_bearer_token", try token(of: session).exposed)]
        )
        return try await answer(to: request)
    }

    private func session() throws(CredentialsFault) -> Session {
        let named = profile["sso_session"]
        let values = named.map { profiles.session($0) ?? [:] } ?? profile.values
        guard values["sso_start_url"] != nil, let region = values["sso_region"].flatMap(RegionName.init(_:)) else {
            let place = named.map { "sso-session \($0)" } ?? profile.place
            let remedy = "set both; “aws configure sso” does it"
            throw .setting("sso_start_url or sso_region is missing", in: place, remedy: remedy)
        }
        return Session(key: named ?? values["sso_start_url"] ?? "", region: region)
    }

    private func needed(_ key: String) throws(CredentialsFault) -> String {
        guard let value = profile[key] else {
            throw .setting("\(key) is missing", in: profile.place, remedy: "set it; “aws configure sso” does it")
        }
        return value
    }

    private func token(of session: Session) throws(CredentialsFault) -> Secret {
        let name = SHA1.hex(Array(session.key.utf8))
        let path = call.surroundings.expanded("~/.aws/sso/cache/\(name).json")
        guard case .bytes(let bytes) = call.surroundings.file(path) else {
            throw .signIn(profile: profile.name, problem: "nobody has signed in")
        }
        let document = try CredentialsDocument.parse(bytes, from: path)
        guard let token = document["accessToken"]?.nonBlank,
            let end = document["expiresAt"]?.string.flatMap({ Timestamp($0.replacing("UTC", with: "Z")) })
        else { throw .signIn(profile: profile.name, problem: "the sign-in's file holds no token") }
        guard end > call.surroundings.clock.now() else {
            throw .signIn(profile: profile.name, problem: "the sign-in ended at \(end)")
        }
        return Secret(token)
    }

    private func answer(to request: HTTPRequest) async throws(CredentialsFault) -> Credentials {
        let transport = SigningTransport(
            over: call.surroundings.transport,
            credentials: nil,
            clock: call.surroundings.clock
        )
        let about = AWSCall(service: "sso", operation: "GetRoleCredentials", scope: nil, isRepeatable: true)
        let response: HTTPResponse
        do throws(AWSFault) { response = try await transport.send(request, for: about) } catch {
            throw .unavailable(from: name, problem: error.report.what, isPassing: true)
        }
        guard response.status != 401 else {
            throw .signIn(profile: profile.name, problem: "the sign-in is no longer accepted")
        }
        guard response.status == 200 else {
            let problem = "status \(response.status), \(AWSErrorBody(response).code)"
            throw .unavailable(from: name, problem: problem, isPassing: response.status >= 429)
        }
        let document = try CredentialsDocument.parse(response.body, from: name)
        return try CredentialsDocument.credentials(
            in: document["roleCredentials"] ?? .null,
            token: "SessionToken",
            from: name
        )
    }
}
