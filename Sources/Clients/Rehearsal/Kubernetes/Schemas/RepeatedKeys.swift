/// Finds members that an object of a JSON text holds twice; the text is known to parse.
struct RepeatedKeys {
    private let bytes: [UInt8]
    private var place = 0
    private(set) var paths: [String] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        value("", depth: 0)
    }

    private mutating func value(_ path: String, depth: Int) {
        skipSpace()
        guard place < bytes.count, depth < 200 else { return }
        switch bytes[place] {
        case 0x7b: members(path, depth)
        case 0x5b: elements(path, depth)
        case 0x22: _ = string()
        default:
            while place < bytes.count, ![0x2c, 0x7d, 0x5d].contains(bytes[place]) { place += 1 }
        }
    }

    private mutating func members(_ path: String, _ depth: Int) {
        var seen: Set<String> = []
        place += 1
        while true {
            skipSpace()
            guard place < bytes.count, bytes[place] == 0x22 else { break }
            let key = string()
            let field = path.isEmpty ? key : "\(path).\(key)"
            if !seen.insert(key).inserted, !paths.contains(field) { paths.append(field) }
            skip(0x3a)
            value(field, depth: depth + 1)
            skip(0x2c)
        }
        skip(0x7d)
    }

    private mutating func elements(_ path: String, _ depth: Int) {
        place += 1
        var index = 0
        while true {
            skipSpace()
            guard place < bytes.count, bytes[place] != 0x5d else { break }
            let before = place
            value("\(path)[\(index)]", depth: depth + 1)
            skip(0x2c)
            index += 1
            guard place > before else { return }
        }
        skip(0x5d)
    }

    /// A string as written: escapes are not resolved, so two spellings of one key count as two.
    private mutating func string() -> String {
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != 0x22 { place += bytes[place] == 0x5c ? 2 : 1 }
        let text = String(decoding: bytes[start..<min(place, bytes.count)], as: UTF8.self)
        place += 1
        return text
    }

    private mutating func skip(_ sign: UInt8) {
        skipSpace()
        if place < bytes.count, bytes[place] == sign { place += 1 }
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
    }
}
