internal import KubernetesAPI
internal import Vocabulary

/// The pods that have an address, and what a policy comes to among them, as the VPC CNI's controller works it out.
///
/// Addresses of Services are not resolved; named ports are, by the ports of the containers.
struct PodNetwork {
    private struct Member {
        var namespace: String
        var name: String
        var address: String
        var host: String
        var labels: [String: String]
        var ports: [(name: String, number: Int64)]
    }

    private var members: [Member] = []
    private var namespaces: [String: [String: String]] = [:]

    init(_ cluster: RehearsalCluster) {
        for (key, object) in cluster.objects.sorted(by: { $0.key < $1.key }) where key.group.isEmpty {
            if key.plural == "namespaces" { namespaces[key.name] = object.labels }
            guard key.plural == "pods", let address = object["status"]?["podIP"]?.nonBlank,
                object["spec"]?["hostNetwork"]?.bool != true,
                !["Succeeded", "Failed"].contains(object["status"]?["phase"]?.string ?? "")
            else { continue }
            members.append(
                Member(
                    namespace: key.namespace,
                    name: key.name,
                    address: address,
                    host: object["status"]?["hostIP"]?.string ?? "",
                    labels: object.labels,
                    ports: Self.ports(of: object)
                )
            )
        }
    }

    private static func ports(of pod: JSONValue) -> [(name: String, number: Int64)] {
        var list: [(name: String, number: Int64)] = []
        for container in pod["spec"]?["containers"]?.array ?? [] {
            for port in container["ports"]?.array ?? [] {
                guard let name = port["name"]?.nonBlank, let number = port["containerPort"]?.integer else { continue }
                list.append((name, number))
            }
        }
        return list
    }

    func endpointSpec(_ policy: JSONValue, in namespace: String) -> JSONValue {
        let spec = policy["spec"] ?? .null
        let selector = LabelSelector(spec["podSelector"] ?? .null)
        let selected = members.filter { $0.namespace == namespace && selector.matches($0.labels) }
        var endpoints: [JSONValue] = []
        for member in selected {
            endpoints.append([
                "name": .string(member.name), "namespace": .string(namespace), "podIP": .string(member.address),
                "hostIP": .string(member.host),
            ])
        }
        var result: JSONObject = [
            "policyRef": ["name": .string(policy.objectName), "namespace": .string(namespace)],
            "podSelector": spec["podSelector"] ?? [:], "podIsolation": spec["policyTypes"] ?? ["Ingress"],
            "podSelectorEndpoints": .array(endpoints),
        ]
        let ingress = entries(spec["ingress"], "from", namespace, targets: selected)
        let egress = entries(spec["egress"], "to", namespace, targets: nil)
        if !ingress.isEmpty { result["ingress"] = .array(ingress) }
        if !egress.isEmpty { result["egress"] = .array(egress) }
        return .object(result)
    }

    private func entries(
        _ rules: JSONValue?,
        _ side: String,
        _ namespace: String,
        targets: [Member]?
    ) -> [JSONValue] {
        var list: [JSONValue] = []
        for rule in rules?.array ?? [] {
            let peers = rule[side]?.array ?? []
            if peers.isEmpty {
                for anywhere in ["0.0.0.0/0", "::/0"] {
                    list.append(entry(["cidr": .string(anywhere)], rule, targets ?? []))
                }
            }
            for peer in peers {
                if let block = peer["ipBlock"] {
                    var members: JSONObject = ["cidr": block["cidr"] ?? ""]
                    if let except = block["except"] { members["except"] = except }
                    list.append(entry(members, rule, targets ?? []))
                } else {
                    for member in reached(peer, from: namespace) {
                        list.append(entry(["cidr": .string(member.address)], rule, targets ?? [member]))
                    }
                }
            }
        }
        return list
    }

    private func reached(_ peer: JSONValue, from namespace: String) -> [Member] {
        let pods = LabelSelector(peer["podSelector"] ?? .null)
        let spaces = peer["namespaceSelector"].map { LabelSelector($0) }
        return members.filter { member in
            let isThere = spaces?.matches(namespaces[member.namespace] ?? [:]) ?? (member.namespace == namespace)
            return isThere && pods.matches(member.labels)
        }
    }

    private func entry(_ place: JSONObject, _ rule: JSONValue, _ targets: [Member]) -> JSONValue {
        guard let ports = rule["ports"]?.array, !ports.isEmpty else { return .object(place) }
        var list: [JSONValue] = []
        for port in ports {
            var entry: JSONObject = ["protocol": port["protocol"] ?? "TCP"]
            if let name = port["port"]?.string {
                var numbers: Set<Int64> = []
                for target in targets { numbers.formUnion(target.ports.filter { $0.name == name }.map(\.number)) }
                for number in numbers.sorted() {
                    entry["port"] = .integer(number)
                    list.append(.object(entry))
                }
            } else {
                if let number = port["port"] { entry["port"] = number }
                if let end = port["endPort"] { entry["endPort"] = end }
                list.append(.object(entry))
            }
        }
        var result = place
        result["ports"] = .array(list)
        return .object(result)
    }
}
