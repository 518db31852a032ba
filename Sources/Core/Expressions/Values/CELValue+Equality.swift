import Vocabulary

extension CELValue {
    /// CEL's `==`: numbers by value across types, everything else only within one type.
    package func isEqual(to other: CELValue) -> Bool {
        switch (self, other) {
        case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint),
            (.double, .double):
            return NumberOrder(self, other) == .same
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
        case (.map(let a), .map(let b)):
            guard a.count == b.count else { return false }
            for (key, value) in zip(a.keys, a.values) {
                guard let counterpart = b[key], value.isEqual(to: counterpart) else { return false }
            }
            return true
        case (.optional(let a?), .optional(let b?)):
            return a.isEqual(to: b)
        case (.address(let a), .address(let b)):
            return a.unmapped == b.unmapped
        default:
            return self == other
        }
    }
}

/// How two numbers of any type stand to each other.
enum NumberOrder {
    case less
    case same
    case more
    /// One of them is NaN.
    case unordered

    /// Nil when one of the values is no number.
    init?(_ left: CELValue, _ right: CELValue) {
        switch (left, right) {
        case (.int(let a), .int(let b)): self.init(a, b)
        case (.uint(let a), .uint(let b)): self.init(a, b)
        case (.double(let a), .double(let b)): self.init(a, b)
        case (.int(let a), .uint(let b)): self = a < 0 ? .less : NumberOrder(UInt64(a), b)
        case (.uint(let a), .int(let b)): self = b < 0 ? .more : NumberOrder(a, UInt64(b))
        // As in the reference implementations: within the range the integer is rounded to a double first.
        case (.int(let a), .double(let b)): self.init(Double(a), b)
        case (.double(let a), .int(let b)): self.init(a, Double(b))
        case (.uint(let a), .double(let b)): self.init(Double(a), b)
        case (.double(let a), .uint(let b)): self.init(a, Double(b))
        default: return nil
        }
    }

    private init<Number: Comparable>(_ left: Number, _ right: Number) {
        self = left < right ? .less : left == right ? .same : left > right ? .more : .unordered
    }
}

extension IPAddress {
    /// An IPv4 address written as IPv6 (`::ffff:c0a8:1`) as the IPv4 address it stands for.
    var unmapped: IPAddress {
        guard family == .v6, bits >> 32 == 0xffff else { return self }
        return IPAddress(family: .v4, bits: bits & 0xffff_ffff)
    }
}
