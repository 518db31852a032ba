package import Vocabulary

/// An EventBridge event pattern, compiled.
///
/// Semantics are those of AWS's open-source rule engine, except that an `$or` which is no array of two or more objects
/// is refused here, while the engine falls back to a field of that name.
package struct EventPattern: Sendable, Hashable {
    /// What a pattern may cost before it is refused.
    package enum Limits {
        /// The service takes 2,048 characters; patterns kept in a playbook may be longer.
        package static let bytes = 65_536
        /// `$or` alternatives multiplied out, as in the service.
        package static let combinations = 1_000
        package static let depth = 64
        /// Levels of an event that a match descends.
        package static let eventDepth = 200
    }

    /// One of these has to hold: `$or` multiplied out.
    let rules: [PatternRule]

    /// Compiles a pattern.
    ///
    /// - Throws: `PatternFault` naming the place inside the pattern.
    package init(_ pattern: JSONValue) throws(PatternFault) {
        rules = try PatternCompiler.compile(pattern)
    }

    /// Whether the event matches, with array consistency as in EventBridge.
    package func matches(_ event: JSONValue) -> Bool {
        guard case .object = event else { return false }
        for rule in rules where PatternMatcher.matches(rule, event) { return true }
        return false
    }
}

/// Fields that all have to hold, sorted by path.
struct PatternRule: Sendable, Hashable {
    var fields: [PatternField]
}

/// One field of a pattern: its path and the alternatives for its value.
struct PatternField: Sendable, Hashable {
    /// Its place in the sorted rule.
    var id = 0
    /// Split at dots: dotted keys and nested keys mean the same.
    var path: [String]
    var tests: [FieldTest]
    /// Whether one alternative is `exists: false`.
    var allowsAbsence: Bool

    /// Whether a value that is present satisfies one of the alternatives.
    func accepts(_ leaf: JSONValue) -> Bool { tests.contains { $0.accepts(leaf) } }
}
