/// What every error of the project can say for itself: what happened, where, and how to put it right.
package protocol ActionableError: Error, Sendable, CustomStringConvertible {
    var report: FaultReport { get }
}

extension ActionableError {
    package var description: String { report.description }
}

/// An error as a person reads it and as a machine sorts it.
package struct FaultReport: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Whether trying again can help.
    package enum Retry: String, Sendable, Hashable, Codable {
        /// The same request fails again.
        case permanent
        /// The same request may succeed after a pause.
        case transient
        /// Nobody knows whether it took effect: look before repeating.
        case unknown
    }

    /// Stable, with a page of its own in `Docs/Errors/`.
    package var code: String
    package var what: String
    /// file:line:column, an object, a URL; empty when there is no place to name.
    package var location: String
    package var remedy: String
    package var retry: Retry

    package init(code: String, what: String, location: String = "", remedy: String, retry: Retry = .permanent) {
        self.code = code
        self.what = what
        self.location = location
        self.remedy = remedy
        self.retry = retry
    }

    package var description: String {
        let place = location.isEmpty ? "" : " (at \(location))"
        return "\(code) \(what)\(place). Fix: \(remedy)"
    }

    /// The shape of errors in `--output json`.
    package var json: JSONValue {
        .object([
            "code": .string(code), "what": .string(what), "location": .string(location), "remedy": .string(remedy),
        ])
    }
}
