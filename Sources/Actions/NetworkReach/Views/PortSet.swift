/// The transport protocols that a NetworkPolicy can name.
package enum TransportProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"
}

/// A port that goes by its name, whose number only the pod behind it knows.
package struct PortName: Sendable, Hashable, Codable, Comparable {
    package var name: String
    package var `protocol`: TransportProtocol

    package init(_ name: String, _ protocol: TransportProtocol) {
        self.name = name
        self.protocol = `protocol`
    }

    package static func < (left: PortName, right: PortName) -> Bool {
        (left.name, left.protocol.rawValue) < (right.name, right.protocol.rawValue)
    }
}

/// A set of ports over the three protocols, kept as ranges.
package struct PortSet: Sendable, Hashable, Codable {
    package private(set) var tcp = PortRanges()
    package private(set) var udp = PortRanges()
    package private(set) var sctp = PortRanges()
    /// Whether protocols without ports, such as ICMP, are in the set: only a rule without ports lets them pass.
    package private(set) var hasOtherProtocols = false
    /// Names that no number is known for, sorted.
    package private(set) var names: [PortName] = []

    package init() {}

    package init(_ ports: ClosedRange<Int>, _ protocol: TransportProtocol) {
        self[`protocol`] = PortRanges([ports])
    }

    package init(named name: PortName) { names = [name] }

    /// Every port of every protocol, and what has no ports.
    package static let all: PortSet = {
        var set = PortSet()
        for kind in TransportProtocol.allCases { set[kind] = .all }
        set.hasOtherProtocols = true
        return set
    }()

    package subscript(_ kind: TransportProtocol) -> PortRanges {
        get {
            switch kind {
            case .tcp: tcp
            case .udp: udp
            case .sctp: sctp
            }
        }
        set {
            switch kind {
            case .tcp: tcp = newValue
            case .udp: udp = newValue
            case .sctp: sctp = newValue
            }
        }
    }

    package var isEmpty: Bool {
        tcp.isEmpty && udp.isEmpty && sctp.isEmpty && !hasOtherProtocols && names.isEmpty
    }

    package func contains(_ port: Int, _ protocol: TransportProtocol) -> Bool { self[`protocol`].contains(port) }

    package mutating func formUnion(_ other: PortSet) {
        for kind in TransportProtocol.allCases { self[kind] = self[kind].union(other[kind]) }
        hasOtherProtocols = hasOtherProtocols || other.hasOtherProtocols
        if !other.names.isEmpty { names = Set(names).union(other.names).sorted() }
    }

    package func union(_ other: PortSet) -> PortSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// What both hold; a name is in it when the other side has the same name or all ports of its protocol.
    package func intersection(_ other: PortSet) -> PortSet {
        var result = PortSet()
        for kind in TransportProtocol.allCases { result[kind] = self[kind].intersection(other[kind]) }
        result.hasOtherProtocols = hasOtherProtocols && other.hasOtherProtocols
        let mine = names.filter { other.names.contains($0) || other[$0.protocol] == .all }
        let theirs = other.names.filter { names.contains($0) || self[$0.protocol] == .all }
        result.names = Set(mine).union(theirs).sorted()
        return result
    }

    /// What this holds and the other does not.
    package func subtracting(_ other: PortSet) -> PortSet {
        var result = PortSet()
        for kind in TransportProtocol.allCases { result[kind] = self[kind].subtracting(other[kind]) }
        result.hasOtherProtocols = hasOtherProtocols && !other.hasOtherProtocols
        result.names = names.filter { !other.names.contains($0) && other[$0.protocol] != .all }
        return result
    }
}

extension PortSet: CustomStringConvertible {
    /// `all`, `none`, or `443/TCP, 8000-8100/TCP, 53/UDP`.
    package var description: String {
        if self == .all { return "all" }
        var parts: [String] = []
        for kind in TransportProtocol.allCases where !self[kind].isEmpty {
            parts += self[kind] == .all ? ["all/\(kind.rawValue)"] : self[kind].texts.map { "\($0)/\(kind.rawValue)" }
        }
        parts += names.map { "“\($0.name)”/\($0.protocol.rawValue)" }
        if hasOtherProtocols { parts.append("other protocols") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
