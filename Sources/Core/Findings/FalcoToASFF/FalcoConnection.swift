internal import Vocabulary

/// The connection that `fd.name` shows as `client:port->server:port`.
struct FalcoConnection {
    struct End: Hashable {
        var address: IPAddress
        var port: Int64
    }

    var local: End
    var remote: End
    var isOutbound: Bool
    var transport: String?

    init?(_ alert: FalcoAlert) {
        guard let name = alert.text(.fileName), let arrow = name.firstRange(of: "->"),
            let client = Self.end(name[..<arrow.lowerBound]), let server = Self.end(name[arrow.upperBound...])
        else { return nil }
        isOutbound = Self.isOutbound(alert, client, server)
        local = isOutbound ? client : server
        remote = isOutbound ? server : client
        transport = (alert.text(.transport) ?? alert.text(.layerProtocol))?.uppercased()
    }

    /// The port stands after the last colon, also of an IPv6 address without brackets.
    private static func end(_ text: Substring) -> End? {
        guard let colon = text.lastIndex(of: ":"), let port = Int64(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        return IPAddress(String(host)).map { End(address: $0, port: port) }
    }

    /// Whichever side Falco calls local; else what the system call does; Falco shows the client first.
    private static func isOutbound(_ alert: FalcoAlert, _ client: End, _ server: End) -> Bool {
        if client.port != server.port, let port = alert.integer(.localPort) {
            if port == client.port { return true }
            if port == server.port { return false }
        }
        if client.address != server.address, let local = alert.text(.localAddress).flatMap({ IPAddress($0) }) {
            if local == client.address { return true }
            if local == server.address { return false }
        }
        return !["accept", "accept4", "listen"].contains(alert.text(.eventType) ?? "")
    }

    /// The connection as ASFF's Action.
    ///
    /// It has no place for an IPv6 address: such a remote end stays in the product fields.
    func addAction(to text: inout JSONText) {
        text.beginObject("Action")
        text.add("ActionType", "NETWORK_CONNECTION")
        text.beginObject("NetworkConnectionAction")
        text.add("ConnectionDirection", isOutbound ? "OUTBOUND" : "INBOUND")
        text.beginObject("RemotePortDetails")
        text.add("Port", remote.port)
        text.endObject()
        text.beginObject("LocalPortDetails")
        text.add("Port", local.port)
        text.endObject()
        text.add("Blocked", false)
        if remote.address.family == .v4 {
            text.beginObject("RemoteIpDetails")
            text.add("IpAddressV4", remote.address.description)
            text.endObject()
        }
        text.add("Protocol", fitted: transport, 64)
        text.endObject()
        text.endObject()
    }
}
