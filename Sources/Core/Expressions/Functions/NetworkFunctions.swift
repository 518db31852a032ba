import Vocabulary

/// The network extension: addresses and blocks of addresses, as in Kubernetes.
enum NetworkFunctions {
    static let all: [Function] = parsing + questions + blocks

    private static let parsing: [Function] = [
        Function("ip", [Overload([.string], .address)]) { (arguments, _) throws(ExpressionFault) in
            guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
            return .address(try address(text))
        },
        Function("cidr", [Overload([.string], .network)]) { (arguments, _) throws(ExpressionFault) in
            guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
            return .network(try network(text))
        },
        Function("isIP", [Overload([.string], .bool)]) { arguments, _ in
            guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
            return .bool(plainAddress(text) != nil)
        },
        Function("isCIDR", [Overload([.string], .bool)]) { arguments, _ in
            guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
            return .bool(plainNetwork(text) != nil)
        },
        Function("ip.isCanonical", [Overload([.string], .bool)]) { (arguments, _) throws(ExpressionFault) in
            guard arguments.count == 1, case .string(let text) = arguments[0] else { return nil }
            return .bool(try address(text).description.isIdentical(to: text))
        },
    ]

    private static let questions: [Function] = [
        question("isUnspecified", \.isUnspecified), question("isLoopback", \.isLoopback),
        question("isGlobalUnicast", \.isGlobalUnicast), question("isLinkLocalMulticast", \.isLinkLocalMulticast),
        question("isLinkLocalUnicast", \.isLinkLocalUnicast),
        Function("family", isMember: true, [Overload([.address], .int)]) { arguments, _ in
            guard arguments.count == 1, case .address(let address) = arguments[0] else { return nil }
            return .int(address.family == .v4 ? 4 : 6)
        },
    ]

    private static func question(
        _ name: String,
        _ answer: @escaping @Sendable (IPAddress) -> Bool
    ) -> Function {
        Function(name, isMember: true, [Overload([.address], .bool)]) { arguments, _ in
            guard arguments.count == 1, case .address(let address) = arguments[0] else { return nil }
            return .bool(answer(address))
        }
    }

    private static let blocks: [Function] = [
        part("ip", .address) { .address($0.address) },
        part("masked", .network) {
            .network(CELNetwork(address: $0.block.network, prefixLength: $0.prefixLength))
        },
        part("prefixLength", .int) { .int(Int64($0.prefixLength)) },
        Function(
            "containsIP",
            isMember: true,
            [Overload([.network, .address], .bool), Overload([.network, .string], .bool)],
            containsAddress
        ),
        Function(
            "containsCIDR",
            isMember: true,
            [Overload([.network, .network], .bool), Overload([.network, .string], .bool)],
            containsBlock
        ),
    ]

    private static func part(
        _ name: String,
        _ result: ExpressionType,
        _ read: @escaping @Sendable (CELNetwork) -> CELValue
    ) -> Function {
        Function(name, isMember: true, [Overload([.network], result)]) { arguments, _ in
            guard arguments.count == 1, case .network(let network) = arguments[0] else { return nil }
            return read(network)
        }
    }

    @Sendable private static func containsAddress(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 2, case .network(let network) = arguments[0] else { return nil }
        switch arguments[1] {
        case .address(let address): return .bool(network.block.contains(address))
        case .string(let text): return .bool(network.block.contains(try address(text)))
        default: return nil
        }
    }

    @Sendable private static func containsBlock(
        _ arguments: [CELValue],
        _ run: inout Evaluation
    ) throws(ExpressionFault) -> CELValue? {
        guard arguments.count == 2, case .network(let block) = arguments[0] else { return nil }
        switch arguments[1] {
        case .network(let other): return .bool(block.block.contains(other.block))
        case .string(let text): return .bool(block.block.contains(try network(text).block))
        default: return nil
        }
    }
}

// MARK: - Reading

extension NetworkFunctions {
    private static func address(_ text: String) throws(ExpressionFault) -> IPAddress {
        guard let address = plainAddress(text) else {
            throw .evaluation(
                "\(Selection.shown(.string(text))) is no IP address; zones and ::ffff:1.2.3.4 are not taken"
            )
        }
        return address
    }

    /// An IPv4 address inside an IPv6 one, written with points, is refused as in Kubernetes.
    private static func plainAddress(_ text: String) -> IPAddress? {
        guard let address = IPAddress(text) else { return nil }
        let isMapped = address.unmapped != address && text.utf8.contains(UInt8(ascii: "."))
        return isMapped ? nil : address
    }

    private static func network(_ text: String) throws(ExpressionFault) -> CELNetwork {
        guard let network = plainNetwork(text) else {
            throw .evaluation("\(Selection.shown(.string(text))) is no CIDR block such as 10.0.0.0/8")
        }
        return network
    }

    private static func plainNetwork(_ text: String) -> CELNetwork? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = plainAddress(String(parts[0])),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
            length <= address.bitWidth, parts[1].utf8.count == 1 || parts[1].utf8.first != 0x30
        else { return nil }
        return CELNetwork(address: address, prefixLength: length)
    }
}

// MARK: - Kinds of addresses

extension IPAddress {
    /// The leading bits as a number.
    private func leading(_ count: Int) -> UInt128 { bits >> UInt128(bitWidth - count) }

    fileprivate var isUnspecified: Bool { bits == 0 }
    fileprivate var isLoopback: Bool { family == .v4 ? leading(8) == 127 : bits == 1 }
    private var isMulticast: Bool { family == .v4 ? leading(4) == 0xe : leading(8) == 0xff }
    fileprivate var isLinkLocalMulticast: Bool {
        family == .v4 ? leading(24) == 0xe0_0000 : leading(8) == 0xff && leading(16) & 0xf == 2
    }
    fileprivate var isLinkLocalUnicast: Bool { family == .v4 ? leading(16) == 0xa9fe : leading(10) == 0x3fa }

    fileprivate var isGlobalUnicast: Bool {
        let isBroadcast = family == .v4 && bits == 0xffff_ffff
        return !(isBroadcast || isUnspecified || isLoopback || isMulticast || isLinkLocalUnicast)
    }
}
