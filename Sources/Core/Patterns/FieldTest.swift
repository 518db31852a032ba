internal import Vocabulary

/// One alternative for the value of a field.
indirect enum FieldTest: Sendable, Hashable {
    case equals(JSONValue)
    /// A string that reads as an IP address: compared as an address.
    case address(IPAddress)
    case prefix(String)
    case suffix(String)
    case ignoringCase(CaselessText, CaselessText.Anchor)
    case wildcard(WildcardText)
    case numeric(NumericRange)
    case inside(CIDR)
    case present
    /// Present, and none of these.
    case noneOf([FieldTest])

    func accepts(_ leaf: JSONValue) -> Bool {
        switch self {
        case .equals(let wanted): Self.isSame(wanted, leaf)
        case .address(let address): leaf.string.flatMap(IPLiteral.address) == address
        case .prefix(let text): leaf.string.map { $0.utf8.starts(with: text.utf8) } ?? false
        case .suffix(let text): leaf.string.map { Self.ends($0, with: text) } ?? false
        case .ignoringCase(let text, let anchor): leaf.string.map { text.accepts($0, anchor) } ?? false
        case .wildcard(let text): leaf.string.map(text.accepts) ?? false
        case .numeric(let range): leaf.number.map(range.contains) ?? false
        case .inside(let block): leaf.string.flatMap(IPLiteral.address).map(block.contains) ?? false
        case .present: true
        case .noneOf(let tests): !tests.contains { $0.accepts(leaf) }
        }
    }

    private static func ends(_ text: String, with suffix: String) -> Bool {
        text.utf8.count >= suffix.utf8.count && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Numbers are the same when they are worth the same; beyond 2^53 a double proves nothing, so kinds must agree too.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        guard let a = left.number, let b = right.number, abs(a) <= 9_007_199_254_740_992 else { return false }
        if case .integer = left, case .integer = right { return false }
        return a == b
    }
}

/// The bounds of a `numeric` test.
struct NumericRange: Sendable, Hashable {
    var low = -Double.infinity
    var includesLow = true
    var high = Double.infinity
    var includesHigh = true

    func contains(_ number: Double) -> Bool {
        (includesLow ? number >= low : number > low) && (includesHigh ? number <= high : number < high)
    }
}
