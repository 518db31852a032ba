import Vocabulary

/// Decides reach by trying it: endpoint by endpoint, protocol by protocol, port by port, straight from the objects.
///
/// Shares no code with the evaluator under test.
struct BruteForceOracle {
    struct Peer {
        var namespace: String?
        var namespaceLabels: [String: String] = [:]
        var labels: [String: String] = [:]
        var address: UInt32
        /// `web/TCP` to numbers; nil for a peer that is no pod.
        var ports: [String: [Int]]?
    }

    /// Conditions of a selector: key, operator, values.
    typealias Conditions = [(key: String, name: String, values: [String])]

    struct Rule {
        struct Entry {
            var block: (network: UInt32, mask: UInt32)?
            var holes: [(network: UInt32, mask: UInt32)] = []
            var pods: Conditions?
            var namespaces: Conditions?
        }

        var peers: [Entry]
        var ports: [(kind: String, name: String?, range: ClosedRange<Int>)]
    }

    struct Policy {
        var name: String
        var namespace: String
        var selector: Conditions
        var types: Set<String>
        var ingress: [Rule]
        var egress: [Rule]
        var isManaged: Bool
    }

    var peers: [String: Peer] = [:]
    var policies: [Policy] = []
    var bystanders: [JSONValue] = []
    /// Pods that are there, pods that could be, and addresses at every edge that a policy names.
    private var conceivable: [Peer] = []
    var allow: [(network: UInt32, mask: UInt32, port: Int?, kind: String?)] = []

    static let kinds = ["TCP", "UDP", "SCTP", "ICMP"]
    static let interestingPorts = [1, 52, 53, 54, 442, 443, 444, 7999, 8000, 8050, 8080, 8100, 8101, 31_337, 65_535]

    init(_ objects: [JSONValue], allow entries: [JSONValue]) {
        var namespaces: [String: [String: String]] = [:]
        for object in objects where object["kind"] == "Namespace" {
            namespaces[Self.name(object)] = Self.map(object[["metadata", "labels"]])
        }
        for object in objects {
            let place = object[["metadata", "namespace"]]?.string ?? ""
            switch object["kind"]?.string {
            case "Pod": peers["\(place)/\(Self.name(object))"] = Self.pod(object, place, namespaces[place] ?? [:])
            case "NetworkPolicy": policies.append(Self.policy(object, place))
            case "Service", "ReplicaSet": bystanders.append(object)
            default: break
            }
        }
        for entry in entries {
            let (network, mask) = Self.block(entry["cidr"]?.string ?? "")
            let port = entry["port"]?.integer.map { Int($0) }
            allow.append((network, mask, port, entry["protocol"]?.string ?? (port == nil ? nil : "TCP")))
        }
        conceivable = conceivablePeers
    }

    // MARK: what the plan must bring about

    /// Whether the policy, were it to select the target, would let something through beyond the allow list.
    func leaks(_ policy: Policy, _ direction: String) -> Bool {
        guard policy.types.contains(direction), let target = peers["ns0/\(SmallCluster.target)"] else { return false }
        let rules = direction == "Ingress" ? policy.ingress : policy.egress
        if rules.isEmpty { return false }
        for peer in conceivable {
            let rules = rules.filter { concerns($0, policy, peer) }
            for kind in rules.isEmpty ? [] : Self.kinds {
                for port in kind == "ICMP" ? [0] : Self.interestingPorts {
                    let passes = rules.contains { allows($0, direction, policy, target, peer, kind, port) }
                    if passes, direction == "Ingress" || !isOnAllowList(peer.address, kind, port) { return true }
                }
            }
        }
        return false
    }

    /// Whether `source` reaches `destination`, both sides asked.
    func reaches(_ source: Peer, _ destination: Peer, _ kind: String, _ port: Int) -> Bool {
        passes("Egress", source, destination, kind, port) && passes("Ingress", destination, source, kind, port)
    }

    private func passes(_ direction: String, _ pod: Peer, _ other: Peer, _ kind: String, _ port: Int) -> Bool {
        let mine = policies.filter {
            $0.namespace == pod.namespace && $0.types.contains(direction) && Self.matches($0.selector, pod.labels)
        }
        if mine.isEmpty { return true }
        return mine.contains { policy in
            (direction == "Ingress" ? policy.ingress : policy.egress)
                .contains { allows($0, direction, policy, pod, other, kind, port) }
        }
    }

    /// Every combination of labels that could differ, tried: the fewest policies that stay unanswered, and with those
    /// the fewest that need a patch.
    func bestPossible(mode: String, mark: String) -> (unanswered: Int, patches: Int) {
        guard let target = peers["ns0/\(SmallCluster.target)"] else { return (0, 0) }
        let leaky = policies.filter { $0.namespace == "ns0" && (leaks($0, "Ingress") || leaks($0, "Egress")) }
        var best = (unanswered: Int.max, patches: Int.max)
        for labels in Self.everyChoice(target.labels) {
            var labels = labels
            labels["firebreak.dev/quarantine"] = mark
            var present = target.labels
            present["firebreak.dev/quarantine"] = mark
            if bystanders.contains(where: { Self.picks($0, labels) && !Self.picks($0, present) }) { continue }
            let left = leaky.filter { Self.matches($0.selector, labels) }
            let patchable = left.filter { mode == "always" || mode == "unmanaged" && !$0.isManaged }
            let outcome = (left.count - patchable.count, patchable.count)
            if outcome < best { best = outcome }
        }
        return best
    }

    private static func everyChoice(
        _ present: [String: String],
        of values: [String?] = [nil, "a", "b", "c", "some-other-value"]
    ) -> [[String: String]] {
        var choices: [[String: String]] = [present]
        for key in SmallCluster.keys {
            var more: [[String: String]] = []
            for choice in choices {
                for value in values {
                    var next = choice
                    next[key] = value
                    more.append(next)
                }
            }
            choices = more
        }
        return choices
    }

    private static func picks(_ bystander: JSONValue, _ labels: [String: String]) -> Bool {
        let selector = bystander[["spec", "selector"]]
        if bystander["kind"] == "Service" { return map(selector).allSatisfy { labels[$0.key] == $0.value } }
        return matches(conditions(selector), labels)
    }

    // MARK: naive semantics

    private func allows(
        _ rule: Rule,
        _ direction: String,
        _ policy: Policy,
        _ pod: Peer,
        _ other: Peer,
        _ kind: String,
        _ port: Int
    ) -> Bool {
        guard concerns(rule, policy, other) else { return false }
        if rule.ports.isEmpty { return true }
        let destination = direction == "Ingress" ? pod : other
        return rule.ports.contains { entry in
            guard entry.kind == kind else { return false }
            guard let name = entry.name else { return entry.range.contains(port) }
            return destination.ports?["\(name)/\(kind)"]?.contains(port) ?? false
        }
    }

    private func concerns(_ rule: Rule, _ policy: Policy, _ other: Peer) -> Bool {
        rule.peers.isEmpty || rule.peers.contains { Self.matches(peer: $0, policy, other) }
    }

    private static func matches(peer entry: Rule.Entry, _ policy: Policy, _ other: Peer) -> Bool {
        if let block = entry.block {
            return other.address & block.mask == block.network
                && !entry.holes.contains { other.address & $0.mask == $0.network }
        }
        guard let namespace = other.namespace else { return false }
        let placed = entry.namespaces.map { matches($0, other.namespaceLabels) } ?? (namespace == policy.namespace)
        return placed && (entry.pods.map { matches($0, other.labels) } ?? true)
    }

    static func matches(_ selector: Conditions, _ labels: [String: String]) -> Bool {
        for condition in selector {
            let value = labels[condition.key]
            let isListed = value.map(condition.values.contains) ?? false
            switch condition.name {
            case "In": if !isListed { return false }
            case "NotIn": if isListed { return false }
            case "Exists": if value == nil { return false }
            case "DoesNotExist": if value != nil { return false }
            default: return false
            }
        }
        return true
    }

    private func isOnAllowList(_ address: UInt32, _ kind: String, _ port: Int) -> Bool {
        allow.contains { entry in
            address & entry.mask == entry.network && (entry.kind == nil || entry.kind == kind)
                && (entry.port == nil || entry.port == port)
        }
    }

    private static let names = ["web/TCP": [31_337], "dns/TCP": [31_337], "dns/UDP": [31_337], "web/UDP": [31_337]]
    private static let environments: [String?] = [nil, "a", "b", "c"]
    private static let strangers: [Peer] = {
        let edges: [UInt32] = [
            0x0900_0001, 0x0a00_0000, 0x0a00_0007, 0x0a00_0008, 0x0a00_000f, 0x0a00_0010, 0x0a00_0100, 0x0aff_ffff,
            0x0b00_0000, 0x0a00_640a, 0x0a00_640b, 0xa9fe_a9fe, 0xa9fe_a9ff, 0xc0a8_0001, 0xc0a8_0703, 0xc0a8_8001,
            0x0808_0808,
        ]
        var found = edges.map { Peer(address: $0) }
        found += edges.map { Peer(namespace: "new", address: $0, ports: names) }
        for environment in environments { found += everyPod(in: "new", environment) }
        return found
    }()
    /// By the namespace's `env` label.
    private static let neighbours: [String?: [Peer]] = Dictionary(
        uniqueKeysWithValues: environments.map { ($0, everyPod(in: "ns0", $0)) }
    )

    private static func everyPod(in namespace: String, _ environment: String?) -> [Peer] {
        var space = ["kubernetes.io/metadata.name": namespace]
        space["env"] = environment
        // No allow list of these clusters holds this address, short of all addresses.
        // Selectors of these clusters look at a key twice at most, so no fourth value can make a difference.
        return everyChoice([:], of: environments).map {
            Peer(namespace: namespace, namespaceLabels: space, labels: $0, address: 0x0909_0909, ports: names)
        }
    }

    private var conceivablePeers: [Peer] {
        let own = peers["ns0/\(SmallCluster.target)"]?.namespaceLabels["env"]
        return Array(peers.values) + Self.strangers + (Self.neighbours[own] ?? [])
    }

    // MARK: reading

    private static func name(_ object: JSONValue) -> String { object[["metadata", "name"]]?.string ?? "" }

    private static func map(_ json: JSONValue?) -> [String: String] {
        var map: [String: String] = [:]
        for member in json?.object ?? [:] { map[member.key] = member.value.string }
        return map
    }

    private static func pod(_ object: JSONValue, _ place: String, _ labels: [String: String]) -> Peer {
        var ports: [String: [Int]] = [:]
        for port in object[["spec", "containers"]]?[0]?["ports"]?.array ?? [] {
            let key = "\(port["name"]?.string ?? "")/\(port["protocol"]?.string ?? "TCP")"
            ports[key, default: []].append(Int(port["containerPort"]?.integer ?? 0))
        }
        let address = object[["status", "podIPs"]]?[0]?["ip"]?.string ?? ""
        return Peer(
            namespace: place,
            namespaceLabels: labels,
            labels: map(object[["metadata", "labels"]]),
            address: number(address),
            ports: ports
        )
    }

    private static func policy(_ object: JSONValue, _ place: String) -> Policy {
        let spec = object["spec"]
        let egress = spec?["egress"]?.array ?? []
        var types = Set((spec?["policyTypes"]?.array ?? []).compactMap(\.string))
        if types.isEmpty { types = egress.isEmpty ? ["Ingress"] : ["Ingress", "Egress"] }
        return Policy(
            name: name(object),
            namespace: place,
            selector: conditions(spec?["podSelector"]),
            types: types,
            ingress: (spec?["ingress"]?.array ?? []).map { rule($0, "from") },
            egress: egress.map { rule($0, "to") },
            isManaged: object[["metadata", "annotations"]]?.object?.isEmpty == false
        )
    }

    private static func rule(_ json: JSONValue, _ side: String) -> Rule {
        let peers = (json[side]?.array ?? []).map { entry -> Rule.Entry in
            guard let range = entry["ipBlock"] else {
                return Rule.Entry(
                    pods: entry["podSelector"].map(conditions),
                    namespaces: entry["namespaceSelector"].map(conditions)
                )
            }
            let holes = (range["except"]?.array ?? []).map { block($0.string ?? "") }
            return Rule.Entry(block: block(range["cidr"]?.string ?? ""), holes: holes)
        }
        let ports = (json["ports"]?.array ?? []).map {
            entry -> (kind: String, name: String?, range: ClosedRange<Int>) in
            let first = entry["port"]?.integer.map { Int($0) }
            let last = entry["endPort"]?.integer.map { Int($0) } ?? first
            return (entry["protocol"]?.string ?? "TCP", entry["port"]?.string, (first ?? 0)...(last ?? 65_535))
        }
        return Rule(peers: peers, ports: ports)
    }

    private static func conditions(_ selector: JSONValue?) -> Conditions {
        var found: Conditions = map(selector?["matchLabels"]).map { ($0.key, "In", [$0.value]) }
        for entry in selector?["matchExpressions"]?.array ?? [] {
            let values = (entry["values"]?.array ?? []).compactMap(\.string)
            found.append((entry["key"]?.string ?? "", entry["operator"]?.string ?? "", values))
        }
        return found
    }

    private static func block(_ text: String) -> (network: UInt32, mask: UInt32) {
        let parts = text.split(separator: "/")
        let length = parts.count == 2 ? Int(parts[1]) ?? 32 : 32
        let mask: UInt32 = length == 0 ? 0 : ~0 << UInt32(32 - length)
        return (number(String(parts.first ?? "")) & mask, mask)
    }

    private static func number(_ address: String) -> UInt32 {
        address.split(separator: ".").reduce(0) { $0 << 8 | (UInt32($1) ?? 0) }
    }
}
