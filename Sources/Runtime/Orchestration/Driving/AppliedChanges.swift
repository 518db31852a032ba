internal import Planning
internal import Synchronization
internal import Vocabulary

extension PlannedChange {
    /// Whether a second one would be one too many.
    var isAtMostOnce: Bool { if case .atMostOnce = semantics { true } else { false } }
}

extension [PlannedChange] {
    /// Ids unique within the run: a state may be visited more than once.
    func named(_ visit: String) -> [PlannedChange] {
        map { change in
            var change = change
            change.id = visit + change.id
            return change
        }
    }
}

/// Changes that a run applied, by id, so that they can be taken back; and those of which nobody knows it.
final class AppliedChanges: Sendable {
    /// A change that may have taken effect.
    struct Uncertain: Sendable, Hashable {
        var change: PlannedChange
        var sentAt: Timestamp
    }

    private struct Content {
        var applied: [PlannedChange] = []
        var uncertain: [Uncertain] = []
        /// Creations that took effect and that no look-up has shown yet.
        var unseen: [Uncertain] = []
        /// Changes that a look did not find, although they may have been on their way.
        var lost: [Uncertain] = []
        /// Records that were planned and not tried yet.
        var owed: [PlannedChange] = []
        /// Changes whose inverse was sent without an answer being written down.
        var tried: Set<String> = []
        /// Whether the undo that is under way gives detached pods back.
        var readopts = false
        /// Changes that were taken back, although the run itself may not have heard of it.
        var undone: Set<String> = []
    }

    private let content: Mutex<Content>

    /// `entries`: what the run's ledger tells of it so far.
    init(_ entries: [LedgerEntry] = []) {
        var content = Content()
        for entry in entries { Self.fold(entry, &content) }
        self.content = Mutex(content)
    }

    private static func fold(_ entry: LedgerEntry, _ content: inout Content) {
        switch entry {
        case .owed(let changes): owe(changes, &content)
        case .intent(_, _, let change, let at):
            guard change.semantics != .bestEffort else { return }
            content.uncertain.removeAll { $0.change.id == change.id }
            content.uncertain.append(Uncertain(change: change, sentAt: at))
        case .succeeded(let id, let made):
            content.unseen += content.uncertain.filter { $0.change.id == id && $0.change.isAtMostOnce }
            content.lost.removeAll { $0.change.id == id }
            conclude(id, &content) { $0.bound(toUID: made) }
        case .found(let id, let made):
            // Of several tries the last one is what the world was asked about.
            let tries = (content.lost + content.uncertain).filter { $0.change.id == id }
            if let open = tries.last { settle(open, isThere: true, uid: made, &content) }
        case .missing(let id):
            if let open = content.uncertain.last(where: { $0.change.id == id }) {
                settle(open, isThere: false, uid: nil, &content)
            }
        case .failed(let id, _):
            content.uncertain.removeAll { $0.change.id == id }
            content.owed.removeAll { $0.id == id }
        case .undoRequested(let readopting): content.readopts = readopting
        case .undoing(let id, _): content.tried.insert(id)
        case .undone(let id):
            content.tried.remove(id)
            content.undone.insert(id)
        // Nobody waits to hear what became of a record.
        case .unknown(let id, _): content.owed.removeAll { $0.id == id }
        case .judged, .asked, .approved: break
        }
    }

    private static func conclude(
        _ id: String,
        _ content: inout Content,
        _ bind: (PlannedChange) -> PlannedChange
    ) {
        if let place = content.owed.firstIndex(where: { $0.id == id }) {
            content.applied.append(content.owed.remove(at: place))
        }
        guard let place = content.uncertain.firstIndex(where: { $0.change.id == id }) else { return }
        content.applied.append(bind(content.uncertain.remove(at: place).change))
    }

    private static func owe(_ changes: [PlannedChange], _ content: inout Content) {
        for change in changes where !content.owed.contains(where: { $0.id == change.id }) {
            content.owed.append(change)
        }
    }

    /// What is to be applied: what is planned, and the records that an earlier try of the visit left out.
    ///
    /// From now on the records among it are owed.
    func toApply(_ changes: [PlannedChange], in visit: String) -> [PlannedChange] {
        content.withLock { content in
            let named = changes.named(visit).map { change in
                // What is made a second time has a before-image of its own.
                var change = change
                let made = content.applied.count { $0.id == change.id || $0.id.hasPrefix(change.id + "~") }
                if made > 0, change.semantics != .bestEffort { change.id += "~\(made + 1)" }
                return change
            }
            Self.owe(named.filter { $0.semantics == .bestEffort }, &content)
            let left = content.owed.filter { owed in
                owed.id.hasPrefix(visit) && !named.contains { $0.id == owed.id }
            }
            return named + left
        }
    }

    func add(_ application: Executor.Application, at now: Timestamp) {
        content.withLock {
            $0.applied += application.applied
            // The second try is the one that counts.
            let made = Set(application.applied.map(\.id))
            $0.lost.removeAll { made.contains($0.change.id) }
            $0.unseen += application.applied.filter(\.isAtMostOnce).map { Uncertain(change: $0, sentAt: now) }
            $0.owed.removeAll { application.tried.contains($0.id) }
            if let change = application.uncertain { $0.uncertain.append(Uncertain(change: change, sentAt: now)) }
        }
    }

    func change(_ id: String) -> PlannedChange? { content.withLock { $0.applied.last { $0.id == id } } }
    func all(of prefix: String) -> [PlannedChange] {
        content.withLock { $0.applied.filter { $0.id.hasPrefix(prefix) } }
    }
    var all: [PlannedChange] { content.withLock { $0.applied } }

    func uncertain(of prefix: String = "") -> [Uncertain] {
        content.withLock { $0.uncertain.filter { $0.change.id.hasPrefix(prefix) } }
    }

    /// From now on an undo gives detached pods back, or leaves them detached.
    func readopt(_ readopts: Bool) { content.withLock { $0.readopts = readopts } }
    var readopts: Bool { content.withLock { $0.readopts } }

    var unseen: [Uncertain] { content.withLock { $0.unseen } }

    /// Nobody needs to look for it any more.
    func noteSeen(_ change: PlannedChange) {
        content.withLock { $0.unseen.removeAll { $0.change.id == change.id } }
    }

    /// What became of taking a change back, for the next time that somebody asks.
    func note(_ reversal: Executor.Reversal, of id: String) {
        content.withLock { content in
            switch reversal {
            case .undone: content.undone.insert(id)
            case .unknown: content.tried.insert(id)
            case .kept, .refused, .failed: break
            }
        }
    }

    func wasTriedToUndo(_ id: String) -> Bool { content.withLock { $0.tried.contains(id) } }
    func wasUndone(_ id: String) -> Bool { content.withLock { $0.undone.contains(id) } }

    /// Changes that were on their way when a look did not find them.
    func lost(of prefix: String = "") -> [Uncertain] {
        content.withLock { $0.lost.filter { $0.change.id.hasPrefix(prefix) } }
    }

    /// A look at the world told what became of an uncertain change.
    ///
    /// `uid`: of the object that shows it.
    func settle(_ open: Uncertain, isThere: Bool, uid: String? = nil) {
        content.withLock { Self.settle(open, isThere: isThere, uid: uid, &$0) }
    }

    private static func settle(_ open: Uncertain, isThere: Bool, uid: String?, _ content: inout Content) {
        content.uncertain.removeAll { $0.change.id == open.change.id }
        content.lost.removeAll { $0.change.id == open.change.id }
        content.owed.removeAll { isThere && $0.id == open.change.id }
        if isThere { content.applied.append(open.change.bound(toUID: uid)) } else { content.lost.append(open) }
    }
}
