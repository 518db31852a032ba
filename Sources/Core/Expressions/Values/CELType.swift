/// The type of a value as `type(x)` answers it.
package struct CELType: Sendable, Hashable, CustomStringConvertible {
    /// The name an expression uses for the type.
    package let name: String

    package init(_ name: String) { self.name = name }

    /// How a message names the type.
    package var description: String {
        switch self {
        case .null: "null"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .optional: "optional"
        case .address: "IP address"
        case .network: "CIDR block"
        default: name
        }
    }

    package static let null = CELType("null_type")
    package static let bool = CELType("bool")
    package static let int = CELType("int")
    package static let uint = CELType("uint")
    package static let double = CELType("double")
    package static let string = CELType("string")
    package static let bytes = CELType("bytes")
    package static let list = CELType("list")
    package static let map = CELType("map")
    package static let type = CELType("type")
    package static let timestamp = CELType("google.protobuf.Timestamp")
    package static let duration = CELType("google.protobuf.Duration")
    package static let optional = CELType("optional_type")
    package static let address = CELType("net.IP")
    package static let network = CELType("net.CIDR")

    /// Types that an expression may name.
    package static let named: [String: CELType] = {
        let all: [CELType] = [
            null, bool, int, uint, double, string, bytes, list, map, type, timestamp, duration, optional, address,
            network,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()
}
