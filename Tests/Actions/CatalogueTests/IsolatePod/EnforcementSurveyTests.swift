import Catalogue
import Testing
import Vocabulary

@Suite("The survey says of each node whether its network plugin enforces NetworkPolicy")
struct EnforcementSurveyTests {
    private func node(_ name: String, labels: JSONValue = [:], isReady: Bool = true) -> JSONValue {
        [
            "kind": "Node", "metadata": ["name": .string(name), "labels": labels],
            "status": ["conditions": [["type": "Ready", "status": .string(isReady ? "True" : "False")]]],
        ]
    }

    private func agent(
        on node: String,
        flag: String? = "--enable-network-policy=true",
        image: String = "amazon-k8s-cni:v1.20.1",
        isReady: Bool = true
    ) -> JSONValue {
        var containers: [JSONValue] = [["name": "aws-node", "image": .string(image)]]
        if let flag { containers.append(["name": "aws-eks-nodeagent", "args": [.string(flag)]]) }
        return [
            "kind": "Pod",
            "metadata": [
                "name": .string("aws-node-\(node)"), "namespace": "kube-system", "labels": ["k8s-app": "aws-node"],
                "ownerReferences": [["kind": "DaemonSet", "name": "aws-node", "controller": true]],
            ],
            "spec": ["nodeName": .string(node), "containers": .array(containers)],
            "status": ["conditions": [["type": "Ready", "status": .string(isReady ? "True" : "False")]]],
        ]
    }

    private func survey(
        _ nodes: [JSONValue],
        _ pods: [JSONValue],
        controller: String? = nil,
        serves: Bool = true
    ) -> EnforcementSurvey {
        let configuration = controller.map { value -> JSONValue in
            ["data": ["enable-network-policy-controller": .string(value)]]
        }
        return EnforcementSurvey(
            nodes: nodes,
            pods: pods,
            configuration: configuration,
            servesPolicyEndpoints: serves
        )
    }

    @Test("a ready agent on a ready node enforces; without one of them nobody knows")
    func ready() {
        let nodes = [node("a"), node("b"), node("c", isReady: false), node("d")]
        let found = survey(nodes, [agent(on: "a"), agent(on: "b", isReady: false), agent(on: "c")])
        #expect(found.nodes == ["a": .enforced, "b": .notReady, "c": .notReady, "d": .noPlugin])
        #expect(found.plugins == ["VPC CNI 1.20.1"] && found.confirms == true)
    }

    @Test("an agent that is off, missing or too old, or a controller that is off, enforces nothing")
    func off() {
        let rows: [(JSONValue, String?, String)] = [
            (agent(on: "a", flag: "--enable-network-policy=false"), nil, "enable-network-policy=false"),
            (agent(on: "a", flag: nil), nil, "aws-node has no node agent"),
            (agent(on: "a", image: "amazon-k8s-cni:v1.13.4"), nil, "1.14 is the first"),
            (agent(on: "a"), "false", "the policy controller is off"),
        ]
        for (pod, controller, word) in rows {
            guard case .off(let reason) = survey([node("a")], [pod], controller: controller).nodes["a"] else {
                Issue.record("not off: \(word)")
                continue
            }
            #expect(reason.contains(word))
        }
    }

    @Test("where no plugin enforces by its kind, the node says so, whatever runs on it")
    func unsupported() {
        let fargate = node("a", labels: ["eks.amazonaws.com/compute-type": "fargate"])
        let windows = node("b", labels: ["kubernetes.io/os": "windows"])
        let found = survey([fargate, windows], [agent(on: "b")], serves: false)
        #expect(found.nodes == ["a": .unsupported(kind: "Fargate"), "b": .unsupported(kind: "Windows")])
        #expect(found.confirms == false)
        #expect(survey([], []).confirms == nil)
    }
}
