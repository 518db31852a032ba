import HTTPExchange
import Rehearsal
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("The rehearsal keeps the PolicyEndpoints that the VPC CNI would write")
struct RehearsalNetworkTests {
    private static let endpoints = "/apis/networking.k8s.aws/v1alpha1/namespaces/shop/policyendpoints"

    private static func cni(enforcing: Bool) -> [JSONValue] {
        let names: JSONValue = ["plural": "policyendpoints", "kind": "PolicyEndpoint"]
        let spec: JSONValue = [
            "group": "networking.k8s.aws", "names": names, "scope": "Namespaced",
            "versions": [["name": "v1alpha1", "served": true]],
        ]
        let agent: JSONValue = ["name": "agent", "args": [.string("--enable-network-policy=\(enforcing)")]]
        return [
            [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": "policyendpoints.networking.k8s.aws"], "spec": spec,
            ],
            [
                "apiVersion": "apps/v1", "kind": "DaemonSet",
                "metadata": ["name": "aws-node", "namespace": "kube-system"],
                "spec": ["template": ["spec": ["containers": [agent]]]],
            ],
        ]
    }

    private func selected(_ cluster: inout Cluster) -> [[String]] {
        let list = cluster.ask("GET", Self.endpoints).body["items"]?.array ?? []
        return list.map { ($0["spec"]?["podSelectorEndpoints"]?.array ?? []).compactMap { $0["name"]?.string } }
    }

    @Test("a policy gets its endpoint, labels move pods in and out of it, and it goes with the policy")
    func follows() throws {
        var cluster = try Cluster(Self.cni(enforcing: true))
        cluster.ask("POST", Cluster.policies, Cluster.policy("q", ["matchLabels": ["quarantine": "yes"]]))
        #expect(selected(&cluster) == [[]])
        let patch: JSONValue = ["metadata": ["labels": ["quarantine": "yes"]]]
        cluster.ask("PATCH", Cluster.pods + "/cart-1", patch, type: "application/merge-patch+json")
        #expect(selected(&cluster) == [["cart-1"]])
        cluster.ask("DELETE", Cluster.policies + "/q")
        #expect(selected(&cluster) == [])
    }

    @Test("with the node agent's switch off nothing is written")
    func notEnforcing() throws {
        var cluster = try Cluster(Self.cni(enforcing: false))
        cluster.ask("POST", Cluster.policies, Cluster.policy("q"))
        #expect(selected(&cluster) == [])
        #expect(!cluster.value.isPolicyEnforced)
    }

    @Test(
        "the shared worlds load in a moment and read back whole",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence)),
        arguments: ["eks-vpc-cni.yaml", "eks-not-enforcing.yaml"]
    )
    func sharedWorlds(_ name: String) throws {
        let bytes = try Files.bytes(Corpora.path("fixtures/worlds/" + name))
        let documents = try YAMLTree.parseAll(bytes, file: name, limits: .dump).map(\.json)
        let clock = ContinuousClock()
        var cluster: RehearsalCluster?
        let time = try clock.measure { cluster = try RehearsalCluster(documents) }
        let loaded = try #require(cluster)
        let items = documents.reduce(0) { $0 + ($1["items"]?.array?.count ?? 1) }
        #expect(loaded.snapshot().count == items)
        #expect(time < .seconds(1))
        #expect(loaded.isPolicyEnforced == (name == "eks-vpc-cni.yaml"))
    }

    @Test(
        "in the shared world the endpoints worked out anew are those that were recorded",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func recordedEndpoints() throws {
        let bytes = try Files.bytes(Corpora.path("fixtures/worlds/eks-vpc-cni.yaml"))
        let documents = try YAMLTree.parseAll(bytes, file: "world", limits: .dump).map(\.json)
        var cluster = try RehearsalCluster(documents)
        let before = Self.selections(cluster)
        cluster.settle(now: Cluster.now)
        let after = Self.selections(cluster)
        for (policy, pods) in before { #expect(after[policy] == pods, "\(policy)") }
        #expect(after.count >= before.count)
    }

    private static func selections(_ cluster: RehearsalCluster) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for object in cluster.snapshot() where object["kind"]?.string == "PolicyEndpoint" {
            let pods = (object["spec"]?["podSelectorEndpoints"]?.array ?? []).compactMap { $0["name"]?.string }
            found[object["spec"]?["policyRef"]?["name"]?.string ?? ""] = Set(pods)
        }
        return found
    }
}

@Suite("No request harms the rehearsal")
struct RehearsalRobustnessTests {
    @Test("random requests are answered with a status, never with a crash")
    func randomRequests() throws {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...9_999_999)
        var chance = SeededChance(seed: seed)
        var cluster = try Cluster()
        let paths = [
            Cluster.pods, Cluster.pods + "/cart-1", Cluster.pods + "/cart-1/eviction", Cluster.policies,
            Cluster.policies + "/q", "/api/v1/nodes/n1", "/api/v1/namespaces/shop", "/apis/x/y/z", "//", "/%", "/api",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "/api/v1/services",
            "/api/v1/namespaces/shop/events",
            "/apis/coordination.k8s.io/v1/namespaces/shop/leases",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        ]
        let types = [
            "json", "merge-patch+json", "json-patch+json", "strategic-merge-patch+json", "apply-patch+yaml", "x",
        ]
        let queries = [
            "", "?fieldManager=a", "?limit=-1", "?continue=%00", "?labelSelector=((", "?labelSelector=a%20in%20(",
            "?dryRun=All", "?fieldSelector==", "?watch=1", "?gracePeriodSeconds=-9223372036854775808",
            "?fieldManager=a&force=true", "?resourceVersion=18446744073709551615", "?fieldValidation=Strict",
        ]
        for _ in 0..<3_000 {
            let method = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", ""].randomElement(using: &chance) ?? ""
            let path = (paths.randomElement(using: &chance) ?? "") + (queries.randomElement(using: &chance) ?? "")
            let type = "application/" + (types.randomElement(using: &chance) ?? "")
            let body = RandomJSON.value(&chance, depth: 4)
            let answer = cluster.ask(method, path, body, type: type)
            #expect((200..<600).contains(answer.status), "seed \(seed)")
        }
        #expect(!cluster.value.snapshot().isEmpty)
    }
}
