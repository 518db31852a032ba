import AWSAPI
import HTTPExchange
import Testing
import Vocabulary

@Suite("Requests are signed as AWS checks them")
struct SigV4Tests {
    private let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("secret-key-text"),
        sessionToken: Secret("session-token-text")
    )
    private let scope = SigningScope(service: "ec2", region: "eu-central-1")
    private let moment = Timestamp(milliseconds: 1_440_938_160_000)

    private func canonical(_ target: String, _ headers: [HTTPHeader] = [], origin: String = "https://e") -> [Substring]
    {
        let request = HTTPRequest(method: "GET", origin: origin, target: target, headers: headers)
        return CanonicalRequest(request).text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("what proxies and clients change on the way is not signed")
    func unsignedHeaders() {
        let names = [
            "baggage", "Connection", "expect", "keep-alive", "proxy-authorization", "Proxy-Anything", "te",
            "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "User-Agent", "x-amzn-trace-id",
        ]
        #expect(canonical("/", names.map { HTTPHeader($0, "x") })[3...] == canonical("/")[3...])
    }

    @Test(
        "the host is signed as it is sent",
        arguments: [
            ("https://ec2.eu-central-1.amazonaws.com", "ec2.eu-central-1.amazonaws.com"), ("https://E:443", "e"),
            ("http://e:80", "e"), ("https://e:80", "e:80"), ("http://e:443", "e:443"), ("http://u:p@e:5200", "e:5200"),
            ("http://[::1]:80", "[::1]"), ("http://[fd00:ec2::23]", "[fd00:ec2::23]"),
        ]
    )
    func host(_ origin: String, _ host: String) {
        #expect(canonical("/", origin: origin)[3] == "host:\(host)")
    }

    @Test(
        "a query is signed as AWS reads it, whatever it looks like on the wire",
        arguments: [
            ("/?b=1&a=2&a=1", "a=1&a=2&b=1"), ("/?acl", "acl="), ("/?a=%2f", "a=%2F"), ("/?a=:/", "a=%3A%2F"),
            ("/?a=%7e", "a=~"), ("/?a=b=c", "a=b%3Dc"), ("/?", ""), ("/?&a=1&", "a=1"), ("/?a=%zz", "a=%25zz"),
            ("/?a=?", "a=%3F"), ("/?a=\u{301}", "a=%CC%81"),
        ]
    )
    func query(_ target: String, _ query: String) {
        #expect(canonical(target)[2] == query)
    }

    @Test(
        "a path is normalised and encoded once more",
        arguments: [
            ("", "/"), ("/a%3Ab", "/a%253Ab"), ("/a/./b/../c//d/", "/a/c/d/"), ("/../..", "/"), ("//", "/"),
            ("/a?x", "/a"), ("/a/\u{301}b", "/a/%CC%81b"),
        ]
    )
    func path(_ target: String, _ path: String) {
        #expect(canonical(target)[1] == path)
    }

    @Test("signing again replaces date, token and signature, and leaves the rest")
    func signingAgain() {
        let request = HTTPRequest(method: "POST", origin: "https://e", target: "/?b&a", body: [1])
        let once = SigV4.sign(request: request, credentials: credentials, scope: scope, at: moment)
        let later = moment.advanced(by: .seconds(60))
        let twice = SigV4.sign(request: once, credentials: credentials, scope: scope, at: later)
        #expect(twice == SigV4.sign(request: request, credentials: credentials, scope: scope, at: later))
        #expect(twice.headers.map(\.name) == ["X-Amz-Date", "X-Amz-Security-Token", "Authorization"])
        #expect(twice.target == request.target)
        #expect(twice.headers["X-Amz-Date"] == "20150830T123700Z")
        #expect(once.headers["authorization"]?.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
    }

    @Test("no secret shows in what describes credentials, tokens and signatures")
    func nothingLeaks() throws {
        let region = try #require(RegionName("eu-central-1"))
        let token = EKSToken(cluster: "c", origin: "https://e", credentials: credentials, region: region, at: moment)
        for text in ["\(credentials)", String(reflecting: credentials), "\(token)", String(reflecting: token)] {
            #expect(!text.contains("secret-key-text"))
            #expect(!text.contains("session-token-text"))
            #expect(!text.contains("k8s-aws-v1"))
        }
    }
}
