internal import NetworkReach
internal import Vocabulary

/// The open flows of a pod, as a ConfigMap of a rehearsed world lists them.
///
/// The ConfigMap `firebreak-flows` lies in the pod's namespace; its member `flows.json` holds an array of
/// `{"pod": NAME, "direction": "egress", "remote": "203.0.113.9:4444", "protocol": "TCP"}`.
enum FlowTable {
    static let name = "firebreak-flows"
    private static let limit = 10_000

    /// Nil without a table, and for a table that cannot be read to its end: then nothing is known.
    static func flows(of pod: String, in objects: [JSONValue]) -> [NetworkFlow]? {
        guard let text = objects.first?["data"]?["flows.json"]?.string,
            let table = try? JSONReader.parse(text, limits: .init(bytes: 1 << 20, depth: 8)),  // unreadable: unknown
            let entries = table.array, entries.count <= limit
        else { return nil }
        var flows: [NetworkFlow] = []
        for entry in entries {
            guard let owner = entry["pod"]?.nonBlank else { return nil }
            guard owner == pod else { continue }
            guard let flow = flow(entry) else { return nil }
            flows.append(flow)
        }
        return flows
    }

    private static func flow(_ entry: JSONValue) -> NetworkFlow? {
        guard let remote = entry["remote"]?.string, let colon = remote.lastIndex(of: ":"),
            let port = Int(remote[remote.index(after: colon)...]), (0...65_535).contains(port),
            let address = IPAddress(String(remote[..<colon].filter { $0 != "[" && $0 != "]" })),
            let kind = TransportProtocol(rawValue: entry["protocol"]?.string ?? "TCP"),
            let direction = TrafficDirection(rawValue: entry["direction"].map { $0.string ?? "" } ?? "egress")
        else { return nil }
        return NetworkFlow(direction: direction, address: address, port: port, protocol: kind)
    }
}
