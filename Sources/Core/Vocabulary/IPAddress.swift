/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Family: Sendable, Hashable { case v4, v6 }

    package let family: Family
    /// The address as a number; IPv4 in the low 32 bits.
    package let bits: UInt128

    package init(family: Family, bits: UInt128) {
        self.family = family
        self.bits = bits
    }

    package init?(_ text: String) {
        if let bits = Self.v4Bits(text) {
            self.init(family: .v4, bits: bits)
        } else if let bits = Self.v6Bits(text) {
            self.init(family: .v6, bits: bits)
        } else {
            return nil
        }
    }

    package var bitWidth: Int { family == .v4 ? 32 : 128 }

    package var description: String {
        switch family {
        case .v4: stride(from: 24, through: 0, by: -8).map { String(bits >> UInt128($0) & 0xff) }.joined(separator: ".")
        case .v6: Self.v6Text(bits)
        }
    }

    private static func v4Bits(_ text: String) -> UInt128? {
        var bits: UInt32 = 0
        var (dots, digits, number) = (0, 0, UInt32(0))
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | number
                (dots, digits, number) = (dots + 1, 0, 0)
            } else {
                // No digit follows a zero that begins a number.
                guard (0x30...0x39).contains(byte), digits == 0 || number > 0 else { return nil }
                number = number * 10 + UInt32(byte - 0x30)
                digits += 1
                guard number < 256 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? UInt128(bits << 8 | number) : nil
    }

    private static func v6Bits(_ text: String) -> UInt128? {
        guard text.utf8.count <= 45, text.utf8.contains(0x3a) else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = v6Groups(text[...]), groups.count == 8 else { return nil }
            return fold(groups)
        }
        guard let head = v6Groups(text[..<gap.lowerBound]), let tail = v6Groups(text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        return fold(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func v6Groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if place == parts.count - 1, part.contains("."), let v4 = v4Bits(String(part)) {
                groups += [UInt16(v4 >> 16), UInt16(v4 & 0xffff)]
            } else if (1...4).contains(part.utf8.count), part.utf8.first != 0x2b, let group = UInt16(part, radix: 16) {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }

    private static func fold(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// RFC 5952: lower case, the longest run of two or more zero groups shortened.
    private static func v6Text(_ bits: UInt128) -> String {
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
    }
}

/// A block of addresses, such as `10.0.0.0/8`; host bits are dropped.
package struct CIDR: Sendable, Hashable, CustomStringConvertible {
    package let network: IPAddress
    package let prefixLength: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
            length <= address.bitWidth
        else { return nil }
        self.init(address, prefixLength: length)
    }

    /// The block of `prefixLength` leading bits that holds the address.
    package init(_ address: IPAddress, prefixLength: Int) {
        let hostBits = UInt128(address.bitWidth - prefixLength)
        network = IPAddress(family: address.family, bits: hostBits >= 128 ? 0 : (address.bits >> hostBits) << hostBits)
        self.prefixLength = prefixLength
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.family == network.family && CIDR(address, prefixLength: prefixLength).network == network
    }

    package func contains(_ other: CIDR) -> Bool {
        other.prefixLength >= prefixLength && contains(other.network)
    }

    package var description: String { "\(network)/\(prefixLength)" }
}
