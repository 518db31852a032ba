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
        fault = part.fault
        uncertain = part.uncertain
    }

    /// A look at the world told that nothing is missing.
    mutating func settle() {
        fault = nil
        uncertain = nil
    }
}

/// Changes that a run applied, by id, so that they can be taken back.
final class AppliedChanges: Sendable {
    private let changes = Mutex<[PlannedChange]>([])

    func add(_ more: [PlannedChange]) { changes.withLock { $0 += more } }
    func change(_ id: String) -> PlannedChange? { changes.withLock { $0.last { $0.id == id } } }
    func all(of prefix: String) -> [PlannedChange] { changes.withLock { $0.filter { $0.id.hasPrefix(prefix) } } }
}
