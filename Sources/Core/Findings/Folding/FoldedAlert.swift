package import Vocabulary

/// The newest alert of an incident, and what it stands for.
package struct FoldedAlert: Sendable {
    package private(set) var alert: FalcoAlert
    package private(set) var context: FalcoContext
    /// Of the finding.
    package let id: String
    package private(set) var repeats: AlertRepeats

    package init(_ alert: FalcoAlert, _ context: FalcoContext, id: String) {
        self.alert = alert
        self.context = context
        self.id = id
        repeats = AlertRepeats(at: alert.time ?? context.receivedAt)
    }

    /// The Id of the finding that an alert belongs to.
    package static func id(of alert: FalcoAlert, in context: FalcoContext) -> String {
        FindingIdentity.id(of: alert, in: context)
    }

    /// Another alert of the incident; a late one counts, but does not show instead of a newer one.
    mutating func add(_ other: FalcoAlert, _ context: FalcoContext) {
        let time = other.time ?? context.receivedAt
        if time >= repeats.last { (alert, self.context) = (other, context) }
        repeats.add(time)
    }

    mutating func settleUpdate() { repeats.settleUpdate() }
}

/// How often something was seen, and when.
package struct AlertRepeats: Sendable, Hashable {
    package private(set) var count = 1
    package private(set) var first: Timestamp
    package private(set) var last: Timestamp
    /// The finding's UpdatedAt: an import that does not move it is ignored.
    package private(set) var updatedAt: Timestamp
    /// The UpdatedAt that was given before.
    private var given: Timestamp?

    package init(at time: Timestamp) {
        (first, last) = (time, time)
        updatedAt = time.roundedUpToMilliseconds
    }

    mutating func add(_ time: Timestamp) {
        count += 1
        first = min(first, time)
        last = max(last, time)
    }

    /// The newest event's time; what came late moves it by the least that the service sees.
    mutating func settleUpdate() {
        let newest = last.roundedUpToMilliseconds
        if let given, newest <= given {
            updatedAt = given.advanced(by: .milliseconds(1))
        } else {
            updatedAt = newest
        }
        given = updatedAt
    }
}

extension Timestamp {
    /// Rounding down would lose the newer of two events in one millisecond.
    var roundedUpToMilliseconds: Timestamp {
        let rest = nanoseconds % 1_000_000
        guard rest != 0 else { return self }
        let (sum, overflow) = nanoseconds.addingReportingOverflow(rest > 0 ? 1_000_000 - rest : -rest)
        return overflow ? self : Timestamp(nanoseconds: sum)
    }
}
