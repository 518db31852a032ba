package import Vocabulary

/// What came of an attempt, or of looking it up.
package struct StepReport: Sendable, Hashable, Codable {
    package enum Outcome: Sendable, Hashable, Codable {
        case succeeded(output: JSONValue)
        case failed(error: StepError)
        /// Nobody knows whether it took effect.
        case unknown(cause: String)
        /// A guardrail said no to what the attempt planned; nothing was sent.
        case refused(reason: String)
        /// The plan is not the one that was approved; nothing was sent.
        case needsApproval(reason: String)
    }

    package var outcome: Outcome
    /// What the attempt changed in the world, in order of completion; also when it failed afterwards.
    package var changes: [CompletedChange]
    /// What the attempt says of containment; nil for steps that contain nothing.
    package var containment: Containment?
    /// Whom that is about, such as a pod's UID: what is said later of the same one stands instead.
    package var subject: String?

    package init(
        _ outcome: Outcome,
        changes: [CompletedChange] = [],
        containment: Containment? = nil,
        subject: String? = nil
    ) {
        self.outcome = outcome
        self.changes = changes
        self.containment = containment
        self.subject = subject
    }
}

/// A change that is in the world, and what became of it since.
package struct CompletedChange: Sendable, Hashable, Codable {
    package enum Standing: Sendable, Hashable, Codable {
        case applied
        case undone
        /// Nothing takes it back.
        case kept(reason: String)
    }

    /// The planned change's id: unique within the run.
    package var id: String
    /// The state that made it; filled in by the machine.
    package var state: String
    package var standing: Standing

    /// `keptBecause` says why nothing takes it back; nil when it has an inverse.
    package init(id: String, keptBecause: String? = nil) {
        self.id = id
        state = ""
        standing = keptBecause.map { .kept(reason: $0) } ?? .applied
    }
}

/// What came of taking back a change.
package enum UndoResult: Sendable, Hashable, Codable {
    case done
    /// Somebody else changed the object since.
    case refused(reason: String)
    case failed(error: StepError)
}

/// Whether what the run acts on is cut off.
package enum Containment: String, Sendable, Hashable, Codable {
    case none
    /// Proved.
    case contained
    /// Disproved.
    case leaking
    case unknown
}

/// How a run ended.
package enum RunEnd: Sendable, Hashable, Codable {
    case succeeded(output: JSONValue)
    case failed(error: StepError)
    case refused(reason: String)
    case cancelled(by: String)
}
