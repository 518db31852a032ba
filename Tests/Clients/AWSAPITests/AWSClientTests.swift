import AWSAPI
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

@Suite("The client sends what was asked and says what came back")
struct AWSClientTests {
    private let account: AccountID
    private let region: RegionName

    init() throws {
        account = try #require(AccountID("111122223333"))
        region = try #require(RegionName("eu-central-1"))
    }

    private func call(
        _ transport: ScriptedTransport,
        _ operation: String,
        _ input: JSONValue
    ) async throws(AWSFault) -> JSONValue {
        try await AWSClient(transport: transport, account: account).call("ec2", operation, input, in: region)
    }

    @Test("a call goes to the service's endpoint in the Region")
    func endpoint() async throws {
        let transport = ScriptedTransport(200, "<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>")
        #expect(try await call(transport, "DescribeVolumes", [:]) == ["Volumes": []])
        #expect(await transport.requests.first?.origin == "https://ec2.eu-central-1.amazonaws.com")
    }

    @Test(
        "an input that the operation does not know is refused before anything is sent",
        arguments: [
            ["InstanceSpecification": ["InstanceId": "i-0123456789abcdef0", "ExcludeRootVolume": true]],
            ["DryRun": "true"], ["TagSpecifications": [:]], ["InstanceSpecification": "i-0123456789abcdef0"], "x",
        ] as [JSONValue]
    )
    func unknownInput(_ input: JSONValue) async throws {
        let transport = ScriptedTransport(200, "")
        let fault = await #expect(throws: AWSFault.self) { _ = try await call(transport, "CreateSnapshots", input) }
        #expect(fault?.kind == .notSpoken)
        #expect(await transport.requests.isEmpty)
    }

    @Test("an operation that this version does not speak is refused")
    func unknownOperation() async throws {
        let transport = ScriptedTransport(200, "")
        let fault = await #expect(throws: AWSFault.self) { _ = try await call(transport, "TerminateInstances", [:]) }
        #expect(fault?.report.code == "AWS-012")
        #expect(await transport.requests.isEmpty)
    }

    @Test("a lost answer to a write is an open question, an unreachable service is not")
    func transportFaults() async throws {
        let rows: [(HTTPFault.Reason, AWSFaultKind, FaultReport.Retry)] = [
            (.unreachable, .notSent, .transient), (.answerLost, .answerLost, .unknown),
            (.timedOut, .answerLost, .unknown), (.cancelled, .answerLost, .unknown),
            (.tooLarge, .answerLost, .unknown),
        ]
        for (reason, kind, retry) in rows {
            let transport = ScriptedTransport([.failure(HTTPFault(reason, "x", url: ""))])
            let input: JSONValue = ["InstanceSpecification": ["InstanceId": "i-0123456789abcdef0"]]
            let fault = await #expect(throws: AWSFault.self) { _ = try await call(transport, "CreateSnapshots", input) }
            #expect(fault?.kind == kind)
            #expect(fault?.report.retry == retry)
        }
    }

    private static func page(_ volume: String, token: String?) -> Result<HTTPResponse, HTTPFault> {
        let next = token.map { "<nextToken>\($0)</nextToken>" } ?? ""
        let item = "<item><volumeId>\(volume)</volumeId></item>"
        let body = "<DescribeVolumesResponse><volumeSet>\(item)</volumeSet>\(next)</DescribeVolumesResponse>"
        return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
    }

    @Test("pages are read to the end, each asked for with the token before")
    func pages() async throws {
        let transport = ScriptedTransport([
            Self.page("a", token: "1"), Self.page("b", token: "2"), Self.page("c", token: nil),
        ])
        let client = AWSClient(transport: transport, account: account)
        let all = try await client.all("ec2", "DescribeVolumes", [:], list: "Volumes", in: region)
        #expect(all == [["VolumeId": "a"], ["VolumeId": "b"], ["VolumeId": "c"]])
        let bodies = await transport.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.map { $0.contains("NextToken=1") } == [false, true, false])
        #expect(bodies.last?.contains("NextToken=2") == true)
    }

    @Test("pages that go round in a circle end with a fault")
    func circularPages() async throws {
        let transport = ScriptedTransport([Self.page("a", token: "1"), Self.page("b", token: "1")])
        let client = AWSClient(transport: transport, account: account)
        let fault = await #expect(throws: AWSFault.self) {
            _ = try await client.all("ec2", "DescribeVolumes", [:], list: "Volumes", in: region)
        }
        #expect(fault?.kind == .unreadable)
    }

    @Test(
        "endpoints have the suffix of their partition, and lead back to service and Region",
        arguments: [
            ("eu-central-1", "https://sts.eu-central-1.amazonaws.com"),
            ("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"),
            ("us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"),
            ("eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"),
        ]
    )
    func endpoints(_ region: String, _ origin: String) throws {
        let region = try #require(RegionName(region))
        #expect(AWSEndpoints().origin(of: "sts", in: region) == origin)
        let scope = try #require(AWSEndpoints.scope(of: origin))
        #expect(scope.service == "sts")
        #expect(scope.region == region)
    }

    @Test("an endpoint of the configuration beats the standard one")
    func overrides() {
        let endpoints = AWSEndpoints(overrides: ["ec2": "http://127.0.0.1:5100/", "": "http://127.0.0.1:5200"])
        #expect(endpoints.origin(of: "ec2", in: region) == "http://127.0.0.1:5100")
        #expect(endpoints.origin(of: "sts", in: region) == "http://127.0.0.1:5200")
    }

    @Test("forms come back as they were written, whatever they hold")
    func forms() {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? 3)
        let alphabet: [Character] = ["%", "+", "&", "=", " ", "é", "🔥", "\n", "~", "a", "/", "?"]
        for _ in 0..<500 {
            let pairs = (0..<Int.random(in: 1...4, using: &chance)).map { place in
                let length = Int.random(in: 0...8, using: &chance)
                return FormBody.Pair(
                    "n\(place)",
                    String((0..<length).compactMap { _ in alphabet.randomElement(using: &chance) })
                )
            }
            #expect(FormBody.decode(FormBody.encode(pairs)) == pairs)
        }
        for broken in ["a=%", "a=%4", "a=%zz", "a=%ff"] { #expect(FormBody.decode(Array(broken.utf8)) == nil) }
    }
}
