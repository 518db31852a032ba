internal import Vocabulary

/// From the verdict to the end.
extension RunMachine {
    /// The verdict is reached; from here only a leak changes it.
    mutating func conclude(_ end: RunEnd) {
        for frame in frames.frames { release(frame) }
        cancelTimer(runTimer)
        runTimer = nil
        let end = judged(end)
        note(.concluding(end: end))
        phase = .concluding(FrameTree(), end: end)
        enterFinally(0)
    }

    mutating func enterFinally(after frame: Frame) {
        drop(frame.path)
        guard case .finally(let place) = frame.path.steps.last else { return enterFinally(definition.finally.count) }
        enterFinally(place + 1)
    }

    private mutating func enterFinally(_ place: Int) {
        guard case .concluding(_, let end) = phase else { return }
        guard definition.finally.indices.contains(place) else { return finish(end) }
        visits += 1
        enter(Frame(path: FramePath([.finally(place)]), state: definition.finally[place], visit: visits))
    }

    private mutating func finish(_ end: RunEnd) {
        let end = judged(end)
        phase = .finished(end: end)
        note(.ended(end: end, containment: containment))
    }

    /// A run that knows of a leak did not succeed, whatever its states say.
    private func judged(_ end: RunEnd) -> RunEnd {
        switch end {
        case .succeeded where containment == .leaking:
            let places = findings.filter { $0.containment == .leaking }.map(\.state).joined(separator: ", ")
            return .failed(error: StepError(definition.errors.leaking, cause: "still leaking after: \(places)"))
        case .succeeded, .failed, .refused, .cancelled:
            return end
        }
    }

    /// Ends the run from outside; what is in flight is looked up first.
    mutating func stop(_ end: RunEnd, _ request: String) throws(RunFault) {
        switch phase {
        case .admitted: conclude(end)
        case .stepping(let tree): stop(tree, end)
        case .stopping(_, let earlier), .concluding(_, let earlier), .finished(let earlier),
            .undoing(let earlier, _, _):
            guard earlier != end else { return }  // the same request again
            throw .requestRefused(request: request, reason: "the run already ends as \(earlier.status.rawValue)")
        case .parked(_, let backlog, let resumed):
            phase = resumed
            for event in backlog { try take(event) }
            try stop(end, request)
        }
    }

    private mutating func stop(_ tree: FrameTree, _ end: RunEnd) {
        phase = .stopping(tree, end: end)
        for frame in tree.frames { stop(frame) }
        if frames.frames.isEmpty { conclude(end) }
    }

    private mutating func stop(_ frame: Frame) {
        switch frame.activity {
        case .performing(let attempt, let timeout, let heartbeat) where frame.state.reconciles:
            cancelTimer(timeout)
            cancelTimer(heartbeat)
            reconcile(frame, attempt, instead: nil)
        case .reconciling: break
        case .entering, .evaluating, .awaitingApproval, .performing, .pausing, .waiting:
            release(frame)
            drop(frame.path)
        }
    }

    /// Closes whatever is open for a frame that will not go on.
    mutating func release(_ frame: Frame) {
        switch frame.activity {
        case .entering: break
        case .evaluating(let effect): abandon(effect)
        case .awaitingApproval(let effect, let expiry):
            abandon(effect)
            cancelTimer(expiry)
        case .performing(let effect, let timeout, let heartbeat):
            abandon(effect)
            cancelTimer(timeout)
            cancelTimer(heartbeat)
        case .reconciling(let effect, let attempt, let expiry, _):
            abandon(effect)
            abandon(attempt)
            cancelTimer(expiry)
        case .pausing(let timer), .waiting(let timer): cancelTimer(timer)
        }
    }
}
