internal import Vocabulary

/// A role that a profile names, taken on with the credentials of another source.
struct AssumeRoleProvider: CredentialsProvider {
    let profile: AWSProfiles.Profile
    /// Of the one who takes it on.
    let source: any CredentialsProvider
    let call: RoleCall
    var name: String { "role of \(profile.place)" }

    func credentials() async throws(CredentialsFault) -> Credentials? {
        guard let role = profile["role_arn"] else { return nil }
        guard profile["mfa_serial"] == nil else {
            let remedy = "use a role that does not ask for one"
            throw .setting("the role asks for a code that nobody can type here", in: profile.place, remedy: remedy)
        }
        var input = JSONObject([
            ("RoleArn", .string(role)), ("RoleSessionName", .string(profile["role_session_name"] ?? call.sessionName)),
        ])
        input["ExternalId"] = profile["external_id"].map { .string($0) }
        input["DurationSeconds"] = profile["duration_seconds"].map { .string($0) }
        let signer = CredentialsCache(source, clock: call.surroundings.clock)
        return try await call.credentials(.assumeRole, input, signer: signer, for: name)
    }
}

/// A role that a token in a file speaks for, as the pods of a cluster have one; the file is read at every renewal.
struct WebIdentityProvider: CredentialsProvider {
    let profile: AWSProfiles.Profile
    let call: RoleCall
    let name = "web identity"

    func credentials() async throws(CredentialsFault) -> Credentials? {
        guard let path = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else { return nil }
        guard let role = setting("AWS_ROLE_ARN", "role_arn") else {
            let remedy = "set AWS_ROLE_ARN too"
            throw .setting(
                "a web identity token is set without a role",
                in: "AWS_WEB_IDENTITY_TOKEN_FILE",
                remedy: remedy
            )
        }
        let token = try call.surroundings.text(call.surroundings.expanded(path)).trimmedLines
        guard !token.isEmpty else { throw .file(path: path, problem: "the file holds no token") }
        let input = JSONObject([
            ("RoleArn", .string(role)),
            ("RoleSessionName", .string(setting("AWS_ROLE_SESSION_NAME", "role_session_name") ?? call.sessionName)),
            ("WebIdentityToken", .string(token)),
        ])
        return try await call.credentials(.assumeRoleWithWebIdentity, input, signer: nil, for: name)
    }

    private func setting(_ variable: String, _ key: String) -> String? {
        call.surroundings.environment(variable) ?? profile[key]
    }
}

extension String {
    /// Without line ends and spaces around.
    var trimmedLines: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || ("\t"..."\r").contains($0) }
        let rest = unicodeScalars.drop(while: isSpace)
        guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(rest[...last])
    }
}
