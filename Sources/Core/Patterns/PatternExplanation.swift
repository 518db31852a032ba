package import Vocabulary

/// Why an event matches a pattern or does not, for people.
package struct PatternExplanation: Sendable, Hashable {
    package var isMatch: Bool
    /// The dotted path of the first field that did not match; nil on a match or when only the combination fails.
    package var path: String?
    /// What the event holds at that path, at most five values; empty when there is nothing.
    package var found: [JSONValue]
    package var sentence: String
}

extension EventPattern {
    /// Names the first field that did not match and what was found there.
    ///
    /// With `$or` the combination that comes closest is explained.
    package func explain(_ event: JSONValue) -> PatternExplanation {
        if matches(event) { return PatternExplanation(isMatch: true, path: nil, found: [], sentence: "it matches") }
        guard let (_, missed) = closest(to: event), let field = missed.first else {
            let sentence = "every field matches alone, but no single element of an array satisfies all of them"
            return PatternExplanation(isMatch: false, path: nil, found: [], sentence: sentence)
        }
        let path = field.path.joined(separator: ".")
        let found = EventLeaves.values(event, field.path, limit: 5)
        let shown = found.map { Self.shown($0) }.joined(separator: ", ")
        let sentence = found.isEmpty ? "\(path) is not in the event" : "\(path) is \(shown)"
        return PatternExplanation(isMatch: false, path: path, found: found, sentence: sentence)
    }

    private func closest(to event: JSONValue) -> (PatternRule, missed: [PatternField])? {
        var best: (PatternRule, missed: [PatternField])?
        for rule in rules {
            let missed = rule.fields.filter { !PatternMatcher.matches(PatternRule(fields: [$0]), event) }
            if best.map({ missed.count < $0.missed.count }) ?? true { best = (rule, missed) }
        }
        return best
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = JSONWriter.compact(value)
        return text.unicodeScalars.count > 120
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(120))) + "…" : text
    }
}
