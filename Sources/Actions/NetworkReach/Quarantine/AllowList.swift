package import Vocabulary

/// The destinations that a quarantined pod may still reach; nothing may reach the pod.
package struct AllowList: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package var destination: CIDR
        /// Nil: every port of the protocol, or of all protocols when that is nil too.
        package var port: Int?
        package var `protocol`: TransportProtocol?

        package init(_ destination: CIDR, port: Int? = nil, protocol: TransportProtocol? = nil) {
            self.destination = destination
            self.port = port
            self.protocol = `protocol`
        }

        package var ports: PortSet {
            if let port { return PortSet(port...port, self.protocol ?? .tcp) }
            return self.protocol.map { PortSet(0...65_535, $0) } ?? .all
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// Whether traffic to some of these addresses on some of these ports is beyond the list.
    ///
    /// Cuts the range where an entry begins or ends; between two cuts all addresses have the same ports allowed.
    package func leavesOut(_ ports: PortSet, at range: AddressRange) -> Bool {
        if ports.isEmpty { return false }
        let near = entries.map { (AddressRange($0.destination), $0.ports) }.filter {
            $0.0.family == range.family && $0.0.bounds.overlaps(range.bounds)
        }
        var starts: Set<UInt128> = [range.bounds.lowerBound]
        for (entry, _) in near {
            starts.insert(max(entry.bounds.lowerBound, range.bounds.lowerBound))
            if entry.bounds.upperBound < range.bounds.upperBound { starts.insert(entry.bounds.upperBound + 1) }
        }
        return starts.contains { start in
            var rest = ports
            for (entry, allowed) in near where entry.bounds.contains(start) { rest = rest.subtracting(allowed) }
            return !rest.isEmpty
        }
    }
}
