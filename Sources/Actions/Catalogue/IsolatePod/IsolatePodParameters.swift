internal import NetworkReach
internal import Vocabulary

/// The parameters of isolate-pod, read once more at its own border.
struct IsolatePodParameters {
    var allow: AllowList
    var patching: PatchPolicies

    /// How many destinations may be named: more would make a quarantine that nobody can check.
    private static let allowLimit = 64

    init(_ parameters: JSONValue) throws(ActionFault) {
        patching = .unmanaged
        if let word = parameters["patchPolicies"], !word.isNull {
            guard let mode = word.string.flatMap(PatchPolicies.init(rawValue:)) else {
                throw IsolationFault.parameter("patchPolicies", "is none of never, unmanaged and always").actionFault
            }
            patching = mode
        }
        let entries = parameters["allow"]?.array ?? []
        guard entries.count <= Self.allowLimit else {
            throw IsolationFault.parameter("allow", "names more than \(Self.allowLimit) destinations").actionFault
        }
        var list: [AllowList.Entry] = []
        for (place, entry) in entries.enumerated() { list.append(try Self.entry(entry, at: place)) }
        allow = AllowList(list)
    }

    private static func entry(_ entry: JSONValue, at place: Int) throws(ActionFault) -> AllowList.Entry {
        guard let block = entry["cidr"]?.string.flatMap({ CIDR($0) }) else {
            throw IsolationFault.parameter("allow[\(place)].cidr", "is no address block such as 10.0.0.7/32")
                .actionFault
        }
        let port = entry["port"]
        if let port, !port.isNull, !(1...65_535).contains(port.integer ?? 0) {
            throw IsolationFault.parameter("allow[\(place)].port", "is no port from 1 to 65535").actionFault
        }
        var kind: TransportProtocol?
        if let word = entry["protocol"], !word.isNull {
            kind = word.string.flatMap(TransportProtocol.init(rawValue:))
            guard kind != nil else {
                throw IsolationFault.parameter("allow[\(place)].protocol", "is none of TCP, UDP and SCTP").actionFault
            }
        }
        return AllowList.Entry(block, port: port?.integer.map { Int($0) }, protocol: kind)
    }
}
