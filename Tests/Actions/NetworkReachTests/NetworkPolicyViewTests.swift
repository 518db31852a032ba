import NetworkReach
import Testing
import Vocabulary

/// Policies as the API server defaults and reads them.
@Suite("NetworkPolicy views")
struct NetworkPolicyViewTests {
    struct TypesRow: Sendable {
        var spec: JSONValue
        var isolates: Set<TrafficDirection>
    }

    static let types = [
        TypesRow(spec: [:], isolates: [.ingress]),
        TypesRow(spec: ["egress": []], isolates: [.ingress]),
        TypesRow(spec: ["egress": [[:]]], isolates: [.ingress, .egress]),
        TypesRow(spec: ["ingress": [[:]], "policyTypes": []], isolates: [.ingress]),
        TypesRow(spec: ["egress": [[:]], "policyTypes": ["Ingress"]], isolates: [.ingress]),
        TypesRow(spec: ["policyTypes": ["Egress"]], isolates: [.egress]),
        TypesRow(spec: ["policyTypes": ["Ingress", "Egress"]], isolates: [.ingress, .egress]),
    ]

    @Test("policyTypes default as in the API server", arguments: types)
    func policyTypes(_ row: TypesRow) throws {
        let policy = try #require(NetworkPolicyView(json: ["metadata": ["name": "p"], "spec": row.spec]))
        #expect(policy.isolates == row.isolates)
    }

    @Test("rules of a direction that the policy does not isolate count for nothing")
    func foreignRules() throws {
        let spec: JSONValue = ["egress": [[:]], "policyTypes": ["Ingress"]]
        let policy = try #require(NetworkPolicyView(json: ["metadata": ["name": "p"], "spec": spec]))
        #expect(policy.rules(.egress).isEmpty)
        #expect(policy.podSelector.isEmpty)
    }

    struct PortsRow: Sendable {
        var ports: JSONValue
        var text: String
    }

    static let ports = [
        PortsRow(ports: .null, text: "all"),
        PortsRow(ports: [], text: "all"),
        PortsRow(ports: [["port": 443]], text: "443/TCP"),
        PortsRow(ports: [["protocol": "UDP"]], text: "all/UDP"),
        PortsRow(ports: [["port": 8_000, "endPort": 8_100], ["port": 8_101]], text: "8000-8101/TCP"),
        PortsRow(ports: [["port": "web"]], text: "8080/TCP"),
        PortsRow(ports: [["port": "web", "protocol": "UDP"]], text: "none"),
        PortsRow(ports: [["port": "nowhere"]], text: "none"),
        // Refused by the API server, so reckoned with as the worst.
        PortsRow(ports: [["port": 9, "endPort": 3]], text: "all"),
        PortsRow(ports: [["port": 70_000]], text: "all"),
        PortsRow(ports: [["port": 1, "protocol": "ICMP"]], text: "all"),
    ]

    @Test("ports become sets of numbers at their destination", arguments: ports)
    func portSets(_ row: PortsRow) throws {
        let spec: JSONValue = ["ingress": [["ports": row.ports]]]
        let policy = try #require(NetworkPolicyView(json: ["metadata": ["name": "p"], "spec": spec]))
        let pod = PodEndpoint(namespace: "n", name: "p", ports: [.init(name: "web", number: 8_080)])
        #expect(try #require(policy.ingress.first).portSet(at: pod).description == row.text)
    }

    struct ManagerRow: Sendable {
        var metadata: JSONValue
        var kind: PolicyManager.Kind?
    }

    static let managers = [
        ManagerRow(metadata: [:], kind: nil),
        ManagerRow(metadata: ["labels": ["app.kubernetes.io/managed-by": "firebreak"]], kind: nil),
        ManagerRow(metadata: ["annotations": ["argocd.argoproj.io/tracking-id": "a:b"]], kind: .gitOps),
        ManagerRow(metadata: ["labels": ["argocd.argoproj.io/instance": "shop"]], kind: .gitOps),
        ManagerRow(metadata: ["labels": ["kustomize.toolkit.fluxcd.io/name": "apps"]], kind: .gitOps),
        ManagerRow(metadata: ["labels": ["helm.toolkit.fluxcd.io/name": "apps"]], kind: .gitOps),
        ManagerRow(metadata: ["managedFields": [["manager": "argocd-controller"]]], kind: .gitOps),
        ManagerRow(metadata: ["labels": ["app.kubernetes.io/managed-by": "Helm"]], kind: .helm),
        ManagerRow(metadata: ["annotations": ["meta.helm.sh/release-name": "shop"]], kind: .helm),
        ManagerRow(metadata: ["labels": ["olm.owner": "thing.v1"]], kind: .operator),
        ManagerRow(metadata: ["ownerReferences": [["kind": "Kafka", "name": "events"]]], kind: .operator),
        ManagerRow(metadata: ["labels": ["app.kubernetes.io/managed-by": "our-portal"]], kind: .other),
    ]

    @Test("whoever would put a policy back is found", arguments: managers)
    func manager(_ row: ManagerRow) {
        #expect(PolicyManager(metadata: row.metadata)?.kind == row.kind)
    }
}
