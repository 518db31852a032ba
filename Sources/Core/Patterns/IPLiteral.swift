internal import Vocabulary

/// IP addresses as the rule engine reads them: four decimal parts with leading zeros allowed, or hexadecimal IPv6.
enum IPLiteral {
    static func address(_ text: String) -> IPAddress? {
        guard (2...64).contains(text.utf8.count) else { return nil }
        if let address = dotted(text) { return address }
        guard text.utf8.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") }), let address = IPAddress(text),
            address.family == .v6
        else { return nil }
        // An IPv4-mapped address is the IPv4 address.
        return address.bits >> 32 == 0xffff ? IPAddress(family: .v4, bits: address.bits & 0xffff_ffff) : address
    }

    /// The block of a `cidr` test; nil where the engine refuses it: single addresses, mapped ones, host names.
    static func block(_ text: String) -> CIDR? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = address(String(parts[0])), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
            length < address.bitWidth
        else { return nil }
        return CIDR(address, prefixLength: length)
    }

    private static func dotted(_ text: String) -> IPAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt128 = 0
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let byte = UInt8(part) else {
                return nil
            }
            bits = bits << 8 | UInt128(byte)
        }
        return IPAddress(family: .v4, bits: bits)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
