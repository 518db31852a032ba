import AWSAPI
import Testing
import Vocabulary

@Suite("Endpoints are the partition's, or what was configured")
struct EndpointTests {
    @Test(
        "FIPS and dual-stack names, with what services do differently",
        arguments: [
            ("ec2", "eu-central-1", true, false, "https://ec2-fips.eu-central-1.amazonaws.com"),
            ("sts", "us-gov-west-1", true, false, "https://sts.us-gov-west-1.amazonaws.com"),
            ("securityhub", "us-gov-west-1", true, false, "https://securityhub-fips.us-gov-west-1.amazonaws.com"),
            ("eks", "us-east-1", true, false, "https://fips.eks.us-east-1.amazonaws.com"),
            ("sqs", "eu-central-1", false, true, "https://sqs.eu-central-1.api.aws"),
            ("sqs", "us-gov-west-1", true, true, "https://sqs-fips.us-gov-west-1.api.aws"),
            ("events", "us-gov-west-1", true, true, "https://events.us-gov-west-1.api.aws"),
            ("ec2", "cn-north-1", false, true, "https://ec2.cn-north-1.api.amazonwebservices.com.cn"),
        ]
    )
    func names(_ service: String, _ region: String, _ isFIPS: Bool, _ isDualStack: Bool, _ url: String) throws {
        let region = try #require(RegionName(region))
        #expect(AWSEndpoints(isFIPS: isFIPS, isDualStack: isDualStack).origin(of: service, in: region) == url)
    }

    @Test("botocore resolves the same endpoints", .enabled(if: Botocore.isHere, Botocore.absence))
    func agrees() throws {
        let services = ["ec2", "sts", "securityhub", "eks", "autoscaling", "sqs", "events", "logs", "portal.sso"]
        let regions = [
            "eu-central-1", "us-east-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
            "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
        ]
        var rows: [JSONValue] = []
        var ours: [String] = []
        for service in services {
            for name in regions {
                let region = try #require(RegionName(name))
                for (isFIPS, isDualStack) in [(false, false), (true, false), (false, true), (true, true)] {
                    let endpoints = AWSEndpoints(isFIPS: isFIPS, isDualStack: isDualStack)
                    ours.append(endpoints.origin(of: service, in: region))
                    rows.append([
                        "service": .string(service), "region": .string(name), "fips": .bool(isFIPS),
                        "dualStack": .bool(isDualStack),
                    ])
                }
            }
        }
        var compared = 0
        for ((row, url), answer) in zip(zip(rows, ours), try Botocore.answers("endpoints.py", rows)) {
            guard let theirs = answer.string else { continue }
            compared += 1
            #expect(url == theirs, "\(JSONWriter.compact(row))")
        }
        #expect(compared > 250)
    }

    @Test("IAM has one endpoint in a partition, as botocore has it", .enabled(if: Botocore.isHere, Botocore.absence))
    func iam() throws {
        let names = [
            "eu-central-1", "us-east-1", "cn-northwest-1", "us-gov-east-1", "us-iso-west-1", "us-isob-east-1",
            "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
        ]
        var rows: [JSONValue] = []
        var ours: [String] = []
        for name in names {
            let region = try #require(RegionName(name))
            for isFIPS in name.hasPrefix("eu-central") || name.hasPrefix("us-gov") ? [false, true] : [false] {
                for isDualStack in name.contains("iso") || name.contains("eusc") ? [false] : [false, true] {
                    let endpoints = AWSEndpoints(isFIPS: isFIPS, isDualStack: isDualStack)
                    ours.append(endpoints.origin(of: "iam", in: region))
                    rows.append([
                        "service": "iam", "region": .string(name), "fips": .bool(isFIPS),
                        "dualStack": .bool(isDualStack),
                    ])
                }
            }
        }
        for ((row, url), answer) in zip(zip(rows, ours), try Botocore.answers("endpoints.py", rows)) {
            #expect(answer == .string(url), "\(JSONWriter.compact(row))")
        }
        for name in names {
            let region = try #require(RegionName(name))
            let scope = try #require(AWSEndpoints.scope(of: AWSEndpoints().origin(of: "iam", in: region)))
            #expect(scope.service == "iam" && scope.region == AWSEndpoints.iamRegion(for: region))
            #expect(scope.region.partition == region.partition)
        }
    }

    private func configuration(_ variables: [String: String], _ config: String = "") throws -> AWSConfiguration {
        var stage = Stage(variables: variables)
        stage.files["/home/x/.aws/config"] = config
        return try AWSConfiguration(stage.surroundings)
    }

    @Test(
        "one service in the environment, all in the environment, one in the profile, all in the profile: in that order"
    )
    func overrides() throws {
        let config = """
            [default]
            endpoint_url = http://all.profile
            services = local
            [services local]
            auto_scaling =
              endpoint_url = http://one.profile
            """
        let profile = try configuration([:], config).endpoints
        #expect(profile.overrides == ["": "http://all.profile", "autoscaling": "http://one.profile"])
        let one = try configuration(["AWS_ENDPOINT_URL_EC2": "http://one.environment"], config).endpoints
        #expect(one.overrides == profile.overrides.merging(["ec2": "http://one.environment"]) { $1 })
        let all = try configuration(
            ["AWS_ENDPOINT_URL": "http://all.environment", "AWS_ENDPOINT_URL_STS": "http://sts"],
            config
        )
        #expect(all.endpoints.overrides == ["": "http://all.environment", "sts": "http://sts"])
        let none = try configuration(
            ["AWS_ENDPOINT_URL": "http://x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"],
            config
        )
        #expect(none.endpoints.overrides == [:])
    }

    @Test("Region, switches and attempts come from the environment before the profile")
    func settings() throws {
        let config = "[default]\nregion = us-east-1\nuse_fips_endpoint = true\nmax_attempts = 5"
        let profile = try configuration([:], config)
        #expect(profile.region?.rawValue == "us-east-1")
        #expect(profile.endpoints.isFIPS && !profile.endpoints.isDualStack)
        #expect(profile.rules.attempts == 5)
        let variables = [
            "AWS_REGION": "eu-central-1", "AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": "true",
            "AWS_MAX_ATTEMPTS": "1",
        ]
        let environment = try configuration(variables, config)
        #expect(environment.region?.rawValue == "eu-central-1")
        #expect(!environment.endpoints.isFIPS && environment.endpoints.isDualStack)
        #expect(environment.rules.attempts == 1)
        for (name, value) in [("AWS_REGION", "../x"), ("AWS_MAX_ATTEMPTS", "many"), ("AWS_MAX_ATTEMPTS", "0")] {
            let fault = #expect(throws: CredentialsFault.self) { _ = try configuration([name: value]) }
            #expect(fault?.report.code == "CREDENTIALS-002")
        }
    }
}
