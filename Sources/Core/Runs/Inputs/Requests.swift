internal import Vocabulary

/// What people and the service ask of a run.
extension RunMachine {
    mutating func start(seed: UInt64) throws(RunFault) {
        switch phase {
        case .admitted:
            self.seed = seed
            phase = .stepping(FrameTree())
            runTimer = startTimer(FramePath([]), after: definition.timeout, .run)
            if let first = definition.states.first { enter(first.name) }
        case .stepping, .stopping, .concluding, .finished, .undoing, .parked:
            throw .unexpected(input: "start", phase: phaseName)
        }
    }

    mutating func approved(_ effect: EffectID, _ path: FramePath) {
        close(effect)
        guard var frame = frames[path], case .awaitingApproval(_, let expiry) = frame.activity else { return }
        cancelTimer(expiry)
        frame.isApproved = true
        perform(frame)
    }

    mutating func rejected(_ effect: EffectID, _ path: FramePath, _ by: String, _ reason: String) throws(RunFault) {
        close(effect)
        guard let frame = frames[path], case .awaitingApproval(_, let expiry) = frame.activity else { return }
        cancelTimer(expiry)
        drop(path)
        try stopFromWithin(.refused(reason: "\(by) rejected “\(frame.state.name)”: \(reason)"), frame)
    }

    mutating func park(_ reason: String) throws(RunFault) {
        switch phase {
        case .admitted, .stepping, .stopping, .concluding, .undoing:
            phase = .parked(reason: reason, backlog: [], resuming: phase)
            note(.parked(reason: reason))
        case .parked: break
        case .finished: throw .requestRefused(request: "parking", reason: "the run has ended")
        }
    }

    mutating func resume(by: String) throws(RunFault) {
        switch phase {
        case .parked(_, let backlog, let resumed):
            phase = resumed
            note(.resumed(by: by))
            for event in backlog { try take(event) }
        case .admitted, .stepping, .stopping, .concluding, .finished, .undoing:
            throw .requestRefused(request: "a resume", reason: "the run is not parked")
        }
    }

    /// The phase in words, for messages.
    var phaseName: String {
        switch phase {
        case .admitted: "not started"
        case .stepping: "in its states"
        case .stopping: "stopping"
        case .concluding: "in its finally"
        case .finished: "finished"
        case .undoing: "undoing"
        case .parked: "parked"
        }
    }
}
