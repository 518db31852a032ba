/// The moves of a finding's workflow that a responder may make by itself.
///
/// NEW → NOTIFIED → RESOLVED. Nothing leads out of SUPPRESSED. RESOLVED is left only for NEW, and only by a run that a
/// recurrence started; undo never writes NEW.
package enum WorkflowLattice {
    package enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        case new = "NEW"
        case notified = "NOTIFIED"
        case resolved = "RESOLVED"
        case suppressed = "SUPPRESSED"

        fileprivate var rank: Int {
            switch self {
            case .new: 0
            case .notified: 1
            case .resolved: 2
            case .suppressed: 3
            }
        }
    }

    /// What becomes of a wish.
    package enum Move: Sendable, Hashable {
        /// It is so already, or nothing was wished.
        case stay
        case set(Status)
        /// First NEW, because the issue came back after it was resolved; then the wish.
        case reopen(then: Status)
        /// The workflow stays as a human left it.
        case keep(because: String)
    }

    /// What becomes of the wish for a status.
    ///
    /// `recurred`: the run was started by this finding arriving anew after somebody had resolved it.
    package static func move(from current: Status, to wanted: Status?, recurred: Bool) -> Move {
        guard let wanted else { return .stay }
        guard wanted == .notified || wanted == .resolved else {
            return .keep(because: "a run sets NOTIFIED or RESOLVED, never \(wanted.rawValue)")
        }
        switch current {
        case .suppressed: return .keep(because: "somebody suppressed the finding")
        case .new, .notified: return current.rank < wanted.rank ? .set(wanted) : .stay
        case .resolved:
            guard wanted != .resolved else { return .stay }
            return recurred
                ? .reopen(then: wanted) : .keep(because: "somebody resolved the finding since the run began")
        }
    }

    /// The status that undo writes to get from `current` back to `before`; nil when the lattice has no such move.
    package static func undo(from current: Status, to before: Status) -> Status? {
        guard before != .new, before != .suppressed, current != .suppressed, current.rank < before.rank else {
            return nil
        }
        return before
    }
}
