internal import Vocabulary

/// Taking back, newest first. A run never begins this by itself.
extension RunMachine {
    mutating func startUndo(by: String, keeping: [String]) throws(RunFault) {
        switch phase {
        case .finished(let end):
            note(.undoing(by: by))
            for change in changes {
                guard case .kept(let reason) = change.standing else { continue }
                note(.changeKept(change: change.id, reason: reason))
            }
            undoNext(end, keeping)
        case .undoing: break  // the same request again
        case .admitted, .stepping, .stopping, .concluding, .parked:
            throw .requestRefused(request: "an undo", reason: "the run has not ended; cancel it first")
        }
    }

    private mutating func undoNext(_ end: RunEnd, _ keeping: [String]) {
        guard let change = changes.last(where: { isTakenBack($0, keeping) }) else {
            phase = .finished(end: end)
            let undone = changes.count { $0.standing == .undone }
            return note(.undoEnded(undone: undone, kept: changes.count - undone))
        }
        let effect = issue()
        phase = .undoing(end: end, effect: effect, keeping: keeping)
        ask(.undoChange(effect: effect, change: change))
    }

    private func isTakenBack(_ change: CompletedChange, _ keeping: [String]) -> Bool {
        guard change.standing == .applied, !keeping.contains(where: { $0.isIdentical(to: change.id) }) else {
            return false
        }
        return (definition.state(change.state) ?? finallyState(change.state))?.isUndone ?? true
    }

    private func finallyState(_ name: String) -> StateDefinition? {
        definition.finally.first { $0.name.isIdentical(to: name) }
    }

    /// A change that stays stops the undo: older ones may be what it stands on.
    ///
    /// To go on without it, name it in `keeping`.
    mutating func undone(_ effect: EffectID, _ change: CompletedChange, _ result: UndoResult) {
        close(effect)
        guard case .undoing(let end, _, let keeping) = phase else { return }
        switch result {
        case .done:
            mark(change)
            undoNext(end, keeping)
        case .refused(let reason): stopUndo(end, change, reason)
        case .failed(let error):
            // It may be gone: then nobody knows any more what holds.
            if error.name == definition.errors.unverified { doubtContainment(by: change) }
            stopUndo(end, change, error.bounded.cause ?? error.bounded.name ?? "no reason given")
        }
    }

    private mutating func stopUndo(_ end: RunEnd, _ change: CompletedChange, _ reason: String) {
        phase = .finished(end: end)
        note(.undoStopped(change: change.id, reason: reason))
    }

    /// What a state contained is gone with its last change, and not known in between.
    private mutating func mark(_ change: CompletedChange) {
        guard let place = changes.firstIndex(where: { $0.id.isIdentical(to: change.id) }) else { return }
        changes[place].standing = .undone
        guard contains(change.state), !findings.isEmpty else { return }
        let rest = changes.contains { contains($0.state) && $0.standing == .applied }
        for finding in findings { keep(rest ? .unknown : .none, of: finding.state, about: finding.subject) }
    }

    private mutating func doubtContainment(by change: CompletedChange) {
        guard contains(change.state) else { return }
        for finding in findings { keep(.unknown, of: finding.state, about: finding.subject) }
    }

    private func contains(_ state: String) -> Bool {
        definition.state(state)?.provesContainment == true || findings.contains { $0.state.isIdentical(to: state) }
    }
}
