internal import Vocabulary

/// Turns a pattern document into rules, `$or` multiplied out.
struct PatternCompiler {
    /// Fields by the bytes of their dotted path; of a path written twice the last one wins.
    private typealias Fields = [[UInt8]: PatternField]

    private var rules: [Fields] = [[:]]

    static func compile(_ pattern: JSONValue) throws(PatternFault) -> [PatternRule] {
        guard case .object(let members) = pattern else { throw PatternFault("the pattern is not an object", at: []) }
        guard JSONWriter.compact(pattern).utf8.count <= EventPattern.Limits.bytes else {
            throw PatternFault("the pattern is longer than \(EventPattern.Limits.bytes) bytes", at: [], kind: .tooLarge)
        }
        var compiler = PatternCompiler()
        try compiler.add(members, Place(keys: [], isInsideOr: false))
        return compiler.rules.map { PatternRule(fields: sorted(Array($0.values))) }
    }

    private static func sorted(_ fields: [PatternField]) -> [PatternField] {
        var sorted = fields.sorted { left, right in
            left.path.lexicographicallyPrecedes(right.path) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        for index in sorted.indices { sorted[index].id = index }
        return sorted
    }

    /// Where the compiler stands.
    private struct Place {
        /// Keys of fields; `$or` leaves no trace in them.
        var keys: [String]
        var isInsideOr: Bool
        var depth = 0

        func inside(_ key: String) -> Place { Place(keys: keys + [key], isInsideOr: isInsideOr, depth: depth + 1) }
    }

    private mutating func add(_ members: JSONObject, _ place: Place) throws(PatternFault) {
        guard !members.isEmpty else { throw PatternFault("an empty object matches nothing", at: place.keys) }
        guard place.depth <= EventPattern.Limits.depth else {
            throw PatternFault("nests deeper than \(EventPattern.Limits.depth) levels", at: [], kind: .tooLarge)
        }
        for member in members {
            if member.key == "$or" {
                try addAlternatives(member.value, place)
            } else if place.isInsideOr, Self.reserved.contains(member.key) {
                throw PatternFault("“\(member.key)” may not be a field name inside $or", at: place.keys)
            } else {
                try add(member.value, place.inside(member.key))
            }
        }
    }

    private mutating func add(_ value: JSONValue, _ place: Place) throws(PatternFault) {
        switch value {
        case .object(let members):
            try add(members, place)
        case .array(let alternatives):
            let field = try FieldCompiler.field(alternatives, at: place.keys)
            let name = Array(place.keys.joined(separator: ".").utf8)
            for index in rules.indices { rules[index][name] = field }
        case .null, .bool, .integer, .unsigned, .double, .string:
            throw PatternFault("a field holds an object or an array of alternatives", at: place.keys)
        }
    }

    private mutating func addAlternatives(_ value: JSONValue, _ place: Place) throws(PatternFault) {
        guard let alternatives = value.array, alternatives.count >= 2 else {
            throw PatternFault("$or needs an array of at least two objects", at: place.keys + ["$or"])
        }
        let before = rules
        var after: [Fields] = []
        for (index, alternative) in alternatives.enumerated() {
            guard case .object(let members) = alternative else {
                throw PatternFault("an alternative of $or is not an object", at: place.keys + ["$or", "\(index)"])
            }
            rules = before
            try add(members, Place(keys: place.keys, isInsideOr: true, depth: place.depth + 1))
            after += rules
            guard after.count <= EventPattern.Limits.combinations else {
                throw PatternFault(
                    "its $or gives more than \(EventPattern.Limits.combinations) combinations",
                    at: place.keys + ["$or"],
                    kind: .tooLarge
                )
            }
        }
        rules = after
    }

    /// Names of operators, present and kept for the future, as the rule engine reserves them.
    private static let reserved: Set<String> = [
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr",
        "html", "=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case", "date-after",
        "date-on-or-after", "date-before", "date-on-or-before", "in-date-range", "ip-address-in-range",
        "ip-address-not-in-range",
    ]
}
