internal import Orchestration
internal import Recording
internal import Runs
internal import Vocabulary

/// What happened in a run, and when: its inputs played again, in words.
struct RunTimeline: Sendable {
    private(set) var events: [(at: Timestamp, text: String)] = []

    /// - Throws: when the history does not replay.
    init(_ run: KeptRun) throws(RunFault) {
        var machine = try RunMachine(run.driver.definition)
        for record in run.recorded.past.records {
            let effects = try machine.apply(record.input)
            if let text = Self.request(record.input.event) { events.append((record.input.at, text)) }
            for case .note(let note) in effects {
                guard let text = RunNoteText.line(for: note, Paint(isOn: false)) else { continue }
                events.append((record.input.at, text))
            }
        }
    }

    /// What people asked for, which the machine does not repeat in its notes.
    private static func request(_ event: RunInput.Event) -> String? {
        switch event {
        case .approved(_, let by): "approved by \(PlainText.line(by))"
        case .rejected(_, let by, let reason): "rejected by \(PlainText.line(by)): \(PlainText.line(reason))"
        case .cancelRequested(let by): "cancelled by \(PlainText.line(by))"
        case .resumed(let by): "resumed by \(PlainText.line(by))"
        case .undoRequested(let by, _): "undo asked for by \(PlainText.line(by))"
        case .containmentObserved(let state, let containment): "\(state): found \(containment.rawValue)"
        case .started, .evaluated, .ended, .heartbeat, .timerFired, .reconciled, .refused, .parked, .undone: nil
        }
    }

    var lines: [String] { events.map { "  \($0.at.text(fractionDigits: 3))  \($0.text)" } }

    var json: JSONValue {
        .array(events.map { ["at": .string($0.at.description), "what": .string($0.text)] })
    }
}
