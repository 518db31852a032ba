import AWSAPI
import HTTPExchange
import Testing
import Vocabulary

@Suite("Each way to credentials finds what is configured for it")
struct ProviderTests {
    private static let role = """
        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>\
        <SecretAccessKey>hidden-1</SecretAccessKey><SessionToken>hidden-2</SessionToken>\
        <Expiration>2026-03-01T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """
    private static let webRole = role.replacing("AssumeRoleRe", with: "AssumeRoleWithWebIdentityRe")
    private static let document = """
        {"AccessKeyId":"ASIA","SecretAccessKey":"hidden-1","Token":"hidden-2","Expiration":"2026-03-01T13:00:00Z"}
        """
    private let ended = Timestamp("2026-03-01T13:00:00Z")

    private func fault(_ stage: Stage) async -> FaultReport? {
        await #expect(throws: CredentialsFault.self) { _ = try await stage.credentials() }?.report
    }

    @Test("keys in the environment come first, and half a pair is a fault")
    func environment() async throws {
        var stage = Stage(variables: ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "hidden-1"])
        stage.files["/home/x/.aws/credentials"] = "[default]\naws_access_key_id = OTHER\naws_secret_access_key = y"
        #expect(try await stage.credentials()?.accessKeyID == "AKIA")
        stage.variables["AWS_SECRET_ACCESS_KEY"] = nil
        #expect(await fault(stage)?.code == "CREDENTIALS-002")
    }

    @Test("a profile's keys: the credentials file wins, a named profile must be there")
    func profileKeys() async throws {
        var stage = Stage()
        stage.files["/home/x/.aws/credentials"] = "[dev]\naws_access_key_id = AKIA\naws_secret_access_key = x"
        stage.files["/home/x/.aws/config"] = "[profile dev]\naws_access_key_id = OTHER\naws_secret_access_key = y"
        stage.variables["AWS_PROFILE"] = "dev"
        #expect(try await stage.credentials()?.accessKeyID == "AKIA")
        stage.variables["AWS_PROFILE"] = "prod"
        #expect(await fault(stage)?.location == "AWS_PROFILE")
    }

    @Test("nothing configured anywhere says what was tried")
    func nothing() async throws {
        let report = await fault(Stage())
        #expect(report?.code == "CREDENTIALS-008")
        #expect(report?.location.hasPrefix("environment, web identity, SSO of profile default") == true)
    }

    @Test("a role of a profile is asked for with the source profile's keys, signed")
    func assumesRole() async throws {
        var stage = Stage(transport: ScriptedTransport(200, Self.role))
        stage.files["/home/x/.aws/config"] = """
            [default]
            role_arn = arn:aws:iam::111122223333:role/a
            source_profile = base
            region = eu-central-1
            external_id = e
            [profile base]
            aws_access_key_id = AKIA
            aws_secret_access_key = hidden-3
            """
        let credentials = try await stage.credentials()
        #expect(credentials?.accessKeyID == "ASIA")
        #expect(credentials?.expiration == ended)
        let request = try #require(await stage.transport.requests.first)
        #expect(request.text == "POST https://sts.eu-central-1.amazonaws.com/")
        #expect(request.bodyText.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa"))
        #expect(request.bodyText.contains("ExternalId=e"))
        #expect(request.headers["Authorization"]?.contains("Credential=AKIA/20260301/eu-central-1/sts/") == true)
    }

    @Test(
        "contradicting roles are refused before anything is sent",
        arguments: [
            "role_arn = r", "role_arn = r\nsource_profile = b\ncredential_source = Environment",
            "role_arn = r\nsource_profile = none", "role_arn = r\nsource_profile = default",
            "role_arn = r\ncredential_source = Moon",
        ]
    )
    func refusesRoles(_ lines: String) async {
        var stage = Stage()
        stage.files["/home/x/.aws/config"] = "[default]\nregion = eu-central-1\n\(lines)\n[profile b]\nregion = x"
        #expect(await fault(stage)?.code == "CREDENTIALS-002")
        #expect(await stage.transport.requests.isEmpty)
    }

    @Test("a web identity is read from its file at every renewal and goes out unsigned")
    func webIdentity() async throws {
        var stage = Stage(transport: .answers([(500, ""), (200, Self.webRole)]))
        stage.variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/a",
            "AWS_REGION": "eu-central-1",
        ]
        let absent = await fault(stage)
        #expect(absent?.code == "CREDENTIALS-003")
        #expect(absent?.retry == .transient)
        stage.files["/var/token"] = "hidden.token\n"
        #expect(try await stage.credentials()?.accessKeyID == "ASIA")
        let requests = await stage.transport.requests
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.headers["Authorization"] == nil })
        #expect(requests.last?.bodyText.hasSuffix("WebIdentityToken=hidden.token") == true)
    }

    @Test("a refusal of STS is told without the token")
    func refusedIdentity() async throws {
        let refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
        var stage = Stage(transport: ScriptedTransport(403, refusal))
        stage.variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token", "AWS_ROLE_ARN": "r", "AWS_REGION": "eu-central-1",
        ]
        stage.files["/var/token"] = "hidden.token"
        let report = await fault(stage)
        #expect(report?.code == "CREDENTIALS-005")
        #expect(report?.retry == .permanent)
        #expect(report?.description.contains("hidden") == false)
    }

    @Test("a signed-in role is asked for with the token of the cache, which may have ended")
    func sso() async throws {
        let answer = """
            {"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t","expiration":1772370000000}}
            """
        var stage = Stage(transport: ScriptedTransport(200, answer))
        stage.files["/home/x/.aws/config"] = """
            [default]
            sso_session = work
            sso_account_id = 111122223333
            sso_role_name = Read Only
            [sso-session work]
            sso_start_url = https://example.awsapps.com/start
            sso_region = eu-central-1
            """
        #expect(await fault(stage)?.code == "CREDENTIALS-007")
        let cached = "/home/x/.aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json"
        stage.files[cached] = #"{"accessToken":"hidden-token","expiresAt":"2026-03-01T12:30:00Z"}"#
        #expect(try await stage.credentials()?.expiration == ended)
        let request = try #require(await stage.transport.requests.first)
        let target = "/federation/credentials?role_name=Read%20Only&account_id=111122223333"
        #expect(request.text == "GET https://portal.sso.eu-central-1.amazonaws.com\(target)")
        #expect(request.headers["x-amz-sso_bearer_token"] == "hidden-token")
        stage.time.advance(by: .seconds(1_800))
        let report = await fault(stage)
        #expect(report?.code == "CREDENTIALS-007")
        #expect(report?.remedy == "run “aws sso login --profile default”")
    }

    @Test("a program's output is checked, and never told")
    func process() async throws {
        var stage = Stage()
        stage.files["/home/x/.aws/config"] = "[default]\ncredential_process = \"/opt/my tool\" --for 'a b' c\\ d"
        stage.program = { words in
            guard words == ["/opt/my tool", "--for", "a b", "c d"] else { return .failed("other words") }
            return .printed(Array(#"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"hidden-1"}"#.utf8))
        }
        #expect(try await stage.credentials()?.accessKeyID == "AKIA")
        for output in [#"{"Version":2,"x":"hidden-1"}"#, "hidden-1", #"{"Version":1,"SecretAccessKey":"hidden-1"}"#] {
            stage.program = { _ in .printed(Array(output.utf8)) }
            #expect(await fault(stage)?.description.contains("hidden") == false)
        }
    }

    @Test(
        "a command line is split as a shell would, nothing is expanded",
        arguments: [
            ("a b", ["a", "b"]), ("a  'b c' \"d \\\" e\"", ["a", "b c", "d \" e"]), ("a\\ b", ["a b"]), ("''", [""]),
            ("a'b'c", ["abc"]), ("\"a\\n\"", ["a\\n"]), ("$HOME `x`", ["$HOME", "`x`"]), ("'a", nil), ("a\\", nil),
        ] as [(String, [String]?)]
    )
    func words(_ line: String, _ words: [String]?) {
        #expect(CommandWords.split(line) == words)
    }

    @Test("a pod's identity is asked for with the token that its file holds now")
    func container() async throws {
        var stage = Stage(transport: .answers([(500, ""), (200, Self.document)]))
        stage.variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/token",
        ]
        stage.files["/var/token"] = "hidden-token"
        #expect(try await stage.credentials()?.expiration == ended)
        let requests = await stage.transport.requests
        #expect(requests.map(\.text) == .init(repeating: "GET http://169.254.170.23/v1/credentials", count: 2))
        #expect(requests[0].headers["Authorization"] == "hidden-token")
        #expect(stage.time.pauses == [.seconds(1)])
        stage.files["/var/token"] = "hidden-token\r\nX: y"
        let report = await fault(stage)
        #expect(report?.code == "CREDENTIALS-004")
        #expect(report?.description.contains("hidden") == false)
    }

    @Test(
        "a container's token goes to local addresses and over https only",
        arguments: [
            ("http://127.0.0.1:80/a?b", true), ("http://localhost", true), ("http://[::1]:1/", true),
            ("http://169.254.170.2/x", true), ("http://169.254.170.23/x", true), ("http://[fd00:ec2::23]/x", true),
            ("https://example.com/x", true), ("http://example.com/x", false), ("http://169.254.170.24/", false),
            ("http://127.0.0.1@example.com/", false), ("http://127.0.0.1.example.com/", false),
            ("ftp://localhost", false),
            ("http://localhost\\@example.com/", false), ("http:///x", false), ("localhost", false),
            ("http://127.0.0.256/", false), ("http://localhost/a b", false), ("http://localhost#@example.com", false),
        ]
    )
    func containerAddresses(_ url: String, _ isAllowed: Bool) {
        #expect((ContainerAddress(url) != nil) == isAllowed)
    }

    @Test("an instance is asked with a session token, and its role's name is found out")
    func instance() async throws {
        let stage = Stage(transport: .answers([(200, "hidden-session"), (200, "my-role\n"), (200, Self.document)]))
        #expect(try await stage.credentials()?.accessKeyID == "ASIA")
        let requests = await stage.transport.requests
        let folder = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
        #expect(
            requests.map(\.text) == [
                "PUT http://169.254.169.254/latest/api/token", "GET \(folder)", "GET \(folder)my-role",
            ]
        )
        #expect(requests[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
        #expect(requests[2].headers["x-aws-ec2-metadata-token"] == "hidden-session")
    }

    @Test("version 1 of the metadata is asked when version 2 is not known, unless somebody forbids it")
    func versionOne() async throws {
        for status in [403, 404, 405] {
            var stage = Stage(transport: .answers([(status, ""), (200, "r"), (200, Self.document)]))
            #expect(try await stage.credentials()?.accessKeyID == "ASIA")
            #expect(await stage.transport.requests.last?.headers["x-aws-ec2-metadata-token"] == nil)
            stage.transport = .answers([(status, "")])
            stage.variables["AWS_EC2_METADATA_V1_DISABLED"] = "true"
            #expect(await fault(stage)?.code == "CREDENTIALS-005")
            stage.variables["AWS_EC2_METADATA_DISABLED"] = "true"
            #expect(await fault(stage)?.code == "CREDENTIALS-008")
        }
        let broken = Stage(transport: .answers([(400, "")]))
        #expect(await fault(broken)?.code == "CREDENTIALS-005")
    }

    @Test("metadata that has ended is used a while longer, since the service may be behind")
    func staleMetadata() async throws {
        let document = Self.document.replacing("13:00", with: "11:00")
        let stage = Stage(transport: .answers([(200, "t"), (200, "r"), (200, document)]))
        #expect(try await stage.credentials()?.expiration == Timestamp("2026-03-01T12:21:00Z"))
    }
}
