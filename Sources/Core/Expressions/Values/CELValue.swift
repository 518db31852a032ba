package import Vocabulary

/// A value of the Common Expression Language.
///
/// Swift's `==` here means "same type and same value" (NaN equals itself); CEL's own `==`, which compares numbers across
/// types, is `isEqual(to:)`.
package indirect enum CELValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([CELValue])
    case map(CELMap)
    case timestamp(CELTimestamp)
    case duration(CELDuration)
    case type(CELType)
    case optional(CELValue?)
    case address(IPAddress)
    case network(CELNetwork)
}

/// An address with a prefix length, such as `192.168.0.1/24`; host bits are kept.
package struct CELNetwork: Sendable, Hashable {
    package var address: IPAddress
    package var prefixLength: Int

    /// The block that holds the address, without host bits.
    package var block: CIDR { CIDR(address, prefixLength: prefixLength) }
}

extension CELValue {
    package var type: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .optional: .optional
        case .address: .address
        case .network: .network
        }
    }

    /// Whether `optional.ofNonZeroValue` takes this for nothing.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let flag): !flag
        case .int(let number): number == 0
        case .uint(let number): number == 0
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let elements): elements.isEmpty
        case .map(let map): map.isEmpty
        case .timestamp(let moment): moment.nanoseconds == 0
        case .duration(let length): length.nanoseconds == 0
        case .optional(let inner): inner == nil
        case .type, .address, .network: false
        }
    }
}

extension CELValue: Hashable {
    package static func == (left: CELValue, right: CELValue) -> Bool {
        switch left {
        case .null: if case .null = right { true } else { false }
        case .bool(let a): if case .bool(let b) = right { a == b } else { false }
        case .int(let a): if case .int(let b) = right { a == b } else { false }
        case .uint(let a): if case .uint(let b) = right { a == b } else { false }
        case .double(let a): if case .double(let b) = right { a == b || (a.isNaN && b.isNaN) } else { false }
        case .string(let a): if case .string(let b) = right { a.isIdentical(to: b) } else { false }
        case .bytes(let a): if case .bytes(let b) = right { a == b } else { false }
        case .list(let a): if case .list(let b) = right { a == b } else { false }
        case .map(let a): if case .map(let b) = right { a == b } else { false }
        case .timestamp(let a): if case .timestamp(let b) = right { a == b } else { false }
        case .duration(let a): if case .duration(let b) = right { a == b } else { false }
        case .type(let a): if case .type(let b) = right { a == b } else { false }
        case .optional(let a): if case .optional(let b) = right { a == b } else { false }
        case .address(let a): if case .address(let b) = right { a == b } else { false }
        case .network(let a): if case .network(let b) = right { a == b } else { false }
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        switch self {
        case .null: break
        case .bool(let flag): hasher.combine(flag)
        case .int(let number): hasher.combine(number)
        case .uint(let number): hasher.combine(number)
        case .double(let number): hasher.combine(number.isNaN ? 1 : number)
        case .string(let text): hasher.combine(text)
        case .bytes(let bytes): hasher.combine(bytes)
        case .list(let elements): hasher.combine(elements)
        case .map(let map): hasher.combine(map)
        case .timestamp(let moment): hasher.combine(moment)
        case .duration(let length): hasher.combine(length)
        case .type(let type): hasher.combine(type)
        case .optional(let inner): hasher.combine(inner)
        case .address(let address): hasher.combine(address)
        case .network(let network): hasher.combine(network)
        }
    }
}
