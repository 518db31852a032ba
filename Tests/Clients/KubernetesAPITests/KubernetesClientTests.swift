import HTTPExchange
import KubernetesAPI
import Testing
import Vocabulary

/// Answers in the order given, the last one for ever, and keeps what it was asked.
private actor ScriptedTransport: HTTPTransport {
    private var answers: [HTTPResponse]
    private(set) var requests: [HTTPRequest] = []

    init(_ answers: [(Int, String)]) {
        self.answers = answers.map { HTTPResponse(status: $0.0, body: Array($0.1.utf8)) }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        requests.append(request)
        guard let next = answers.first else { throw HTTPFault(.unreachable, "no answer is left", url: request.origin) }
        if answers.count > 1 { answers.removeFirst() }
        return next
    }
}

@Suite("A client asks once, says what came back and takes nothing unbounded")
struct KubernetesClientTests {
    private func client(_ answers: [(Int, String)]) -> (KubernetesClient, ScriptedTransport) {
        let transport = ScriptedTransport(answers)
        return (KubernetesClient(transport: transport, origin: "https://k"), transport)
    }

    @Test("a list follows its pages, and its items know their kind")
    func pages() async throws {
        let (client, transport) = client([
            (
                200,
                "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"t\"},\"items\":[{\"metadata\":{}}]}"
            ),
            (
                200,
                "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"\"},\"items\":[{\"metadata\":{}}]}"
            ),
        ])
        let items = try await client.list(.collection(.pods), labelSelector: "a=b")
        #expect(items.map { $0["kind"]?.string } == ["Pod", "Pod"])
        #expect(items.map { $0["apiVersion"]?.string } == ["v1", "v1"])
        let targets = await transport.requests.map(\.target)
        #expect(
            targets == [
                "/api/v1/pods?labelSelector=a%3Db&limit=500", "/api/v1/pods?continue=t&labelSelector=a%3Db&limit=500",
            ]
        )
    }

    @Test("a list that expires between its pages is begun anew once, and only once")
    func expired() async throws {
        let page = "{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"t\"},\"items\":[]}"
        let whole = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{}]}"
        let (again, _) = client([(200, page), (410, "{}"), (200, whole)])
        #expect(try await again.list(.collection(.pods)).count == 1)
        let (never, _) = client([(410, "{}")])
        await #expect(throws: KubernetesFault.self) { try await never.list(.collection(.pods)) }
    }

    @Test("a server that gives the same page for ever is stopped")
    func endless() async throws {
        let (client, transport) = client([
            (200, "{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"t\"},\"items\":[{}]}")
        ])
        await #expect(throws: KubernetesFault.self) { try await client.list(.collection(.pods)) }
        #expect(await transport.requests.count == 2)
    }

    @Test("a write names its manager and asks for strict validation, unless told otherwise")
    func writes() async throws {
        let (client, transport) = client([(201, "{\"kind\":\"Pod\"}")])
        _ = try await client.send("POST", "/api/v1/namespaces/a/pods", query: ["dryRun": "All"], body: [:])
        _ = try await client.send("DELETE", "/api/v1/namespaces/a/pods/b")
        let requests = await transport.requests
        #expect(
            requests[0].target == "/api/v1/namespaces/a/pods?dryRun=All&fieldManager=firebreak&fieldValidation=Strict"
        )
        #expect(requests[0].headers["User-Agent"] == "firebreak")
        #expect(requests[1].target == "/api/v1/namespaces/a/pods/b")
        #expect(requests[1].body.isEmpty)
    }

    @Test("a success that is no object is a fault, not an empty object")
    func proxies() async throws {
        let (client, _) = client([(200, "<html>sign in</html>")])
        await #expect {
            try await client.get(.collection(.nodes))
        } throws: { error in
            (error as? KubernetesFault)?.report.code == "KUBERNETES-017"
        }
    }
}
