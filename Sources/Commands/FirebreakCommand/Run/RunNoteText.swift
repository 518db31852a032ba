internal import Runs
internal import Vocabulary

/// What the run machine notes, in words for a terminal.
enum RunNoteText {
    /// Says notes on the console as they come, on the stream for talk.
    static func teller() -> @Sendable (RunNote) -> Void {
        let console = Console.current
        let paint = Paint(isOn: console.hasColour)
        return { note in
            if let line = line(for: note, paint) { console.complain(line) }
        }
    }

    static func line(for note: RunNote, _ paint: Paint) -> String? {
        switch note {
        case .entered(let path, _): "→ \(path)"
        case .skipped(let path): "  \(path): skipped, its when is not true"
        case .attemptSucceeded: "  " + paint.green("verified")
        case .attemptFailed(_, _, let error):
            "  " + paint.red("\(error.name ?? "failed")") + " \(PlainText.line(error.cause ?? ""))"
        case .retrying(_, let attempt, let pause): "  tries again (attempt \(attempt)) after \(pause.playbookText)"
        case .caught(_, let error, let next): "  \(error.name ?? "the error") is caught, on to \(next)"
        case .ended(let end, _): "run \(end.status.rawValue)"
        case .parked(let reason): paint.red("parked: \(PlainText.line(reason))")
        case .changeKept(let change, let reason): "kept   \(change): \(PlainText.line(reason))"
        case .undoStopped(let change, let reason): paint.red("stopped at \(change): \(PlainText.line(reason))")
        case .undoEnded(let undone, let kept): "\(undone) change(s) undone, \(kept) kept"
        case .finallyFailed(let path, let error): "  \(path) failed: \(error.name ?? "no name")"
        case .left, .concluding, .learned, .resumed, .undoing: nil
        }
    }
}
