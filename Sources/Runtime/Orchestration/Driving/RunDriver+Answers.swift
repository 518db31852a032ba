internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// Doing what the machine asks for.
extension RunDriver {
    mutating func answer(_ effect: RunEffect) async -> RunInput.Event? {
        switch effect {
        case .evaluate(let id, let path, let asked):
            guard let state = state(at: path) else { return Self.lost(path) }
            let found = evaluator.evaluate(asked, state: state, scope: scope, now: clock.now())
            return .evaluated(effect: id, result: found)
        case .perform(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performed(turn) else {
                return Self.lost(path)
            }
            return .ended(effect: id, report: await adopt(performance, turn))
        case .reconcile(let id, let path, let attempt):
            guard let turn = turn(path, attempt), let performance = await performer.reconcile(turn) else {
                return Self.lost(path)
            }
            return .reconciled(effect: id, report: await adopt(performance, turn))
        case .undoChange(let id, let change):
            return .undone(effect: id, result: await performer.undo(change))
        case .note(let note):
            if case .undoStopped(let change, let reason) = note { undoStop = (change, reason) }
            tell(note)
            return nil
        case .startTimer, .cancelTimer, .askApproval, .abandon:
            return nil
        }
    }

    /// An attempt is cut short when its state's time is over; what it knows by then it tells.
    private func performed(_ turn: StepTurn) async -> StepPerformance? {
        let performer = performer
        return await clock.limit(until: turn.deadline) { await performer.perform(turn) }
    }

    private func turn(_ path: FramePath, _ attempt: TaskAttempt) -> StepTurn? {
        guard let state = state(at: path) else { return nil }
        return StepTurn(
            state: state,
            attempt: attempt,
            subject: plan.subject,
            scope: scope,
            approval: approvals[state.name] ?? StepApproval(),
            deadline: timers.values.filter { $0.path == path }.map(\.deadline).min()
        )
    }

    private static func lost(_ path: FramePath) -> RunInput.Event {
        .parked(reason: "the playbook has no state at \(path)")
    }

    func state(at path: FramePath) -> PlaybookState? {
        switch path.steps.last {
        case .state(let name)?: request.playbook.state(name)
        case .finally(let index)?:
            request.playbook.finally.indices.contains(index) ? request.playbook.finally[index] : nil
        case .branch?, .item?, nil: nil
        }
    }

    /// What expressions see now: the start's variables, and what the run brought since.
    private var scope: ExpressionScope {
        var scope = RunScopes.start(request, subject: plan.subject)
        for member in machine.scope.object ?? JSONObject() where member.key != "run" {
            scope[member.key] = member.value
        }
        var run = scope["run"]?.object ?? JSONObject()
        for member in machine.scope["run"]?.object ?? JSONObject() { run[member.key] = member.value }
        scope["run"] = .object(run)
        return scope
    }
}
