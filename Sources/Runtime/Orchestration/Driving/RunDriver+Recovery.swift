internal import Planning
internal import Playbooks
internal import Runs
internal import Vocabulary

/// Going on where an earlier process ended.
extension RunDriver {
    /// Goes on where an earlier process ended: what was in flight is looked up in the world before it is repeated.
    ///
    /// Time while nobody ran does not count against an attempt's timeout.
    package mutating func recover(by: String) async {
        if machine.status == .parked {
            do throws(RunFault) { try await take(.resumed(by: by)) } catch { return await park(error) }
        }
        let idle = max(.zero, clock.now().duration(since: machine.now))
        pending = []
        for effect in machine.openEffects {
            switch effect {
            case .startTimer(let id, let path, let deadline, let purpose):
                timers[id] = (path, purpose.countsIdleTime ? deadline : deadline.advanced(by: idle))
            default: note(effect)
            }
        }
        await goOn()
    }

    /// Takes over what a journal tells of the run, without doing anything.
    mutating func remember(_ past: RunPast) {
        guard !past.records.isEmpty else { return }
        for entry in past.entries {
            switch entry {
            case .judged(let step, let containment):
                if let containment { reports.append(containment) }
                let place = plan.steps.firstIndex { $0.state == step.state } ?? plan.steps.endIndex
                if place == plan.steps.endIndex { plan.steps.append(step) } else { plan.steps[place] = step }
            case .asked(let state, let approval): waiting[state] = approval
            case .approved(let state, let approval):
                approvals[state] = approval
                waiting[state] = nil
            case .owed, .intent, .succeeded, .failed, .unknown, .found, .missing, .undoRequested, .undoing, .undone:
                break
            }
        }
        for case .askApproval(let id, let path, _) in machine.openEffects {
            guard let state = state(at: path)?.name else { continue }
            asked[id] = (state, waiting[state] ?? approvals[state] ?? StepApproval())
        }
        plan.status = machine.status.rawValue
        plan.containment = containmentReport
        finish()
    }
}

extension TimerPurpose {
    /// Whether it tells a time of the world, which passes also while nobody runs.
    fileprivate var countsIdleTime: Bool {
        switch self {
        case .wait, .approval, .run, .retry: true
        case .timeout, .heartbeat, .reconcile: false
        }
    }
}
