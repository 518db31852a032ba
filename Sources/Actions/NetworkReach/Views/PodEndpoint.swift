package import Vocabulary

/// A pod as the network sees it.
package struct PodEndpoint: Sendable, Hashable, Codable {
    /// A port that a container declares.
    package struct Port: Sendable, Hashable, Codable {
        package var name: String?
        package var number: Int
        package var `protocol`: TransportProtocol

        package init(name: String? = nil, number: Int, protocol: TransportProtocol = .tcp) {
            self.name = name
            self.number = number
            self.protocol = `protocol`
        }
    }

    package var namespace: String
    package var name: String
    package var uid: String
    package var labels: [String: String]
    /// In the order of `status.podIPs`.
    package var addresses: [IPAddress]
    package var ports: [Port]
    package var usesHostNetwork: Bool
    /// Nil until the pod is scheduled.
    package var node: String?
    /// Kind and name of the controller, such as `ReplicaSet checkout-6448bc4db8`.
    package var owner: String?
    package var isReady: Bool
    /// Whether it has ended: its address may belong to another pod by now.
    package var isFinished: Bool

    package init(
        namespace: String,
        name: String,
        uid: String = "",
        labels: [String: String] = [:],
        addresses: [IPAddress] = [],
        ports: [Port] = [],
        usesHostNetwork: Bool = false,
        node: String? = nil,
        owner: String? = nil,
        isReady: Bool = true,
        isFinished: Bool = false
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.labels = labels
        self.addresses = addresses
        self.ports = ports
        self.usesHostNetwork = usesHostNetwork
        self.node = node
        self.owner = owner
        self.isReady = isReady
        self.isFinished = isFinished
    }

    /// The numbers that a port's name stands for in this pod.
    package func ports(named name: PortName) -> PortSet {
        var set = PortSet()
        for port in ports where port.name == name.name && port.protocol == name.protocol {
            set.formUnion(PortSet(port.number...port.number, port.protocol))
        }
        return set
    }

    package var qualifiedName: String { "\(namespace)/\(name)" }
}

extension PodEndpoint {
    /// Reads a Pod of the API; nil when it has no name.
    package init?(json: JSONValue) {
        guard let metadata = json["metadata"], let name = metadata["name"]?.string else { return nil }
        let status = json["status"]
        let phase = status?["phase"]?.string
        self.init(
            namespace: metadata["namespace"]?.string ?? "default",
            name: name,
            uid: metadata["uid"]?.string ?? "",
            labels: metadata["labels"].stringMap,
            addresses: Self.addresses(status),
            ports: Self.ports(json["spec"]),
            usesHostNetwork: json[["spec", "hostNetwork"]]?.bool ?? false,
            node: json[["spec", "nodeName"]]?.nonBlank,
            owner: Self.controller(metadata),
            isReady: Self.isReady(status),
            isFinished: phase == "Succeeded" || phase == "Failed"
        )
    }

    private static func addresses(_ status: JSONValue?) -> [IPAddress] {
        let many = (status?["podIPs"]?.array ?? []).compactMap { $0["ip"]?.string }
        let texts = many.isEmpty ? [status?["podIP"]?.string].compactMap(\.self) : many
        return texts.compactMap { IPAddress($0) }
    }

    /// Of containers and of init containers that stay (sidecars), whose ports a name may mean as well.
    private static func ports(_ spec: JSONValue?) -> [Port] {
        let sidecars = (spec?["initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        var found: [Port] = []
        for container in (spec?["containers"]?.array ?? []) + sidecars {
            for port in container["ports"]?.array ?? [] {
                guard let number = port["containerPort"]?.integer, (1...65_535).contains(number) else { continue }
                let kind = TransportProtocol(rawValue: port["protocol"]?.string ?? "TCP")
                if let kind { found.append(Port(name: port["name"]?.string, number: Int(number), protocol: kind)) }
            }
        }
        return found
    }

    private static func controller(_ metadata: JSONValue) -> String? {
        let owners = metadata["ownerReferences"]?.array ?? []
        guard let owner = owners.first(where: { $0["controller"]?.bool == true }), let kind = owner["kind"]?.string,
            let name = owner["name"]?.string
        else { return nil }
        return "\(kind) \(name)"
    }

    private static func isReady(_ status: JSONValue?) -> Bool {
        (status?["conditions"]?.array ?? []).contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        }
    }
}

extension JSONValue? {
    /// The members of an object whose values are strings.
    package var stringMap: [String: String] {
        var map: [String: String] = [:]
        for member in self?.object ?? [:] { map[member.key] = member.value.string }
        return map
    }
}
