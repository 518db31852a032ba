/// Base64 (RFC 4648).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let sextets: [UInt8: UInt32] = {
        var table: [UInt8: UInt32] = [:]
        for (value, letter) in alphabet.enumerated() { table[letter] = UInt32(value) }
        return table
    }()

    /// With padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for place in 0..<3 { bits = bits << 8 | (place < group.count ? UInt32(group[start + place]) : 0) }
            for place in 0..<4 {
                let sextet = Int(bits >> UInt32(18 - 6 * place) & 0x3f)
                text.append(place <= group.count ? alphabet[sextet] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Padding may be left out; nil for anything outside the alphabet.
    package static func decode(_ text: String) -> [UInt8]? {
        var letters = Array(text.utf8)
        var padding = 0
        while letters.last == UInt8(ascii: "="), padding < 2 {
            letters.removeLast()
            padding += 1
        }
        guard letters.count % 4 != 1, padding == 0 || (letters.count + padding) % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var width: UInt32 = 0
        for letter in letters {
            guard let sextet = sextets[letter] else { return nil }
            bits = (bits << 6 | sextet) & 0xffff
            width += 6
            if width >= 8 {
                width -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> width))
            }
        }
        return bytes
    }

    /// With the URL's alphabet and without padding (section 5).
    package static func encodeForURL(_ bytes: [UInt8]) -> String {
        let text = encode(bytes).replacing("+", with: "-").replacing("/", with: "_")
        return String(text.prefix { $0 != "=" })
    }

    /// As services write it: in lines, or with the URL's alphabet; nil for everything else that is none.
    package static func decodeLoosely(_ text: String) -> [UInt8]? {
        let letters = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 0x0a, 0x0d: nil
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        return decode(String(decoding: letters, as: UTF8.self))
    }
}
