/// A name in which `*` stands for any characters, as few or as many.
package struct NamePattern: Sendable, Hashable {
    package let text: String
    /// What stands between the stars.
    private let pieces: [[UInt8]]

    package init(_ text: String) {
        self.text = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    package func matches(_ name: String) -> Bool {
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else {
            return name.utf8.elementsEqual(pieces.first ?? [])
        }
        let bytes = Array(name.utf8)
        guard bytes.count >= first.count + last.count, bytes.starts(with: first) else { return false }
        guard bytes.suffix(last.count).elementsEqual(last) else { return false }
        var rest = bytes[first.count..<(bytes.count - last.count)]
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let place = rest.firstRange(of: piece) else { return false }
            rest = rest[place.upperBound...]
        }
        return true
    }
}

/// Values by the name of a rule, a log group and the like; an exact name goes before a pattern, then the first one counts.
package struct NamedValues<Value: Sendable & Hashable>: Sendable, Hashable {
    private var exact: [String: Value] = [:]
    private var patterns: [(pattern: NamePattern, value: Value)] = []

    package init(_ pairs: [(String, Value)] = []) {
        for (name, value) in pairs {
            if name.utf8.contains(UInt8(ascii: "*")) {
                patterns.append((NamePattern(name), value))
            } else if exact[name] == nil {
                exact[name] = value
            }
        }
    }

    package var isEmpty: Bool { exact.isEmpty && patterns.isEmpty }

    package subscript(name: String) -> Value? {
        guard !isEmpty else { return nil }
        return exact[name] ?? patterns.first { $0.pattern.matches(name) }?.value
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.exact == right.exact && left.patterns.elementsEqual(right.patterns) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(exact)
        for one in patterns { hasher.combine(one.pattern) }
    }
}
