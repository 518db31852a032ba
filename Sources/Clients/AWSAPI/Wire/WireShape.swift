/// The shape of a value in a query or XML message, as far as JSON does not already say it.
package indirect enum WireShape: Sendable, Hashable {
    case string
    case integer
    case boolean
    /// RFC 3339 on both sides.
    case timestamp
    case list(of: WireShape)
    case structure([WireMember])
}

/// A member of a structure: its name in the API's model and its name on the wire.
package struct WireMember: Sendable, Hashable {
    package var name: String
    package var wireName: String
    package var shape: WireShape

    package init(_ name: String, _ wireName: String, _ shape: WireShape) {
        self.name = name
        self.wireName = wireName
        self.shape = shape
    }

    /// A member that has one name on both sides.
    package init(_ name: String, _ shape: WireShape) { self.init(name, name, shape) }
}
