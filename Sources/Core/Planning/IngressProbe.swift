package import Vocabulary

/// Where a pod may be asked for a connection, to see from outside whether it is cut off.
package struct ProbeTarget: Sendable, Hashable, Codable {
    /// The pod's own address.
    package var address: IPAddress
    /// TCP ports that the pod declares, few.
    package var ports: [Int]
    /// The pod's node, and its addresses: whose connections say nothing, because no NetworkPolicy keeps a node from its pods.
    package var node: String
    package var nodeAddresses: [IPAddress]

    package init(address: IPAddress, ports: [Int], node: String, nodeAddresses: [IPAddress]) {
        self.address = address
        self.ports = ports
        self.node = node
        self.nodeAddresses = nodeAddresses
    }
}

/// What came of asking one port.
package enum PortAnswer: Sendable, Hashable {
    /// By way of this address of ours.
    case connected(from: IPAddress?)
    case refused
    case silent
    case failed
}

/// What was seen of a pod's ports from here, before it was cut off and after.
package struct IngressProbe: Sendable, Hashable {
    package var target: ProbeTarget
    /// The control: without a connection before, none afterwards means nothing.
    package var before: [Int: PortAnswer]
    package var after: [Int: PortAnswer]

    package init(target: ProbeTarget, before: [Int: PortAnswer], after: [Int: PortAnswer] = [:]) {
        self.target = target
        self.before = before
        self.after = after
    }

    /// Ports that took a connection from elsewhere than the pod's node, sorted: those that are worth a second look.
    package var controls: [Int] { target.ports.filter { source(before[$0]) != nil }.sorted() }

    /// Ports that still do.
    package var accepting: [Int] { target.ports.filter { source(after[$0]) != nil }.sorted() }

    /// Ports that took a connection and answer nothing now; a refusal may be the program's own.
    package var closed: [Int] { controls.filter { after[$0] == .silent } }

    /// Whether an answer is a connection that says something: its source in words.
    private func source(_ answer: PortAnswer?) -> String? {
        guard case .connected(let address)? = answer else { return nil }
        guard let address else { return "here" }
        return target.nodeAddresses.contains(address) ? nil : "\(address)"
    }

    /// Where the connections came from, for people.
    fileprivate func origin(of ports: [Int], in answers: [Int: PortAnswer]) -> String {
        Set(ports.compactMap { source(answers[$0]) }).sorted().joined(separator: " and ")
    }

    fileprivate func place(_ ports: [Int]) -> String {
        let address = target.address.family == .v6 ? "[\(target.address)]" : "\(target.address)"
        return "\(address), port \(ports.map(String.init).joined(separator: ", "))"
    }
}

extension ContainmentReport {
    /// The report with what a probe from outside saw.
    ///
    /// A connection that is still accepted disproves. One that is no longer accepted is said and proves no fact: the
    /// probe opens new connections from one place, and flows that were open before, or lead out, are others.
    package func considering(_ probe: IngressProbe) -> ContainmentReport {
        var report = self
        let (accepting, closed) = (probe.accepting, probe.closed)
        if !accepting.isEmpty {
            report.flows = .disproved
            report.reasons.append(
                "flows: a new connection from \(probe.origin(of: accepting, in: probe.after)) to the pod "
                    + "(\(probe.place(accepting))) is still accepted, so the isolation is not in force"
            )
        }
        if !closed.isEmpty {
            report.reasons.append(
                "flows: new connections from \(probe.origin(of: closed, in: probe.before)) to the pod "
                    + "(\(probe.place(closed))) were accepted before and are not now"
            )
        }
        return report
    }
}
