package import Vocabulary

/// What the environment and the profile say about calls to AWS.
package struct AWSConfiguration: Sendable, Hashable {
    package var profiles: AWSProfiles
    package var region: RegionName?
    package var endpoints: AWSEndpoints
    package var rules: RetryRules

    package init(_ surroundings: AWSSurroundings) throws(CredentialsFault) {
        profiles = try AWSProfiles(surroundings)
        let settings = Settings(surroundings: surroundings, profile: try profiles.ours())
        region = try settings.region()
        rules = try settings.rules()
        endpoints = AWSEndpoints(
            overrides: settings.endpoints(profiles),
            isFIPS: settings.isSet("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            isDualStack: settings.isSet("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
        )
    }
}

/// Settings that the environment decides before the profile does.
private struct Settings {
    let surroundings: AWSSurroundings
    let profile: AWSProfiles.Profile

    private func text(_ variable: String, _ key: String) -> String? {
        surroundings.environment(variable) ?? profile[key]
    }

    func isSet(_ variable: String, _ key: String) -> Bool { text(variable, key)?.lowercased() == "true" }

    func region() throws(CredentialsFault) -> RegionName? {
        guard let text = surroundings.environment("AWS_REGION") ?? text("AWS_DEFAULT_REGION", "region") else {
            return nil
        }
        guard let region = RegionName(text) else {
            throw .setting(
                "“\(text.prefix(60))” is no Region",
                in: profile.place,
                remedy: "write one such as eu-central-1"
            )
        }
        return region
    }

    func rules() throws(CredentialsFault) -> RetryRules {
        guard let text = text("AWS_MAX_ATTEMPTS", "max_attempts") else { return RetryRules() }
        guard let attempts = Int(text), (1...20).contains(attempts) else {
            throw .setting(
                "AWS_MAX_ATTEMPTS is no number from 1 to 20",
                in: profile.place,
                remedy: "write such a number"
            )
        }
        return RetryRules(attempts: attempts)
    }

    /// Of a service in the environment, of all in the environment, of a service in the profile, of all in the profile.
    func endpoints(_ profiles: AWSProfiles) -> [String: String] {
        guard !isSet("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") else { return [:] }
        var endpoints: [String: String] = [:]
        if let all = surroundings.environment("AWS_ENDPOINT_URL") {
            endpoints[""] = all
        } else {
            endpoints[""] = profile["endpoint_url"]
            let services = profile["services"].map(profiles.services) ?? [:]
            for (prefix, id) in Self.serviceIDs { endpoints[prefix] = services[id.lowercased()]?["endpoint_url"] }
        }
        for (prefix, id) in Self.serviceIDs {
            if let one = surroundings.environment("AWS_ENDPOINT_URL_\(id)") { endpoints[prefix] = one }
        }
        return endpoints
    }

    /// The ids that settings are named after, by the prefix of the service's host name.
    private static let serviceIDs = [
        "autoscaling": "AUTO_SCALING", "dynamodb": "DYNAMODB", "ec2": "EC2", "eks": "EKS", "events": "EVENTBRIDGE",
        "iam": "IAM", "kms": "KMS", "logs": "CLOUDWATCH_LOGS", "portal.sso": "SSO", "securityhub": "SECURITYHUB",
        "sns": "SNS", "sqs": "SQS", "ssm": "SSM", "sts": "STS",
    ]
}
