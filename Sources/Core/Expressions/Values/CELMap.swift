import Vocabulary

/// A map with keys that are bool, int, uint or string, in order of insertion.
///
/// Integers that are equal are one key, whatever their type: 1 and 1u.
package struct CELMap: Sendable {
    package private(set) var keys: [CELValue] = []
    package private(set) var values: [CELValue] = []
    /// Positions by key, kept only above `indexThreshold` entries: small maps are faster to scan.
    private var index: [Key: Int]?
    private static let indexThreshold = 12

    /// What decides whether two keys are the same.
    private enum Key: Hashable {
        case bool(Bool)
        case int(Int64)
        case uint(UInt64)
        case string(String)

        static func == (left: Key, right: Key) -> Bool {
            switch (left, right) {
            case (.bool(let a), .bool(let b)): a == b
            case (.int(let a), .int(let b)): a == b
            case (.uint(let a), .uint(let b)): a == b
            case (.string(let a), .string(let b)): a.isIdentical(to: b)
            case (.bool, _), (.int, _), (.uint, _), (.string, _): false
            }
        }

        func hash(into hasher: inout Hasher) {
            switch self {
            case .bool(let flag): hasher.combine(flag)
            case .int(let number): hasher.combine(number)
            case .uint(let number): hasher.combine(number)
            case .string(let text): hasher.combine(text)
            }
        }

        /// Nil for what can be no key; a double stands for the integer it equals.
        init?(_ value: CELValue) {
            switch value {
            case .bool(let flag): self = .bool(flag)
            case .int(let number): self = .int(number)
            case .uint(let number): self = Int64(exactly: number).map { .int($0) } ?? .uint(number)
            case .string(let text): self = .string(text)
            case .double(let number):
                if let whole = Int64(exactly: number) {
                    self = .int(whole)
                } else if let whole = UInt64(exactly: number) {
                    self = .uint(whole)
                } else {
                    return nil
                }
            case .null, .bytes, .list, .map, .timestamp, .duration, .type, .optional, .address, .network: return nil
            }
        }
    }

    package init() {}

    /// Of repeated keys the last one wins; entries whose key is of no key type are left out.
    package init(_ entries: [(CELValue, CELValue)]) {
        for (key, value) in entries { set(key, value) }
    }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }

    /// The value under an equal key; nil when there is none.
    package subscript(key: CELValue) -> CELValue? {
        if case .string(let text) = key { return self[text] }
        return Key(key).flatMap(position).map { values[$0] }
    }

    package subscript(key: String) -> CELValue? { position(.string(key)).map { values[$0] } }

    /// Whether the value may be a key in a map.
    static func isKey(_ value: CELValue) -> Bool {
        switch value {
        case .bool, .int, .uint, .string: true
        case .null, .double, .bytes, .list, .map, .timestamp, .duration, .type, .optional, .address, .network: false
        }
    }

    /// Adds an entry.
    /// - Returns: false, and no change, when the key is taken or of no key type.
    package mutating func insert(_ key: CELValue, _ value: CELValue) -> Bool {
        guard Self.isKey(key), let exact = Key(key), position(exact) == nil else { return false }
        append(exact, key, value)
        return true
    }

    private mutating func set(_ key: CELValue, _ value: CELValue) {
        guard Self.isKey(key), let exact = Key(key) else { return }
        if let place = position(exact) { values[place] = value } else { append(exact, key, value) }
    }

    private mutating func append(_ exact: Key, _ key: CELValue, _ value: CELValue) {
        keys.append(key)
        values.append(value)
        if index != nil {
            index?[exact] = keys.count - 1
        } else if keys.count > Self.indexThreshold {
            var fresh: [Key: Int] = [:]
            for (place, key) in keys.enumerated() {
                if let exact = Key(key) { fresh[exact] = place }
            }
            index = fresh
        }
    }

    private func position(_ key: Key) -> Int? {
        if let index { return index[key] }
        if case .string(let wanted) = key {
            return keys.firstIndex { if case .string(let text) = $0 { text.isIdentical(to: wanted) } else { false } }
        }
        return keys.firstIndex { Key($0) == key }
    }

    /// The key as it was written, for comparing keys by type too.
    fileprivate func writtenKey(like key: CELValue) -> CELValue? { Key(key).flatMap(position).map { keys[$0] } }
}

extension CELMap: Hashable {
    package static func == (left: CELMap, right: CELMap) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in zip(left.keys, left.values) {
            guard right.writtenKey(like: key) == key, right[key] == value else { return false }
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in zip(keys, values) {
            var part = Hasher()
            part.combine(key)
            part.combine(value)
            sum &+= part.finalize()
        }
        hasher.combine(sum)
    }
}
