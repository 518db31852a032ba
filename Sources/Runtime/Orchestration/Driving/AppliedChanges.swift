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

    /// What happens is told here as it is written down: the run knows of itself what another process would read.
    func note(_ entry: LedgerEntry) { content.withLock { Self.fold(entry, &$0) } }

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
            conclude(id, made, &content)
        case .found(let id, let made):
            // Of two tries the second is the one that counts.
            let isOpen = content.uncertain.contains { $0.change.id == id }
            if !isOpen { content.uncertain += content.lost.filter { $0.change.id == id } }
            content.lost.removeAll { $0.change.id == id }
            conclude(id, made, &content)
        case .missing(let id):
            let open = content.uncertain.filter { $0.change.id == id }
            if !open.isEmpty { content.lost.removeAll { $0.change.id == id } }
            content.lost += open
            content.uncertain.removeAll { $0.change.id == id }
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

    /// It took effect; `made`: the uid of what it created.
    private static func conclude(_ id: String, _ made: String?, _ content: inout Content) {
        if let place = content.owed.firstIndex(where: { $0.id == id }) {
            content.applied.append(content.owed.remove(at: place))
        }
        guard let place = content.uncertain.firstIndex(where: { $0.change.id == id }) else { return }
        content.applied.append(content.uncertain.remove(at: place).change.bound(toUID: made))
    }

    private static func owe(_ changes: [PlannedChange], _ content: inout Content) {
        for change in changes where !content.owed.contains(where: { $0.id == change.id }) {
            content.owed.append(change)
        }
    }

    /// What is to be applied: what is planned, and the records that an earlier try of the visit left out.
    func toApply(_ changes: [PlannedChange], in visit: String) -> [PlannedChange] {
        content.withLock { content in
            let named = changes.named(visit).map { change in
                // What is made a second time has a before-image of its own.
                var change = change
                let made = content.applied.count { $0.id == change.id || $0.id.hasPrefix(change.id + "~") }
                if made > 0, change.semantics != .bestEffort { change.id += "~\(made + 1)" }
                return change
            }
            let left = content.owed.filter { owed in
                owed.id.hasPrefix(visit) && !named.contains { $0.id == owed.id }
            }
            return named + left
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

    /// Whether the undo that is under way gives detached pods back, or leaves them detached.
    var readopts: Bool { content.withLock { $0.readopts } }

    var unseen: [Uncertain] { content.withLock { $0.unseen } }

    /// Nobody needs to look for it any more.
    func noteSeen(_ change: PlannedChange) {
        content.withLock { $0.unseen.removeAll { $0.change.id == change.id } }
    }

    func wasTriedToUndo(_ id: String) -> Bool { content.withLock { $0.tried.contains(id) } }
    func wasUndone(_ id: String) -> Bool { content.withLock { $0.undone.contains(id) } }

    /// Changes that were on their way when a look did not find them.
    func lost(of prefix: String = "") -> [Uncertain] {
        content.withLock { $0.lost.filter { $0.change.id.hasPrefix(prefix) } }
    }
}
