/// The body of `application/x-www-form-urlencoded`: pairs in order.
package enum FormBody {
    package struct Pair: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A space becomes a plus, as the SDKs of AWS write it.
    package static func encode(_ pairs: [Pair]) -> [UInt8] {
        var text = ""
        for (place, pair) in pairs.enumerated() {
            if place > 0 { text += "&" }
            text += "\(PercentEncoding.encode(pair.name))=\(PercentEncoding.encode(pair.value))"
        }
        // A percent sign of the text itself is escaped: this one can only be a space.
        return Array(text.replacing("%20", with: "+").utf8)
    }

    /// Nil when an escape is broken or the text is no UTF-8.
    package static func decode(_ body: [UInt8]) -> [Pair]? {
        var pairs: [Pair] = []
        for part in body.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(halves[0], plusIsSpace: true) else { return nil }
            guard halves.count > 1 else {
                pairs.append(Pair(name, ""))
                continue
            }
            guard let value = PercentEncoding.decode(halves[1], plusIsSpace: true) else { return nil }
            pairs.append(Pair(name, value))
        }
        return pairs
    }
}

/// RFC 3986 percent-encoding: everything but unreserved characters is escaped.
package enum PercentEncoding {
    package static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

    static func encode(_ bytes: [UInt8]) -> String {
        var encoded = ""
        for byte in bytes {
            if isUnreserved(byte) {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += "%" + hexDigit(byte >> 4) + hexDigit(byte & 15)
            }
        }
        return encoded
    }

    /// Nil when an escape is broken or the bytes are no UTF-8.
    package static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
        Self.bytes(bytes, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Nil when an escape is broken.
    static func bytes(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "%") else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard position + 2 <= bytes.endIndex, let high = hexValue(bytes[position]),
                let low = hexValue(bytes[position + 1])
            else { return nil }
            decoded.append(high << 4 | low)
            position += 2
        }
        return decoded
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
        default: false
        }
    }

    private static func hexDigit(_ value: UInt8) -> String { String(value, radix: 16, uppercase: true) }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
