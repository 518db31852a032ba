package import Vocabulary

/// Why the machine did not take an input; it is as it was before.
package enum RunFault: ActionableError, Hashable {
    case unexpected(input: String, phase: String)
    case unknownEffect(EffectID)
    case wrongAnswer(EffectID, asked: String, answered: String)
    case invalidDefinition([String])
    case requestRefused(request: String, reason: String)
    case tooManyChanges(limit: Int)
    case brokenHistory(sequence: Int, String)
    case historyRefused(sequence: Int, cause: String)
    /// The store did not take what happened.
    case notRecorded(String)

    /// Whether the run needs a human now; otherwise only the one who asked gets a no.
    package var parksRun: Bool {
        switch self {
        case .requestRefused: false
        case .unexpected, .unknownEffect, .wrongAnswer, .invalidDefinition, .tooManyChanges, .brokenHistory,
            .historyRefused, .notRecorded:
            true
        }
    }

    package var report: FaultReport {
        FaultReport(code: code, what: what, location: location, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .unexpected: "RUN-001"
        case .unknownEffect: "RUN-002"
        case .wrongAnswer: "RUN-003"
        case .invalidDefinition: "RUN-004"
        case .requestRefused: "RUN-005"
        case .tooManyChanges: "RUN-006"
        case .brokenHistory: "RUN-007"
        case .historyRefused: "RUN-008"
        case .notRecorded: "RUN-010"
        }
    }

    private var what: String {
        switch self {
        case .unexpected(let input, let phase): "a run that is \(phase) cannot take this input: \(input)"
        case .unknownEffect(let effect): "an answer came for \(effect), which this run never asked for"
        case .wrongAnswer(let effect, let asked, let answered):
            "\(effect) is of the kind “\(asked)” but was answered with “\(answered)”"
        case .invalidDefinition(let problems): "the run's definition is not sound: \(problems.joined(separator: "; "))"
        case .requestRefused(let request, let reason): "\(request) is not possible: \(reason)"
        case .tooManyChanges(let limit): "the run reports more than \(limit) changes"
        case .brokenHistory(_, let problem): "the run's history is broken: \(problem)"
        case .historyRefused(_, let cause): "the run's history does not replay: \(cause)"
        case .notRecorded(let cause): "the run cannot be written down: \(cause)"
        }
    }

    private var location: String {
        switch self {
        case .brokenHistory(let sequence, _), .historyRefused(let sequence, _): "record \(sequence)"
        case .unexpected, .unknownEffect, .wrongAnswer, .invalidDefinition, .requestRefused, .tooManyChanges,
            .notRecorded:
            ""
        }
    }

    private var remedy: String {
        switch self {
        case .unexpected, .unknownEffect, .wrongAnswer:
            "the run is parked with its containment in place; read `firebreak runs show`, then resume or cancel it"
        case .invalidDefinition: "check the playbook with `firebreak playbook check`"
        case .requestRefused: "read `firebreak runs show` for what the run is doing now"
        case .tooManyChanges: "split the playbook into several runs"
        case .brokenHistory: "restore the store from a backup, or check it with `firebreak store check`"
        case .notRecorded: "check the store's disk, then “firebreak runs recover”"
        case .historyRefused: "run the version that recorded the history, and report this one"
        }
    }
}
