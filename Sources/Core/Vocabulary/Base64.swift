/// Base64 (RFC 4648).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The six bits of each letter; 0xff for what is none.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: 0xff, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
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
    package static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }

    /// The same of bytes that somebody else owns.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var count = text.count
        while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        guard count % 4 != 1, count == text.count || text.count % 4 == 0 else { return nil }
        return decode(letters: text.extracting(first: count))
    }

    private static func decode(letters: Span<UInt8>) -> [UInt8]? {
        let table = sextets
        var bytes = [UInt8](repeating: 0, count: letters.count * 3 / 4)
        var output = bytes.mutableSpan
        var (place, end) = (0, 0)
        // No letter has bits beyond its six: one look at the end tells of all.
        var seen: UInt8 = 0
        while place &+ 4 <= letters.count {
            let (first, second) = (table[Int(letters[place])], table[Int(letters[place &+ 1])])
            let (third, fourth) = (table[Int(letters[place &+ 2])], table[Int(letters[place &+ 3])])
            seen |= first | second | third | fourth
            output[end] = first &<< 2 | second &>> 4
            output[end &+ 1] = second &<< 4 | third &>> 2
            output[end &+ 2] = third &<< 6 | fourth
            place &+= 4
            end &+= 3
        }
        if place < letters.count {
            let (first, second) = (table[Int(letters[place])], table[Int(letters[place + 1])])
            let third = place + 2 < letters.count ? table[Int(letters[place + 2])] : 0
            seen |= first | second | third
            output[end] = first &<< 2 | second &>> 4
            if place + 2 < letters.count { output[end + 1] = second &<< 4 | third &>> 2 }
        }
        return seen < 0x40 ? bytes : nil
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
        return decode(letters.span)
    }
}
