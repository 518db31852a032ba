package import Vocabulary

/// Addresses that a policy names, with holes in them.
package struct AddressBlock: Sendable, Hashable, Codable, CustomStringConvertible {
    package var range: CIDR
    package var except: [CIDR]

    package init(_ range: CIDR, except: [CIDR] = []) {
        self.range = range
        self.except = except
    }

    package func contains(_ address: IPAddress) -> Bool {
        range.contains(address) && !except.contains { $0.contains(address) }
    }

    package var description: String {
        except.isEmpty ? "\(range)" : "\(range) except " + except.map(\.description).joined(separator: ", ")
    }
}

/// One entry of `from` or `to`.
package enum PolicyPeer: Sendable, Hashable, Codable {
    /// A nil namespace selector means the policy's own namespace; a nil pod selector means every pod.
    case pods(LabelSelector?, namespaces: LabelSelector?)
    case block(AddressBlock)
    /// Not readable: reckoned with as everybody.
    case anyone
}

/// One entry of `ports`.
package struct PolicyPort: Sendable, Hashable, Codable {
    package enum Target: Sendable, Hashable, Codable {
        case every
        case numbers(ClosedRange<Int>)
        case named(String)
    }

    package var `protocol`: TransportProtocol
    package var target: Target

    package init(_ protocol: TransportProtocol, _ target: Target) {
        self.protocol = `protocol`
        self.target = target
    }
}

/// One rule: any of its peers on any of its ports; an empty list means all.
package struct PolicyRule: Sendable, Hashable, Codable {
    package var peers: [PolicyPeer]
    package var ports: [PolicyPort]

    package init(peers: [PolicyPeer] = [], ports: [PolicyPort] = []) {
        self.peers = peers
        self.ports = ports
    }

    /// The ports of the rule; `pod` is the destination, which alone knows what a port's name means.
    ///
    /// Without a destination the names stay names.
    package func portSet(at pod: PodEndpoint?) -> PortSet {
        guard !ports.isEmpty else { return .all }
        var set = PortSet()
        for port in ports {
            switch port.target {
            case .every: set.formUnion(PortSet(0...65_535, port.protocol))
            case .numbers(let range): set.formUnion(PortSet(range, port.protocol))
            case .named(let name):
                let name = PortName(name, port.protocol)
                set.formUnion(pod?.ports(named: name) ?? PortSet(named: name))
            }
        }
        return set
    }

    /// The ports of the rule at an address outside the cluster, where a port's name means nothing.
    package var portSetOutside: PortSet {
        guard !ports.isEmpty else { return .all }
        let numbered = ports.filter { if case .named = $0.target { false } else { true } }
        return numbered.isEmpty ? PortSet() : PolicyRule(ports: numbered).portSet(at: nil)
    }
}

extension PolicyRule {
    /// Reads one element of `ingress` or `egress`.
    init(json: JSONValue, peersAt key: String) {
        peers = (json[key]?.array ?? []).map { PolicyPeer(json: $0) }
        let entries = json["ports"]?.array ?? []
        let readable = entries.compactMap { PolicyPort(json: $0) }
        // An entry that the API server would have refused is reckoned with as "every port", never as "none".
        ports = readable.count == entries.count ? readable : []
    }
}

extension PolicyPeer {
    init(json: JSONValue) {
        if let block = json["ipBlock"], !block.isNull {
            let except = (block["except"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
            self =
                block["cidr"]?.string.flatMap { CIDR($0) }.map { .block(AddressBlock($0, except: except)) } ?? .anyone
            return
        }
        let pods = LabelSelector(json: json["podSelector"])
        let namespaces = LabelSelector(json: json["namespaceSelector"])
        self = pods == nil && namespaces == nil ? .anyone : .pods(pods, namespaces: namespaces)
    }
}

extension PolicyPort {
    /// Nil for a protocol that no NetworkPolicy can name.
    init?(json: JSONValue) {
        guard let kind = TransportProtocol(rawValue: json["protocol"]?.string ?? "TCP") else { return nil }
        let first = json["port"]
        if let name = first?.string {
            self.init(kind, .named(name))
        } else if let number = first?.integer {
            guard (0...65_535).contains(number) else { return nil }
            let last = json["endPort"]?.integer ?? number
            guard (number...65_535).contains(last) else { return nil }
            self.init(kind, .numbers(Int(number)...Int(last)))
        } else {
            self.init(kind, .every)
        }
    }
}
