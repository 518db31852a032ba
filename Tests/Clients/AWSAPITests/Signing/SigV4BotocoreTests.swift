import AWSAPI
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

/// A request out of chance, shaped to be awkward.
private struct AwkwardRequest {
    private static let segments = [
        "arn%3Aaws%3Asecurityhub%3Aeu-central-1", "a b", "%2f", "%41", ":", ".", "..", "", "é", "~", "x+y", "$", "(1)",
        "*", "@", "=", "%",
    ]
    private static let words = ["a", "B", "b", "a-1", "z%20y", "%3A%2F", "%C3%A9", "~", "x.y_z", "0", ""]
    private static let values = ["v", "", "  two   words ", "a,b", "\tt\t", "é", "\"q  q\"", "a;b"]
    private static let names = ["X-Amz-Target", "x-amz-target", "My-Header1", "my-header1", "Content-Type", "X-Empty"]
    private static let origins = [
        "https://ec2.eu-central-1.amazonaws.com", "https://EXAMPLE.com:443", "http://127.0.0.1:5200",
        "http://example.com:80", "https://example.com:8443", "https://[fd00:ec2::23]:8443",
    ]
    private static let unsigned = ["User-Agent", "Connection", "Expect", "TE", "X-Amzn-Trace-Id", "Transfer-Encoding"]

    let request: HTTPRequest
    let credentials: Credentials
    let moment: Timestamp

    init(_ chance: inout SeededChance) {
        func any<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &chance)] }
        func some<Element>(_ list: [Element], _ most: Int) -> [Element] {
            (0..<Int.random(in: 0...most, using: &chance)).map { _ in any(list) }
        }
        let path = "/" + some(Self.segments, 5).joined(separator: "/")
        let pairs = some(Self.words, 6).map { name in
            let word = name.isEmpty ? "n" : name
            return any([true, true, false]) ? "\(word)=\(any(Self.words))" : word
        }
        let headers =
            some(Self.names, 5).map { HTTPHeader($0, any(Self.values)) }
            + some(Self.unsigned, 2).map { HTTPHeader($0, "u") }
        request = HTTPRequest(
            method: any(["GET", "POST", "PUT", "PATCH", "DELETE"]),
            origin: any(Self.origins),
            target: pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&"),
            headers: headers,
            body: Array(any(["", "{}", "Action=DescribeInstances", "é\n"]).utf8)
        )
        credentials = Credentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret(any(["secret", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"])),
            sessionToken: any([nil, Secret("to/ken+=="), Secret("t")])
        )
        moment = Timestamp(milliseconds: Int64.random(in: 0...4_000_000_000_000, using: &chance))
    }

    var row: JSONValue {
        [
            "method": .string(request.method), "url": .string(request.origin + request.target),
            "headers": .array(request.headers.map { [.string($0.name), .string($0.value)] }),
            "body": .string(String(decoding: request.body, as: UTF8.self)), "service": "securityhub",
            "region": "eu-central-1", "key": .string(credentials.accessKeyID),
            "secret": .string(credentials.secretAccessKey.exposed),
            "token": credentials.sessionToken.map { .string($0.exposed) } ?? .null,
            "time": .string(moment.text(fractionDigits: 0).filter { $0 != "-" && $0 != ":" }),
        ]
    }
}

@Suite("botocore signs as we do", .enabled(if: Botocore.isHere, Botocore.absence))
struct SigV4BotocoreTests {
    private let seed = Seed.fromEnvironment() ?? UInt64.random(in: 1...1_000_000)

    @Test("awkward paths, unsorted queries, repeated and empty headers and tokens get the same signature")
    func agrees() throws {
        var chance = SeededChance(seed: seed)
        let requests = (0..<1_000).map { _ in AwkwardRequest(&chance) }
        let answers = try Botocore.answers("sign.py", requests.map(\.row))
        let scope = SigningScope(service: "securityhub", region: "eu-central-1")
        for (awkward, answer) in zip(requests, answers) {
            let signed = SigV4.sign(
                request: awkward.request,
                credentials: awkward.credentials,
                scope: scope,
                at: awkward.moment
            )
            let texts = SigV4.signature(
                of: signed,
                credentials: awkward.credentials,
                scope: scope,
                at: awkward.moment
            )
            #expect(texts.canonicalRequest == answer["canonical"]?.string, "SEED=\(seed)")
            #expect(texts.stringToSign == answer["toSign"]?.string, "SEED=\(seed)")
            #expect(signed.headers["Authorization"] == answer["authorization"]?.string, "SEED=\(seed)")
        }
    }

    @Test("tokens for clusters are the same, with and without a session token")
    func eksTokens() throws {
        let region = try #require(RegionName("eu-central-1"))
        let origin = "https://sts.eu-central-1.amazonaws.com"
        let moment = Timestamp(milliseconds: 1_440_938_160_000)
        for (cluster, token) in [("prod-1", nil), ("p", "to/ken+=="), ("prod_2", "IQoJb3JpZ2luX2VjEA==")] {
            let row: JSONValue = [
                "cluster": .string(cluster), "url": .string(origin + "/?Action=GetCallerIdentity&Version=2011-06-15"),
                "region": "eu-central-1", "key": "AKIDEXAMPLE", "secret": "secret",
                "token": token.map { .string($0) } ?? .null, "time": "20150830T123600Z",
            ]
            let credentials = Credentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: Secret("secret"),
                sessionToken: token.map { Secret($0) }
            )
            let ours = EKSToken(
                cluster: cluster,
                origin: origin,
                credentials: credentials,
                region: region,
                at: moment
            )
            #expect(ours.token.exposed == (try Botocore.answers("sign.py", [row]).first?["token"]?.string))
            #expect(ours.expiration.description == "2015-08-30T12:50:00.000Z")
        }
    }
}
