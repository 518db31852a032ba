import TestSupport
import Vocabulary

/// A made-up cluster of a few pods under a few policies, as objects of the API.
struct SmallCluster {
    var objects: [JSONValue] = []
    var allow: [JSONValue] = []
    var mode = "unmanaged"
    private var generator: SeededChance

    static let keys = ["app", "tier", "role"]
    static let values = ["a", "b", "c"]
    static let target = "suspect"

    init(seed: UInt64) throws {
        generator = SeededChance(seed: seed)
        for name in ["ns0", "ns1"] { try addNamespace(name) }
        try addPod(Self.target, in: "ns0", address: "10.0.0.2")
        for place in 0..<Int.random(in: 1...4, using: &generator) {
            try addPod("pod\(place)", in: "ns0", address: "10.0.0.\(10 + place)")
        }
        try addPod("far", in: "ns1", address: "10.0.1.9")
        for place in 0..<Int.random(in: 3...5, using: &generator) { try addPolicy("policy\(place)", in: "ns0") }
        if generator.chance(40) { try addPolicy("elsewhere", in: "ns1") }
        if generator.chance(25) { try addSelecting("Service", "v1", "shop") }
        if generator.chance(25) { try addSelecting("ReplicaSet", "apps/v1", "shop-1") }
        mode = try generator.pick(["never", "unmanaged", "unmanaged", "always"])
        allow = try generator.pick([
            [], [], [["cidr": "10.0.100.10/32", "port": 443]], [["cidr": "0.0.0.0/0", "port": 443, "protocol": "TCP"]],
            [["cidr": "192.168.0.0/16"]], [["cidr": "10.0.0.0/9"], ["cidr": "10.128.0.0/9"]],
        ])
    }

    private mutating func addNamespace(_ name: String) throws {
        var labels: JSONObject = ["kubernetes.io/metadata.name": .string(name)]
        if generator.chance(60) { labels["env"] = .string(try generator.pick(Self.values)) }
        objects.append([
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(name), "labels": .object(labels)],
        ])
    }

    private mutating func labels() throws -> JSONValue {
        var labels = JSONObject()
        for key in Self.keys where generator.chance(70) { labels[key] = .string(try likelyValue()) }
        return .object(labels)
    }

    /// One value is common, so that selectors and labels meet.
    private mutating func likelyValue() throws -> String {
        generator.chance(60) ? "a" : try generator.pick(Self.values)
    }

    private mutating func addPod(_ name: String, in namespace: String, address: String) throws {
        var metadata: JSONObject = [
            "name": .string(name), "namespace": .string(namespace), "uid": .string("uid-\(namespace)-\(name)"),
        ]
        if generator.chance(90) { metadata["labels"] = try labels() }
        var ports: [JSONValue] = []
        if generator.chance(60) { ports.append(["name": "web", "containerPort": 8080]) }
        if generator.chance(30) { ports.append(["name": "dns", "containerPort": 53, "protocol": "UDP"]) }
        objects.append([
            "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata),
            "spec": ["nodeName": "node0", "containers": [["name": "main", "ports": .array(ports)]]],
            "status": [
                "phase": "Running", "podIPs": [["ip": .string(address)]],
                "containerStatuses": [["name": "main", "containerID": "containerd://0123456789ab"]],
            ],
        ])
    }

    private mutating func addSelecting(_ kind: String, _ version: String, _ name: String) throws {
        let pairs: JSONValue = .object([try generator.pick(Self.keys): .string(try generator.pick(Self.values))])
        objects.append([
            "apiVersion": .string(version), "kind": .string(kind),
            "metadata": ["name": .string(name), "namespace": "ns0"],
            "spec": ["selector": kind == "Service" ? pairs : ["matchLabels": pairs]],
        ])
    }

    private mutating func addPolicy(_ name: String, in namespace: String) throws {
        var metadata: JSONObject = [
            "name": .string(name), "namespace": .string(namespace), "uid": .string("uid-\(name)"),
            "resourceVersion": "7",
        ]
        if generator.chance(15) {
            metadata["annotations"] = try generator.pick([
                ["argocd.argoproj.io/tracking-id": "x"], ["meta.helm.sh/release-name": "x"],
            ])
        }
        var spec = JSONObject()
        if generator.chance(95) { spec["podSelector"] = try selector(emptyPercent: 7) }
        if generator.chance(70) {
            spec["policyTypes"] = try generator.pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]])
        }
        if generator.chance(85) { spec["ingress"] = try rules("from") }
        if generator.chance(85) { spec["egress"] = try rules("to") }
        objects.append([
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": .object(metadata),
            "spec": .object(spec),
        ])
    }

    private mutating func selector(emptyPercent: Int, keys: [String] = Self.keys) throws -> JSONValue {
        if generator.chance(emptyPercent) { return .object([:]) }
        var selector = JSONObject()
        if generator.chance(55) {
            selector["matchLabels"] = .object([try generator.pick(keys): .string(try likelyValue())])
        }
        if generator.chance(35) || selector.isEmpty {
            var expressions: [JSONValue] = []
            for _ in 0..<(generator.chance(25) ? 2 : 1) { expressions.append(try expression(keys)) }
            selector["matchExpressions"] = .array(expressions)
        }
        return .object(selector)
    }

    private mutating func expression(_ keys: [String]) throws -> JSONValue {
        let name = try generator.pick(["In", "NotIn", "NotIn", "Exists", "DoesNotExist"])
        let isMark = keys == Self.keys && generator.chance(3)
        let key = isMark ? "firebreak.dev/quarantine" : try generator.pick(keys)
        var expression: JSONObject = ["key": .string(key), "operator": .string(name)]
        if name.hasSuffix("In") {
            let count = Int.random(in: 1...2, using: &generator)
            expression["values"] = .array(Self.values.shuffled(using: &generator).prefix(count).map(JSONValue.string))
        }
        return .object(expression)
    }

    private mutating func rules(_ side: String) throws -> JSONValue {
        var rules: [JSONValue] = []
        for _ in 0..<(try generator.pick([0, 1, 1, 2])) {
            var rule = JSONObject()
            if generator.chance(85) {
                var peers: [JSONValue] = []
                for _ in 0..<Int.random(in: 1...2, using: &generator) { peers.append(try peer()) }
                rule[side] = .array(peers)
            }
            if generator.chance(75) {
                var ports: [JSONValue] = []
                for _ in 0..<Int.random(in: 1...2, using: &generator) { ports.append(try port()) }
                rule["ports"] = .array(ports)
            }
            rules.append(.object(rule))
        }
        return .array(rules)
    }

    private mutating func peer() throws -> JSONValue {
        if generator.chance(40) {
            return try generator.pick([
                ["ipBlock": ["cidr": "10.0.0.0/8"]], ["ipBlock": ["cidr": "10.0.0.0/24", "except": ["10.0.0.8/29"]]],
                ["ipBlock": ["cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]]],
                ["ipBlock": ["cidr": "192.168.0.0/16", "except": ["192.168.0.0/17", "192.168.128.0/17"]]],
                ["ipBlock": ["cidr": "10.0.100.10/32"]], ["ipBlock": ["cidr": "192.168.7.0/24"]],
            ])
        }
        var peer = JSONObject()
        let shape = Int.random(in: 0..<3, using: &generator)
        if shape != 1 { peer["podSelector"] = try selector(emptyPercent: 15) }
        if shape != 0 { peer["namespaceSelector"] = try selector(emptyPercent: 30, keys: ["env"]) }
        return .object(peer)
    }

    private mutating func port() throws -> JSONValue {
        try generator.pick([
            ["port": 443], ["port": 443, "protocol": "TCP"], ["port": 8080, "protocol": "TCP"],
            ["port": 53, "protocol": "UDP"], ["port": "web"], ["port": "dns", "protocol": "UDP"],
            ["port": "dns", "protocol": "TCP"], ["port": 8000, "endPort": 8100], ["protocol": "SCTP"],
            ["protocol": "TCP"],
        ])
    }
}
