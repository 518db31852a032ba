/// The text of queries and paths, percent-encoded and back (RFC 3986).
package enum KubernetesQuery {
    /// Joins pairs to a query in the order of their names; empty for none.
    package static func text(_ pairs: [String: String]) -> String {
        let sorted = pairs.sorted { $0.key < $1.key }
        return sorted.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&")
    }

    /// The target of a request: a path, and a query when there is one.
    package static func target(_ path: String, _ pairs: [String: String]) -> String {
        guard !pairs.isEmpty else { return path }
        return "\(path)?\(text(pairs))"
    }

    /// Splits a target into its path, still encoded, and the decoded pairs of its query.
    package static func split(_ target: String) -> (path: String, pairs: [(name: String, value: String)]) {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return (target, []) }
        var pairs: [(name: String, value: String)] = []
        for part in halves[1].split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count == 2 ? decoded(sides[1], plusIsSpace: true) : ""
            pairs.append((decoded(sides[0], plusIsSpace: true), value))
        }
        return (String(halves[0]), pairs)
    }

    package static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What does not decode stays as it is.
    package static func decoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var place = 0
        while place < source.count {
            let byte = source[place]
            if byte == 0x25, place + 2 < source.count, let high = value(source[place + 1]),
                let low = value(source[place + 2])
            {
                bytes.append(high << 4 | low)
                place += 3
                continue
            }
            bytes.append(plusIsSpace && byte == 0x2b ? 0x20 : byte)
            place += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
        default: false
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
