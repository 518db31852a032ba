internal import Vocabulary

/// Answers to effects: each is matched with what was asked before it counts.
extension RunMachine {
    mutating func answer(_ effect: EffectID, with event: RunInput.Event) throws(RunFault) {
        guard let asked = open.first(where: { $0.answeredAs == effect }) else {
            // Delivery is at least once, and what a state stopped waiting for may still answer.
            guard (1..<nextEffect).contains(effect.number) else { throw .unknownEffect(effect) }
            return
        }
        if case .parked(let reason, let backlog, let resumed) = phase {
            try Self.check(asked, event, effect)
            guard !backlog.contains(where: { $0.answers(effect) && $0.kind == event.kind }) else { return }
            // What it says of the world is true already; what it means for the run waits.
            try learn(from: event, asked)
            phase = .parked(reason: reason, backlog: backlog + [event.withoutFindings], resuming: resumed)
            return
        }
        try settle(asked, with: event, effect)
    }

    private mutating func settle(_ asked: RunEffect, with event: RunInput.Event, _ effect: EffectID) throws(RunFault) {
        switch (asked, event) {
        case (.evaluate(_, let path, let request), .evaluated(_, let result)):
            try evaluated(effect, path, request, result)
        case (.perform(_, let path, let attempt), .ended(_, let report)):
            try attemptEnded(effect, path, attempt, report)
        case (.perform(_, let path, _), .heartbeat):
            beat(path)
        case (.reconcile(_, let path, let attempt), .reconciled(_, let report)):
            try reconciled(effect, path, attempt, report)
        case (.askApproval(_, let path, _), .approved):
            approved(effect, path)
        case (.askApproval(_, let path, _), .rejected(_, let by, let reason)):
            try rejected(effect, path, by, reason)
        case (.startTimer(_, let path, _, let purpose), .timerFired):
            try timerFired(effect, path, purpose)
        case (.undoChange(_, let change), .undone(_, let result)):
            undone(effect, change, result)
        case (.evaluate, _), (.perform, _), (.reconcile, _), (.askApproval, _), (.startTimer, _), (.undoChange, _),
            (.cancelTimer, _), (.abandon, _), (.note, _):
            throw .wrongAnswer(effect, asked: asked.kind, answered: event.kind)
        }
    }

    private mutating func learn(from event: RunInput.Event, _ asked: RunEffect) throws(RunFault) {
        switch (asked, event) {
        case (.perform(_, _, let attempt), .ended(_, let report)),
            (.reconcile(_, _, let attempt), .reconciled(_, let report)):
            try learn(report, of: attempt.state)
        case (.evaluate, _), (.perform, _), (.reconcile, _), (.askApproval, _), (.startTimer, _), (.undoChange, _),
            (.cancelTimer, _), (.abandon, _), (.note, _):
            break
        }
    }

    /// Whether an answer is of the kind that was asked for, before it is kept for later.
    private static func check(_ asked: RunEffect, _ event: RunInput.Event, _ effect: EffectID) throws(RunFault) {
        switch (asked, event) {
        case (.evaluate, .evaluated), (.perform, .ended), (.perform, .heartbeat), (.reconcile, .reconciled),
            (.askApproval, .approved), (.askApproval, .rejected), (.startTimer, .timerFired), (.undoChange, .undone):
            return
        case (.evaluate, _), (.perform, _), (.reconcile, _), (.askApproval, _), (.startTimer, _), (.undoChange, _),
            (.cancelTimer, _), (.abandon, _), (.note, _):
            throw .wrongAnswer(effect, asked: asked.kind, answered: event.kind)
        }
    }
}

extension RunInput.Event {
    /// The same answer without what it says of the world.
    fileprivate var withoutFindings: RunInput.Event {
        switch self {
        case .ended(let effect, let report): .ended(effect: effect, report: StepReport(report.outcome))
        case .reconciled(let effect, let report): .reconciled(effect: effect, report: StepReport(report.outcome))
        case .started, .evaluated, .heartbeat, .timerFired, .approved, .rejected, .refused, .cancelRequested, .parked,
            .resumed, .undoRequested, .undone, .containmentObserved:
            self
        }
    }

    /// Whether this answers the effect.
    fileprivate func answers(_ wanted: EffectID) -> Bool {
        switch self {
        case .evaluated(let effect, _), .ended(let effect, _), .heartbeat(let effect), .timerFired(let effect),
            .reconciled(let effect, _), .approved(let effect, _), .rejected(let effect, _, _), .undone(let effect, _):
            effect == wanted
        case .started, .refused, .cancelRequested, .parked, .resumed, .undoRequested, .containmentObserved: false
        }
    }
}
