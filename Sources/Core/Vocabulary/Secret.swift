/// A value that must not reach logs, plans or error messages.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The value itself; every use is a place to review.
    package let exposed: String

    package init(_ value: String) { exposed = value }

    package var description: String { "‹redacted›" }
    package var debugDescription: String { "‹redacted›" }
}
