internal import Planning
internal import Synchronization
internal import Vocabulary

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

extension Executor.Application {
    /// What a further part did, in order; its end is the whole's.
    mutating func add(_ part: Executor.Application, without visit: String) {
        applied += part.applied
        for (id, answer) in part.answers { answers[String(id.dropFirst(visit.count))] = answer }
        notes += part.notes
        fault = part.fault
        uncertain = part.uncertain
    }

    /// A look at the world told that nothing is missing.
    mutating func settle() {
        fault = nil
        uncertain = nil
    }
}

/// Changes that a run applied, by id, so that they can be taken back; and those of which nobody knows it.
final class AppliedChanges: Sendable {
    private struct Content {
        var applied: [PlannedChange] = []
        var uncertain: [PlannedChange] = []
    }

    private let content = Mutex(Content())

    func add(_ application: Executor.Application) {
        content.withLock {
            $0.applied += application.applied
            if let change = application.uncertain { $0.uncertain.append(change) }
        }
    }

    func change(_ id: String) -> PlannedChange? { content.withLock { $0.applied.last { $0.id == id } } }
    func all(of prefix: String) -> [PlannedChange] {
        content.withLock { $0.applied.filter { $0.id.hasPrefix(prefix) } }
    }
    var all: [PlannedChange] { content.withLock { $0.applied } }

    /// A look at the world settles what was uncertain: what a fresh plan no longer wants is there.
    /// - Returns: what proved to be applied.
    func settle(_ visit: String, wanted: [PlannedChange]) -> [PlannedChange] {
        let missing = Set(wanted.named(visit).map(\.id))
        return content.withLock { content in
            let found = content.uncertain.filter { $0.id.hasPrefix(visit) && !missing.contains($0.id) }
            content.uncertain.removeAll { $0.id.hasPrefix(visit) }
            content.applied += found
            return found
        }
    }
}
