import NetworkReach
import Testing
import Vocabulary

/// Who reaches whom, in small clusters that a person can check.
@Suite("reach")
struct ReachTests {
    static let shop = PodEndpoint(
        namespace: "shop",
        name: "web-1",
        uid: "1",
        labels: ["app": "web"],
        addresses: [IPAddress("10.0.0.1")].compactMap(\.self),
        ports: [.init(name: "http", number: 8_080)]
    )
    static let database = PodEndpoint(
        namespace: "data",
        name: "db-1",
        uid: "2",
        labels: ["app": "db"],
        addresses: [IPAddress("10.0.0.2")].compactMap(\.self)
    )
    static let agent = PodEndpoint(
        namespace: "shop",
        name: "agent",
        uid: "3",
        labels: ["app": "web"],
        addresses: [IPAddress("10.0.9.9")].compactMap(\.self),
        usesHostNetwork: true
    )

    private func policy(_ name: String, in namespace: String, _ spec: JSONValue) throws -> NetworkPolicyView {
        try #require(
            NetworkPolicyView(json: [
                "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec,
            ])
        )
    }

    private func evaluator(_ policies: [NetworkPolicyView]) -> ReachEvaluator {
        ReachEvaluator(namespaces: ["shop": ["team": "a"], "data": ["team": "b"]], policies: policies)
    }

    @Test("without policies everybody reaches everybody")
    func open() {
        #expect(evaluator([]).ports(from: Self.shop, to: Self.database) == .all)
        let lines = evaluator([]).reach(of: Self.shop, among: [Self.database]).lines(.egress)
        #expect(lines.contains("to 169.254.169.254 (instance metadata) → all"))
        #expect(lines.contains("to data/db-1 → all"))
        #expect(lines.contains("to anywhere → all"))
    }

    @Test("both ends must allow")
    func bothEnds() throws {
        let out = try policy(
            "out",
            in: "shop",
            ["policyTypes": ["Egress"], "egress": [["ports": [["port": 5_432], ["port": 80]]]]]
        )
        let peer: JSONValue = ["namespaceSelector": ["matchLabels": ["team": "a"]]]
        let into = try policy(
            "in",
            in: "data",
            ["ingress": [["from": [peer], "ports": [["port": 5_432], ["port": 22]]]]]
        )
        let evaluator = evaluator([out, into])
        #expect(evaluator.ports(from: Self.shop, to: Self.database).description == "5432/TCP")
        #expect(evaluator.ports(from: Self.database, to: Self.shop) == .all)
    }

    @Test("a namespace's name is among its labels even where a dump lacks it")
    func namespaceName() throws {
        let peer: JSONValue = ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "shop"]]]
        let into = try policy("in", in: "data", ["ingress": [["from": [peer]]]])
        #expect(evaluator([into]).ports(from: Self.shop, to: Self.database) == .all)
    }

    @Test("a pod on its node's network obeys no policy and matches no pod selector, only addresses")
    func hostNetwork() throws {
        let pods = try policy("pods", in: "shop", ["ingress": [["from": [["podSelector": [:]]]]]])
        #expect(evaluator([pods]).ports(from: Self.agent, to: Self.shop).isEmpty)
        let block = try policy("block", in: "shop", ["ingress": [["from": [["ipBlock": ["cidr": "10.0.9.0/24"]]]]]])
        #expect(evaluator([block]).ports(from: Self.agent, to: Self.shop) == .all)
        let deny = try policy("deny", in: "shop", ["policyTypes": ["Ingress", "Egress"]])
        #expect(evaluator([deny]).isolating(Self.agent, .egress).isEmpty)
    }

    @Test("holes of a block are outside it")
    func holes() throws {
        let out = try policy(
            "out",
            in: "shop",
            [
                "policyTypes": ["Egress"],
                "egress": [["to": [["ipBlock": ["cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]]]]]],
            ]
        )
        let lines = evaluator([out]).reach(of: Self.shop, among: []).lines(.egress)
        #expect(lines == ["to 0.0.0.0/0 except 169.254.169.254/32 → all"])
    }
}
