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
        guard let name = alert.text("fd.name"), let arrow = name.firstRange(of: "->"),
            let client = Self.end(name[..<arrow.lowerBound]), let server = Self.end(name[arrow.upperBound...])
        else { return nil }
        isOutbound = Self.isOutbound(alert, client, server)
        local = isOutbound ? client : server
        remote = isOutbound ? server : client
        transport = alert.text(["fd.l4proto", "fd.proto"])?.uppercased()
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
        if client.port != server.port, let port = alert.integer("fd.lport") {
            if port == client.port { return true }
            if port == server.port { return false }
        }
        if client.address != server.address, let local = alert.text("fd.lip").flatMap({ IPAddress($0) }) {
            if local == client.address { return true }
            if local == server.address { return false }
        }
        return !["accept", "accept4", "listen"].contains(alert.text("evt.type") ?? "")
    }

    /// The connection as ASFF's Action.
    ///
    /// It has no place for an IPv6 address: such a remote end stays in the product fields.
    var action: JSONValue {
        var details: JSONObject = [
            "ConnectionDirection": .string(isOutbound ? "OUTBOUND" : "INBOUND"),
            "RemotePortDetails": ["Port": .integer(remote.port)],
            "LocalPortDetails": ["Port": .integer(local.port)],
            "Blocked": false,
        ]
        if remote.address.family == .v4 {
            details["RemoteIpDetails"] = ["IpAddressV4": .string(remote.address.description)]
        }
        details["Protocol"] = transport.flatMap { FittedText.fit($0, 64) }.map(JSONValue.string)
        return ["ActionType": "NETWORK_CONNECTION", "NetworkConnectionAction": .object(details)]
    }
}
