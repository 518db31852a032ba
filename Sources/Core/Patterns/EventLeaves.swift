internal import Vocabulary

/// The values of an event at a path, through arrays and dotted keys.
enum EventLeaves {
    static func contains(_ value: JSONValue, _ path: ArraySlice<String>) -> Bool {
        var found: [JSONValue] = []
        collect(value, path, into: &found, limit: 1, depth: 0)
        return !found.isEmpty
    }

    /// Up to `limit` values.
    static func values(_ value: JSONValue, _ path: [String], limit: Int) -> [JSONValue] {
        var found: [JSONValue] = []
        collect(value, path[...], into: &found, limit: limit, depth: 0)
        return found
    }

    private static func collect(
        _ value: JSONValue,
        _ path: ArraySlice<String>,
        into found: inout [JSONValue],
        limit: Int,
        depth: Int
    ) {
        guard found.count < limit, depth < EventPattern.Limits.eventDepth else { return }
        switch value {
        case .array(let elements):
            for element in elements where found.count < limit {
                collect(element, path, into: &found, limit: limit, depth: depth + 1)
            }
        case .object(let members):
            for length in 0..<path.count {
                let end = path.startIndex + length + 1
                let key = path[path.startIndex..<end].joined(separator: ".")
                if let next = members[key] { collect(next, path[end...], into: &found, limit: limit, depth: depth + 1) }
            }
        case .null, .bool, .integer, .unsigned, .double, .string:
            if path.isEmpty { found.append(value) }
        }
    }
}
