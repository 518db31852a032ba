package import Vocabulary

/// Why a step failed, as `retry` and `catch` see it.
package struct StepError: Sendable, Hashable, Codable {
    /// Compared case-sensitively; nil when the step failed without a name.
    package var name: String?
    package var cause: String?
    /// A second name that may be named by `retry` and `catch`: a missed heartbeat is a timeout by another name.
    package var otherName: String?
    /// Neither retried nor caught by anything, not even by its own name.
    package var isTerminal: Bool

    package init(_ name: String?, cause: String? = nil, otherName: String? = nil, isTerminal: Bool = false) {
        self.name = name
        self.cause = cause
        self.otherName = otherName
        self.isTerminal = isTerminal
    }

    /// What a `catch` binds under its `as`.
    package var json: JSONValue {
        .object(["error": name.map(JSONValue.string) ?? .null, "cause": cause.map(JSONValue.string) ?? .null])
    }

    /// The same error with texts of bounded length: they come from outside and are kept with the run.
    var bounded: StepError {
        StepError(
            name.map { Self.cut($0, to: 256) },
            cause: cause.map { Self.cut($0, to: 32_768) },
            otherName: otherName.map { Self.cut($0, to: 256) },
            isTerminal: isTerminal
        )
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        return String(decoding: text.utf8.prefix(limit), as: UTF8.self)
    }
}

/// The names under which the machine reports its own errors; a dialect may have other ones.
package struct ErrorNames: Sendable, Hashable, Codable {
    /// An attempt took longer than its state allows.
    package var timeout = "Timeout"
    /// The other name of a timeout that a missed heartbeat caused.
    package var heartbeat = "HeartbeatTimeout"
    /// No branch of a choice held and it has no `otherwise`.
    package var noChoice = "NoChoiceMatched"
    /// Nobody could say whether an attempt took effect.
    package var unverified = "Unverified"
    /// Something the run should have contained still leaks.
    package var leaking = "Leaking"
    /// A result is larger than a run may keep.
    package var dataLimit = "DataLimitExceeded"
    /// The run entered more states than it may: a loop without an exit.
    package var tooManyStates = "TooManyStates"
    /// The whole run took longer than it may.
    package var runTimeout = "RunTimeout"

    package init() {}
}
