internal import Vocabulary

/// A JSONPath as the Amazon States Language uses it: names, indices, wildcards and slices.
struct StateMachinePath {
    enum Step: Hashable {
        case name(String)
        case index(Int)
        case wildcard
        case slice(from: Int?, to: Int?)
    }

    let steps: [Step]
    /// Whether it reads the context object (`$$`).
    let readsContext: Bool

    /// Whether it may give several values, so that its result is an array.
    var isIndefinite: Bool {
        steps.contains { step in
            switch step {
            case .wildcard, .slice: true
            case .name, .index: false
            }
        }
    }

    init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "$"), text.utf8.count <= 4_096 else { return nil }
        var rest = text.dropFirst()
        readsContext = rest.first == "$"
        if readsContext { rest = rest.dropFirst() }
        var steps: [Step] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case ".":
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .wildcard : .name(String(name)))
                rest = rest.dropFirst(name.count)
            case "[":
                guard let (step, after) = Self.bracket(rest) else { return nil }
                steps.append(step)
                rest = after
            default: return nil
            }
        }
        self.steps = steps
    }

    /// What stands between `[` and `]`, and what comes after.
    private static func bracket(_ text: Substring) -> (Step, Substring)? {
        if let quote = text.first, quote == "'" || quote == "\"" {
            guard let end = text.dropFirst().firstIndex(of: quote) else { return nil }
            let after = text[text.index(after: end)...]
            guard after.first == "]" else { return nil }
            return (.name(String(text[text.index(after: text.startIndex)..<end])), after.dropFirst())
        }
        guard let end = text.firstIndex(of: "]"), let step = step(text[..<end]) else { return nil }
        return (step, text[text.index(after: end)...])
    }

    private static func step(_ inside: Substring) -> Step? {
        if inside == "*" { return .wildcard }
        if let index = Int(inside) { return .index(index) }
        let bounds = inside.split(separator: ":", omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        let numbers = bounds.map { Int($0) }
        guard zip(bounds, numbers).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
        return .slice(from: numbers[0], to: numbers[1])
    }

    /// Nil when a plain path finds nothing; an indefinite one gives an array, if need be an empty one.
    func value(in root: JSONValue) -> JSONValue? {
        var found = [root]
        for step in steps { found = found.flatMap { Self.select(step, in: $0) } }
        return isIndefinite ? .array(found) : found.first
    }

    private static func select(_ step: Step, in value: JSONValue) -> [JSONValue] {
        switch step {
        case .name(let name): return value[name].map { [$0] } ?? []
        case .index(let index):
            guard let elements = value.array, index >= -elements.count, index < elements.count else { return [] }
            return [elements[index < 0 ? index + elements.count : index]]
        case .wildcard: return value.array ?? value.object?.values ?? []
        case .slice(let from, let to):
            guard let elements = value.array else { return [] }
            let lower = clamp(from ?? 0, elements.count)
            let upper = clamp(to ?? elements.count, elements.count)
            return lower < upper ? Array(elements[lower..<upper]) : []
        }
    }

    private static func clamp(_ bound: Int, _ count: Int) -> Int {
        if bound >= 0 { return min(bound, count) }
        return bound >= -count ? bound + count : 0
    }

    /// The document with a value put where the path leads; nil where that is not in an object.
    func putting(_ value: JSONValue, into root: JSONValue) -> JSONValue? {
        Self.put(value, into: root, steps[...])
    }

    private static func put(_ value: JSONValue, into place: JSONValue?, _ steps: ArraySlice<Step>) -> JSONValue? {
        guard let step = steps.first else { return value }
        switch step {
        case .name(let name):
            guard var members = place == nil ? JSONObject() : place?.object,
                let inner = put(value, into: members[name], steps.dropFirst())
            else { return nil }
            members[name] = inner
            return .object(members)
        case .index(let index):
            guard var elements = place?.array, elements.indices.contains(index),
                let inner = put(value, into: elements[index], steps.dropFirst())
            else { return nil }
            elements[index] = inner
            return .array(elements)
        case .wildcard, .slice: return nil
        }
    }
}
