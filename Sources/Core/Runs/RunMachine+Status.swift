package import Vocabulary

/// What a run is doing, in one word.
package enum RunStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case pendingApproval, running, waiting, undoing, succeeded, failed, refused, cancelled, parked
}

extension RunEnd {
    package var status: RunStatus {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .refused: .refused
        case .cancelled: .cancelled
        }
    }
}

extension RunMachine {
    package var status: RunStatus {
        switch phase {
        case .admitted: .waiting
        case .stepping(let tree): tree.status
        case .stopping, .concluding: .running
        case .finished(let end): end.status
        case .undoing: .undoing
        case .parked: .parked
        }
    }

    /// How the run ends; nil while that is open.
    package var end: RunEnd? {
        switch phase {
        case .stopping(_, let end), .concluding(_, let end), .finished(let end), .undoing(let end, _, _): end
        case .admitted, .stepping: nil
        case .parked(_, _, let resumed):
            switch resumed {
            case .stopping(_, let end), .concluding(_, let end), .finished(let end), .undoing(let end, _, _): end
            case .admitted, .stepping, .parked: nil
            }
        }
    }

    /// The worst that is known: one leak leaks, one unknown is unknown.
    package var containment: Containment {
        let known = findings.map(\.containment)
        for verdict in [Containment.leaking, .unknown, .contained] where known.contains(verdict) { return verdict }
        return .none
    }

    /// Changes that still stand in the world.
    package var standingChanges: [CompletedChange] { changes.filter { $0.standing != .undone } }

    /// One sentence for people: where the run stands, and what it leaves in place.
    package var summary: String {
        let left = standingChanges.count
        let changes =
            left == 0 ? "no change is in place" : "\(left) change\(left == 1 ? " is" : "s are") still in place"
        return "\(status.rawValue); containment \(containment.rawValue); \(changes)"
    }

    /// What expressions may read of the run; the caller adds what it knows itself, such as the finding.
    package var scope: JSONValue {
        var scope = outputs.bindings.object ?? JSONObject()
        scope["states"] = outputs.states
        scope["vars"] = outputs.values
        var run: JSONObject = [
            "status": .string((end?.status ?? status).rawValue), "containment": .string(containment.rawValue),
        ]
        if let error = endingError { run["error"] = error.json }
        scope["run"] = .object(run)
        return .object(scope)
    }

    private var endingError: StepError? {
        guard case .failed(let error) = end else { return lastError }
        return error
    }

    mutating func keep(_ output: JSONValue, of state: StateDefinition) {
        outputs.states = Self.adding(output, as: state.name, to: outputs.states)
        guard state.kind == .set, let members = output.object else { return }
        for member in members { outputs.values = Self.adding(member.value, as: member.key, to: outputs.values) }
    }

    mutating func bind(_ error: StepError, as name: String) {
        outputs.bindings = Self.adding(error.json, as: name, to: outputs.bindings)
    }

    private static func adding(_ value: JSONValue, as name: String, to object: JSONValue) -> JSONValue {
        var members = object.object ?? JSONObject()
        members[name] = value
        return .object(members)
    }

    /// What was said before by the same state, or of the same subject, counts no longer.
    ///
    /// A state that proved nothing tells of no subject: what is shown later of the run's subject stands instead.
    mutating func keep(_ containment: Containment, of state: String, about subject: String? = nil) {
        findings.removeAll { finding in
            finding.state.isIdentical(to: state) || (subject != nil && (finding.subject ?? subject) == subject)
        }
        guard containment != .none else { return }
        findings.append(ContainmentFinding(state: state, containment: containment, subject: subject))
    }

    /// A state that should have proved a containment ended without: nobody knows, unless somebody found out before.
    mutating func noteUnproved(_ state: StateDefinition) {
        if state.provesContainment == true, findings.isEmpty { keep(.unknown, of: state.name) }
    }
}

extension FrameTree {
    fileprivate var status: RunStatus {
        var isWaiting = !frames.isEmpty
        for frame in frames {
            switch frame.activity {
            case .awaitingApproval: return .pendingApproval
            case .pausing, .waiting: break
            case .entering, .evaluating, .performing, .reconciling: isWaiting = false
            }
        }
        return isWaiting ? .waiting : .running
    }
}
