package import Vocabulary

/// The ways to credentials in the order of the AWS SDK for Python, so that a machine means the same to both.
package struct DefaultCredentials: Sendable {
    private let surroundings: AWSSurroundings
    private let profiles: AWSProfiles
    private let call: RoleCall

    package init(
        _ surroundings: AWSSurroundings,
        profiles: AWSProfiles,
        endpoints: AWSEndpoints,
        region: RegionName?
    ) {
        self.surroundings = surroundings
        self.profiles = profiles
        call = RoleCall(surroundings: surroundings, endpoints: endpoints, region: region)
    }

    package func provider() throws(CredentialsFault) -> any CredentialsProvider {
        let profile = try profiles.ours()
        let role = profile.assumesRole ? [try assumed(profile, visited: [])] : []
        let ways: [any CredentialsProvider] =
            [EnvironmentProvider(surroundings)] + role + own(profile) + [
                ContainerProvider(surroundings), InstanceProvider(surroundings, profile: profile.values),
            ]
        return CredentialsChain(ways)
    }

    /// What a profile gives without another one.
    private func own(_ profile: AWSProfiles.Profile) -> [any CredentialsProvider] {
        [
            WebIdentityProvider(profile: profile, call: call),
            SSOProvider(profile: profile, profiles: profiles, call: call), ProfileKeysProvider(profile: profile),
            ProcessProvider(profile: profile, surroundings: surroundings),
        ]
    }

    private func assumed(
        _ profile: AWSProfiles.Profile,
        visited: [String]
    ) throws(CredentialsFault) -> any CredentialsProvider {
        guard !visited.contains(profile.name) else {
            let circle = (visited + [profile.name]).joined(separator: " → ")
            throw .setting("source_profile goes in a circle: \(circle)", in: profile.place, remedy: "break the circle")
        }
        let source: any CredentialsProvider
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil): source = try self.source(name, of: profile, visited: visited + [profile.name])
        case (nil, let kind?): source = try self.source(kind: kind, of: profile)
        case (nil, nil), (_?, _?):
            let remedy = "set one of the two"
            throw .setting("role_arn needs source_profile or credential_source", in: profile.place, remedy: remedy)
        }
        return AssumeRoleProvider(profile: profile, source: source, call: call)
    }

    private func source(
        _ name: String,
        of profile: AWSProfiles.Profile,
        visited: [String]
    ) throws(CredentialsFault) -> any CredentialsProvider {
        guard let source = profiles.profile(name) else {
            throw .setting(
                "source_profile names no profile: “\(name)”",
                in: profile.place,
                remedy: "name one that is there"
            )
        }
        // A profile may name itself when it has keys of its own.
        if source.hasKeys { return ProfileKeysProvider(profile: source) }
        return source.assumesRole ? try assumed(source, visited: visited) : CredentialsChain(own(source))
    }

    private func source(
        kind: String,
        of profile: AWSProfiles.Profile
    ) throws(CredentialsFault) -> any CredentialsProvider {
        switch kind.lowercased() {
        case "environment": return EnvironmentProvider(surroundings)
        case "ec2instancemetadata": return InstanceProvider(surroundings, profile: profile.values)
        case "ecscontainer": return ContainerProvider(surroundings)
        default:
            let remedy = "use Environment, Ec2InstanceMetadata or EcsContainer"
            throw .setting("credential_source “\(kind)” is none", in: profile.place, remedy: remedy)
        }
    }
}
