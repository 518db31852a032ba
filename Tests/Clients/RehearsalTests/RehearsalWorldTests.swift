import HTTPExchange
import KubernetesAPI
import Rehearsal
import Testing
import Vocabulary

/// Answers with how often it was asked.
private struct CountingPeer: RehearsalPeer, Sendable {
    var count = 0

    mutating func answer(_ request: HTTPRequest, now: Timestamp) -> HTTPResponse {
        count += 1
        return HTTPResponse(status: 200, body: Array("\(count)".utf8))
    }
}

@Suite("A rehearsal world is a transport like the live one")
struct RehearsalWorldTests {
    @Test("the product's client reads and writes it")
    func client() async throws {
        let world = RehearsalWorld(cluster: try Cluster().value) { Cluster.now }
        let client = KubernetesClient(transport: world, origin: RehearsalCluster.origin)
        let pods = try await client.list(.collection(.pods))
        #expect(pods.map { $0["metadata"]?["name"]?.string } == ["cart-1", "cart-2"])
        let answer = try await client.send("POST", Cluster.policies, body: Cluster.policy("q"))
        #expect(answer.answer == .created)
        #expect(try await client.may(KubernetesRight("create", "pods", subresource: "eviction")))
    }

    @Test("requests go to the cluster or the account, and nowhere else")
    func routes() async throws {
        let world = RehearsalWorld(cluster: try Cluster().value, account: CountingPeer()) { Cluster.now }
        let ec2 = HTTPRequest(method: "POST", origin: "https://ec2.eu-west-1.amazonaws.com", target: "/")
        #expect(try await world.send(ec2).body == Array("1".utf8))
        #expect(try await world.send(ec2).body == Array("2".utf8))
        let elsewhere = HTTPRequest(method: "GET", origin: "https://amazonaws.com.example.com", target: "/")
        await #expect(throws: HTTPFault.self) { try await world.send(elsewhere) }
    }
}
