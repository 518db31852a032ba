package import Vocabulary

extension RunPlan {
    /// The shape of a run in `run … --output json`.
    package func json(digest: String) -> JSONValue {
        var object: JSONObject = [
            "id": .string(id), "playbook": .string(playbook), "mode": .string(mode.rawValue), "digest": .string(digest),
            "findingId": .string(findingId),
            "wouldTrigger": .array(wouldTrigger.map(JSONValue.string)), "subject": subject.json,
            "steps": .array(steps.map(\.json)), "verdicts": .array(verdicts.map(\.json)),
        ]
        object["containment"] = (containment ?? (status == "planned" ? expectedContainment : nil))?.json ?? .null
        object["blastRadius"] = blastRadius.json
        object["permissions"] = permissionsJSON
        object["release"] = .array(release.map(JSONValue.string))
        object["notes"] = .array(notes.map(JSONValue.string))
        object["status"] = .string(status)
        object["error"] = error?.json ?? .null
        return .object(object)
    }

    /// What the planned steps would prove, which is a promise only while nothing ran; nil when none contains anything.
    package var expectedContainment: ContainmentReport? { steps.lazy.compactMap(\.plan.containment).first }

    private var permissionsJSON: JSONValue {
        var iam: [JSONValue] = []
        var rbac: [JSONValue] = []
        for permission in permissions {
            switch permission {
            case .iam(let action): iam.append(.string(action))
            case .rbac(let group, let resource, let verb):
                rbac.append(["apiGroup": .string(group), "resource": .string(resource), "verb": .string(verb)])
            }
        }
        return .object(["iam": .array(iam), "rbac": .array(rbac)])
    }
}

extension StepPlan {
    /// The shape of a step in `run … --output json`.
    package var json: JSONValue {
        var object: JSONObject = [
            "state": .string(state), "action": .string(action), "status": .string(status.rawValue),
            "conditional": .bool(isConditional), "changes": .array(plan.changes.map(\.change.json)),
            "undo": .array(plan.changes.map(\.undo.json)), "warnings": .array(plan.warnings.map(JSONValue.string)),
            "expectations": .array(plan.expectations.map { .string($0.summary) }), "note": .string(note),
        ]
        object["holdsUntil"] = holdsUntil.map { .string($0.description) }
        return .object(object)
    }
}
