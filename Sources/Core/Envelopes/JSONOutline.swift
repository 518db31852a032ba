internal import Vocabulary

/// The places of the members or elements of a large JSON value, found without building it.
struct JSONOutline {
    struct Member {
        /// The key's bytes between its quotes, as written.
        var key: Range<Int>
        /// From the value's first byte to its last.
        var value: Range<Int>
    }

    let bytes: [UInt8]

    /// Visits the members of the object at `start` until the visitor says false.
    ///
    /// - Returns: the offset after the object, or of where the visitor stopped; nil when the object is broken.
    func members(at start: Int, _ visit: (Member) -> Bool) -> Int? {
        var position = start + 1
        guard var byte = next(&position) else { return nil }
        if byte == UInt8(ascii: "}") { return position + 1 }
        while true {
            guard byte == UInt8(ascii: "\""), let key = skip(&position), next(&position) == UInt8(ascii: ":") else {
                return nil
            }
            position += 1
            guard next(&position) != nil, let value = skip(&position) else { return nil }
            if !visit(Member(key: (key.lowerBound + 1)..<(key.upperBound - 1), value: value)) { return position }
            guard let end = next(&position) else { return nil }
            position += 1
            if end == UInt8(ascii: "}") { return position }
            guard end == UInt8(ascii: ","), let following = next(&position) else { return nil }
            byte = following
        }
    }

    /// The value of a member of the object at `start`; the last one of that name.
    func member(_ name: StaticString, at start: Int) -> Range<Int>? {
        var found: Range<Int>?
        _ = members(at: start) { member in
            if isKey(member.key, name) { found = member.value }
            return true
        }
        return found
    }

    /// Visits the keys of the object at `start`, with the places where their values begin, until the visitor says false.
    func keys(at start: Int, _ visit: (Range<Int>, Int) -> Bool) {
        var position = start + 1
        while next(&position) == UInt8(ascii: "\""), let key = skip(&position), next(&position) == UInt8(ascii: ":") {
            position += 1
            guard next(&position) != nil, visit((key.lowerBound + 1)..<(key.upperBound - 1), position),
                skip(&position) != nil, next(&position) == UInt8(ascii: ",")
            else { return }
            position += 1
        }
    }

    /// Whether a document is a subscription message, which may be larger than any other record.
    static func isSubscription(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = bytes[range].firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        return start.map { DocumentKind(bytes, at: $0) == .subscription } ?? false
    }

    /// The places of the elements of the array at `range`; nil when it is none or broken.
    func elements(of range: Range<Int>) -> [Range<Int>]? {
        guard bytes[range.lowerBound] == UInt8(ascii: "[") else { return nil }
        var position = range.lowerBound + 1
        var elements: [Range<Int>] = []
        guard next(&position) != UInt8(ascii: "]") else { return [] }
        while let element = skip(&position) {
            elements.append(element)
            guard let end = next(&position) else { return nil }
            if end == UInt8(ascii: "]") { return elements }
            position += 1
            guard end == UInt8(ascii: ","), next(&position) != nil else { return nil }
        }
        return nil
    }

    /// A small value, built; nil when it is broken.
    func value(_ range: Range<Int>) -> JSONValue? {
        let limits = JSONReader.Limits(bytes: .max, depth: JSONWalker.depthLimit, repairsUTF8: true)
        // What cannot be read counts as absent: the caller says what that means.
        return (try? JSONReader.parsePrefix(bytes, from: range.lowerBound, limits: limits))?.value
    }

    func isKey(_ range: Range<Int>, _ name: StaticString) -> Bool {
        range.count == name.utf8CodeUnitCount && bytes[range].elementsEqual(name.description.utf8)
    }

    private func next(_ position: inout Int) -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            case let byte: return byte
            }
        }
        return nil
    }

    private func skip(_ position: inout Int) -> Range<Int>? {
        let start = position
        var walker = JSONWalker()
        return walker.walk(bytes, &position, upTo: bytes.count) == .finished ? start..<position : nil
    }
}
