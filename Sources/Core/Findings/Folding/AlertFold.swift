package import Vocabulary

/// Folds the repeats of an incident into one finding, whose Id they share, in bounded memory.
///
/// An alert whose exact bytes came before is a redelivery and changes nothing.
package struct AlertFold: Sendable {
    /// How long repeats are collected, and how much is remembered.
    package struct Rules: Sendable, Hashable {
        /// The first alert of an incident is given at once, what repeats it within this time in one piece after it.
        ///
        /// Window follows window until one brings nothing. Nil: everything is kept until `drain`.
        package var window: Duration?
        /// Incidents that are open at once, and the bytes of their newest alerts; beyond it the oldest ones end early.
        package var incidents: Int
        package var bytes: Int
        /// Alerts that are remembered to tell redeliveries.
        package var fingerprints: Int

        package init(
            window: Duration? = nil,
            incidents: Int = 10_000,
            bytes: Int = 8 << 20,
            fingerprints: Int = 65_536
        ) {
            self.window = window
            self.incidents = incidents
            self.bytes = bytes
            self.fingerprints = fingerprints
        }
    }

    private struct Incident {
        var folded: FoldedAlert
        /// When its window began.
        var since: Timestamp
        /// Alerts came that nobody was given yet.
        var isPending: Bool
        /// Windows follow each other in the queue; older entries of the same incident there are void.
        var turn: UInt64
    }

    private let rules: Rules
    private var incidents: [String: Incident] = [:]
    /// In the order in which windows began.
    private var queue = FoldQueue()
    private var bytes = 0
    private var turn: UInt64 = 0
    private var seen: RecentFingerprints
    /// Alerts that came again.
    package private(set) var redeliveries = 0

    package init(_ rules: Rules = Rules()) {
        self.rules = rules
        seen = RecentFingerprints(limit: rules.fingerprints)
    }

    /// Takes an alert; gives what is to be mapped and sent now, in order.
    ///
    /// `delivery` tells deliveries of an alert without a time apart; alerts that have one need none.
    package mutating func add(
        _ alert: FalcoAlert,
        _ context: FalcoContext,
        delivery: String? = nil,
        at now: Timestamp
    ) -> [FoldedAlert] {
        if isRedelivery(alert, context, delivery) {
            redeliveries += 1
            return []
        }
        let id = FindingIdentity.id(of: alert, in: context)
        if var incident = incidents[id] {
            bytes -= incident.folded.alert.original.count
            incident.folded.add(alert, context)
            bytes += incident.folded.alert.original.count
            incident.isPending = true
            incidents[id] = incident
            return rules.window == nil ? shrink() : due(at: now)
        }
        var ready = rules.window == nil ? [] : due(at: now)
        var incident = Incident(folded: FoldedAlert(alert, context, id: id), since: now, isPending: true, turn: 0)
        if rules.window != nil { ready.append(give(&incident)) }
        bytes += alert.original.count
        enter(incident, id)
        return ready + shrink()
    }

    /// What repeated within windows that are over.
    package mutating func due(at now: Timestamp) -> [FoldedAlert] {
        guard let window = rules.window else { return [] }
        var ready: [FoldedAlert] = []
        while let (id, turn) = queue.first {
            guard var incident = incidents[id], incident.turn == turn else {
                queue.removeFirst()
                continue
            }
            guard incident.since.advanced(by: window) <= now else { break }
            queue.removeFirst()
            guard incident.isPending else {
                remove(id)
                continue
            }
            ready.append(give(&incident))
            incident.since = now
            enter(incident, id)
        }
        return ready
    }

    /// When `due` may give something; nil while nothing is open.
    package var nextDue: Timestamp? {
        guard let window = rules.window else { return nil }
        return queue.first.flatMap { incidents[$0.id]?.since.advanced(by: window) }
    }

    /// Ends all windows.
    package mutating func drain() -> [FoldedAlert] {
        var ready: [FoldedAlert] = []
        while let folded = endOldest() { ready += folded }
        return ready
    }

    private mutating func isRedelivery(_ alert: FalcoAlert, _ context: FalcoContext, _ delivery: String?) -> Bool {
        if alert.time != nil { return !seen.insert(context.sha256(alert.original)) }
        guard let delivery else { return false }
        return !seen.insert(context.sha256(alert.original + Array(delivery.utf8)))
    }

    private mutating func enter(_ incident: Incident, _ id: String) {
        turn += 1
        var incident = incident
        incident.turn = turn
        incidents[id] = incident
        queue.append(id, turn)
    }

    private mutating func give(_ incident: inout Incident) -> FoldedAlert {
        incident.isPending = false
        incident.folded.settleUpdate()
        return incident.folded
    }

    private mutating func remove(_ id: String) {
        guard let incident = incidents.removeValue(forKey: id) else { return }
        bytes -= incident.folded.alert.original.count
    }

    /// - Returns: what the oldest incident still owed, perhaps nothing; nil when there is none.
    private mutating func endOldest() -> [FoldedAlert]? {
        while let (id, turn) = queue.first {
            queue.removeFirst()
            guard var incident = incidents[id], incident.turn == turn else { continue }
            let isPending = incident.isPending
            let folded = isPending ? [give(&incident)] : []
            remove(id)
            return folded
        }
        return nil
    }

    private mutating func shrink() -> [FoldedAlert] {
        var ready: [FoldedAlert] = []
        while incidents.count > rules.incidents || bytes > rules.bytes && incidents.count > 1 {
            guard let folded = endOldest() else { break }
            ready += folded
        }
        return ready
    }
}
