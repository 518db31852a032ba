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
        guard let name = alert.text(.fileName), let arrow = Self.arrow(name),
            let client = Self.end(name[..<arrow.lowerBound]), let server = Self.end(name[arrow.upperBound...])
        else { return nil }
        isOutbound = Self.isOutbound(alert, client, server)
        local = isOutbound ? client : server
        remote = isOutbound ? server : client
        transport = (alert.text(.transport) ?? alert.text(.layerProtocol))?.uppercased()
    }

    private static func arrow(_ name: String) -> Range<String.Index>? {
        // Files and pipes, which have none, are most.
        name.utf8.contains(UInt8(ascii: ">")) ? name.firstRange(of: "->") : nil
    }

    /// The port stands after the last colon, also of an IPv6 address without brackets.
    private static func end(_ text: Substring) -> End? {
        // Bytes are characters where all are ASCII.
        ByteScan.isASCII(text.utf8.span)
            ? end(text, text.utf8, UInt8(ascii: ":"), open: UInt8(ascii: "["), close: UInt8(ascii: "]"))
            : end(text, text, ":", open: "[", close: "]")
    }

    private static func end<Letters: BidirectionalCollection>(
        _ text: Substring,
        _ letters: Letters,
        _ colon: Letters.Element,
        open: Letters.Element,
        close: Letters.Element
    ) -> End? where Letters.Element: Equatable, Letters.Index == String.Index {
        guard let last = letters.lastIndex(of: colon), let port = Int64(text[letters.index(after: last)...]),
            (0...65_535).contains(port)
        else { return nil }
        let start = letters[..<last].firstIndex { $0 != open } ?? last
        let end = letters[start..<last].firstIndex(of: close) ?? last
        return IPAddress(String(text[start..<end])).map { End(address: $0, port: port) }
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
