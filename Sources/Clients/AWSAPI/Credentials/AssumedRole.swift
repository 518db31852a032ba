package import Vocabulary

/// A role in another account, taken on with our own credentials.
package struct AssumedRole: CredentialsProvider {
    private let arn: ARN
    private let externalID: String?
    private let signer: any CredentialsSource
    private let call: RoleCall

    /// `region`: whose STS is asked.
    package init(
        _ arn: ARN,
        externalID: String?,
        signer: any CredentialsSource,
        surroundings: AWSSurroundings,
        endpoints: AWSEndpoints,
        region: RegionName
    ) {
        self.arn = arn
        self.externalID = externalID
        self.signer = signer
        call = RoleCall(surroundings: surroundings, endpoints: endpoints, region: region)
    }

    package var name: String { "role \(arn)" }

    package func credentials() async throws(CredentialsFault) -> Credentials? {
        var input: JSONObject = [
            "RoleArn": .string(arn.description), "RoleSessionName": .string(call.sessionName),
        ]
        input["ExternalId"] = externalID.map { .string($0) }
        return try await call.credentials(.assumeRole, input, signer: signer, for: name)
    }
}
