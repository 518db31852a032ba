internal import Vocabulary

/// Asking, and no longer asking.
extension RunMachine {
    /// Every effect that was asked for and not answered: after a replay, verify each in the world before repeating it.
    package var openEffects: [RunEffect] { open }

    mutating func issue() -> EffectID {
        let effect = EffectID(nextEffect)
        nextEffect += 1
        return effect
    }

    mutating func ask(_ effect: RunEffect) {
        open.append(effect)
        outbox.append(effect)
    }

    mutating func note(_ note: RunNote) { outbox.append(.note(note)) }

    func isOpen(_ effect: EffectID) -> Bool { open.contains { $0.answeredAs == effect } }

    mutating func close(_ effect: EffectID) { open.removeAll { $0.answeredAs == effect } }

    mutating func cancelTimer(_ timer: EffectID?) {
        guard let timer, isOpen(timer) else { return }
        close(timer)
        outbox.append(.cancelTimer(effect: timer))
    }

    mutating func abandon(_ effect: EffectID) {
        guard isOpen(effect) else { return }
        close(effect)
        outbox.append(.abandon(effect: effect))
    }

    mutating func startTimer(_ path: FramePath, _ deadline: Timestamp, _ purpose: TimerPurpose) -> EffectID {
        let timer = issue()
        ask(.startTimer(effect: timer, path: path, deadline: deadline, purpose: purpose))
        return timer
    }

    mutating func startTimer(_ path: FramePath, after span: Duration?, _ purpose: TimerPurpose) -> EffectID? {
        guard let span else { return nil }
        return startTimer(path, now.advanced(by: max(.zero, span)), purpose)
    }

    mutating func evaluate(_ frame: Frame, _ request: EvaluationRequest) {
        var frame = frame
        let effect = issue()
        ask(.evaluate(effect: effect, path: frame.path, request: request))
        frame.activity = .evaluating(effect: effect)
        put(frame)
    }
}

/// The open frames, whichever phase holds them.
extension RunMachine {
    package var frames: FrameTree {
        switch phase {
        case .stepping(let tree), .stopping(let tree, _), .concluding(let tree, _): tree
        case .admitted, .finished, .undoing, .parked: FrameTree()
        }
    }

    mutating func put(_ frame: Frame) { changeTree { $0.put(frame) } }
    mutating func drop(_ path: FramePath) { changeTree { $0.drop(path) } }

    private mutating func changeTree(_ change: (inout FrameTree) -> Void) {
        var tree = frames
        change(&tree)
        switch phase {
        case .stepping: phase = .stepping(tree)
        case .stopping(_, let end): phase = .stopping(tree, end: end)
        case .concluding(_, let end): phase = .concluding(tree, end: end)
        case .admitted, .finished, .undoing, .parked: break
        }
    }
}
