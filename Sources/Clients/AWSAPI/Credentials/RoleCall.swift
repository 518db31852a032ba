internal import HTTPExchange
internal import Vocabulary

/// Asks STS for a role's credentials.
struct RoleCall: Sendable {
    let surroundings: AWSSurroundings
    let endpoints: AWSEndpoints
    let region: RegionName?

    /// Makes the call, unsigned when there is no signer.
    func credentials(
        _ operation: AWSOperation,
        _ input: JSONObject,
        signer: (any CredentialsSource)?,
        for place: String
    ) async throws(CredentialsFault) -> Credentials {
        guard let region else {
            throw .setting(
                "no Region is set to ask STS in",
                in: place,
                remedy: "set AWS_REGION or the profile's region"
            )
        }
        let sender = SigningTransport(over: surroundings.transport, credentials: signer, clock: surroundings.clock)
        var call = AWSCall(operation, in: region)
        if signer == nil { call.scope = nil }
        do throws(AWSFault) {
            let request = try operation.request(.object(input), to: endpoints.origin(of: "sts", in: region))
            let output = try operation.output(of: try await sender.send(request, for: call))
            return try Self.credentials(in: output, from: place)
        } catch {
            throw .unavailable(from: place, problem: error.report.what, isPassing: error.report.retry != .permanent)
        }
    }

    private static func credentials(in output: JSONValue, from place: String) throws(AWSFault) -> Credentials {
        do throws(CredentialsFault) {
            let document = output["Credentials"] ?? .null
            return try CredentialsDocument.credentials(in: document, token: "SessionToken", from: place)
        } catch {
            throw AWSFault(
                code: "UnreadableAnswer",
                message: error.report.what,
                status: 200,
                service: "sts",
                operation: "AssumeRole"
            )
        }
    }

    /// Names the session when nobody did; it shows in the account's trail.
    var sessionName: String { "firebreak-\(surroundings.time.now().milliseconds)" }
}

/// Both only ask for keys, so repeating them does no harm.
extension AWSOperation {
    static let assumeRole = AWSOperation(
        "sts",
        "AssumeRole",
        .query(version: "2011-06-15"),
        isReadOnly: true,
        input: [
            WireMember("RoleArn", .string), WireMember("RoleSessionName", .string), WireMember("ExternalId", .string),
            WireMember("DurationSeconds", .string),
        ],
        output: [WireMember("Credentials", .structure(roleCredentials))]
    )

    static let assumeRoleWithWebIdentity = AWSOperation(
        "sts",
        "AssumeRoleWithWebIdentity",
        .query(version: "2011-06-15"),
        isReadOnly: true,
        input: [
            WireMember("RoleArn", .string), WireMember("RoleSessionName", .string),
            WireMember("WebIdentityToken", .string),
        ],
        output: [WireMember("Credentials", .structure(roleCredentials))]
    )

    private static let roleCredentials = [
        WireMember("AccessKeyId", .string), WireMember("SecretAccessKey", .string), WireMember("SessionToken", .string),
        WireMember("Expiration", .timestamp),
    ]
}
