internal import Vocabulary

/// Holds a rule against an event by walking both once.
///
/// Fields under one array have to be satisfied by one element of it. Absence (`exists: false`) is judged in the order
/// of the paths, as the rule engine does: once a field has been found inside an array, later fields are absent when that
/// element lacks them; before, they are absent only when no element has them.
struct PatternMatcher {
    /// The outermost array in which nothing has been found yet, and what it holds anywhere.
    private struct OpenArray {
        /// The fields that have a value somewhere inside.
        var present: Set<Int>
    }

    private var open: OpenArray?
    private let levels: Int

    static func matches(_ rule: PatternRule, _ event: JSONValue) -> Bool {
        var matcher = PatternMatcher(open: nil, levels: 0)
        return matcher.satisfies(rule.fields[...], event, consumed: 0)
    }

    private mutating func satisfies(_ fields: ArraySlice<PatternField>, _ value: JSONValue, consumed: Int) -> Bool {
        guard levels < EventPattern.Limits.eventDepth else { return false }
        switch value {
        case .array(let elements): return satisfies(fields, elements, consumed: consumed)
        case .object(let members): return satisfies(fields, members, consumed: consumed)
        case .null, .bool, .integer, .unsigned, .double, .string:
            for field in fields where !satisfies(field, leaf: value, consumed: consumed) { return false }
            return true
        }
    }

    private mutating func satisfies(_ field: PatternField, leaf: JSONValue, consumed: Int) -> Bool {
        guard field.path.count == consumed else { return mayLack(field) }
        guard field.accepts(leaf) else { return false }
        open = nil
        return true
    }

    private func mayLack(_ field: PatternField) -> Bool {
        guard field.allowsAbsence else { return false }
        guard let open else { return true }
        return !open.present.contains(field.id)
    }

    private mutating func satisfies(
        _ fields: ArraySlice<PatternField>,
        _ elements: [JSONValue],
        consumed: Int
    ) -> Bool {
        if elements.isEmpty { return fields.allSatisfy(mayLack) }
        let inside = open ?? Self.openArray(fields, elements, consumed: consumed)
        for element in elements {
            var attempt = PatternMatcher(open: inside, levels: levels + 1)
            guard attempt.satisfies(fields, element, consumed: consumed) else { continue }
            if attempt.open == nil { open = nil }
            return true
        }
        return false
    }

    private static func openArray(
        _ fields: ArraySlice<PatternField>,
        _ elements: [JSONValue],
        consumed: Int
    ) -> OpenArray {
        var present: Set<Int> = []
        for field in fields where field.allowsAbsence {
            let rest = field.path[consumed...]
            if elements.contains(where: { EventLeaves.contains($0, rest) }) { present.insert(field.id) }
        }
        return OpenArray(present: present)
    }

    private mutating func satisfies(
        _ fields: ArraySlice<PatternField>,
        _ members: JSONObject,
        consumed: Int
    ) -> Bool {
        var start = fields.startIndex
        while start < fields.endIndex {
            let path = fields[start].path
            guard path.count > consumed else {
                // The field wants a value and finds an object.
                guard mayLack(fields[start]) else { return false }
                start += 1
                continue
            }
            let key = path[consumed]
            let end = fields[start...].firstIndex { !$0.path[consumed].isIdentical(to: key) } ?? fields.endIndex
            guard satisfiesGroup(fields[start..<end], key, members, consumed: consumed) else { return false }
            start = end
        }
        return true
    }

    /// Fields that share their next key.
    ///
    /// An event may also spell several keys as one with dots.
    private mutating func satisfiesGroup(
        _ fields: ArraySlice<PatternField>,
        _ key: String,
        _ members: JSONObject,
        consumed: Int
    ) -> Bool {
        let dotted = members.members.contains { $0.key.utf8.starts(with: (key + ".").utf8) }
        if !dotted { return descend(fields, members[key], consumed: consumed + 1) }
        for field in fields where !satisfiesDotted(field, members, consumed: consumed) { return false }
        return true
    }

    private mutating func descend(_ fields: ArraySlice<PatternField>, _ value: JSONValue?, consumed: Int) -> Bool {
        guard let value else { return fields.allSatisfy(mayLack) }
        var inner = PatternMatcher(open: open, levels: levels + 1)
        guard inner.satisfies(fields, value, consumed: consumed) else { return false }
        open = inner.open
        return true
    }

    private mutating func satisfiesDotted(_ field: PatternField, _ members: JSONObject, consumed: Int) -> Bool {
        var present = field
        present.allowsAbsence = false
        for length in 1...(field.path.count - consumed) {
            let key = field.path[consumed..<(consumed + length)].joined(separator: ".")
            guard let value = members[key] else { continue }
            if descend([present], value, consumed: consumed + length) { return true }
        }
        return mayLack(field) && !EventLeaves.contains(.object(members), field.path[consumed...])
    }
}
