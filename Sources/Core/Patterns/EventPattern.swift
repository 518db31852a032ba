package import Vocabulary

/// An EventBridge event pattern, compiled.
package struct EventPattern: Sendable, Hashable {
    /// Compiles a pattern.
    /// - Throws: `PatternFault` naming the place inside the pattern.
    package init(_ pattern: JSONValue) throws(PatternFault) {}

    /// Whether the event matches, with array consistency as in EventBridge.
    package func matches(_ event: JSONValue) -> Bool { false }
}
