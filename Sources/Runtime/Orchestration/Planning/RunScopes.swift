internal import Expressions
internal import Findings
package import Planning
internal import Playbooks
package import Vocabulary

/// Builds what the expressions of a run see at its start.
package enum RunScopes {
    /// `finding`, `event`, `subject`, `parameters` and `run`; states and bindings come with the run.
    package static func start(_ request: RunRequest, subject: Subject) -> ExpressionScope {
        var scope = ExpressionScope(zones: request.zones)
        scope["finding"] = request.finding?.document ?? .object([:])
        scope["subject"] = subject.json
        scope["parameters"] = .object(parameters(request))
        scope["states"] = .object([:])
        scope["vars"] = .object([:])
        let run: JSONValue = [
            "id": .string(request.id), "playbook": .string(request.playbook.name),
            "mode": .string(request.mode.rawValue), "status": "running", "containment": "none",
            "startedAt": .string(request.now.description), "digest": .string(request.digest ?? ""), "error": .null,
        ]
        scope["run"] = run
        if request.digest == nil { scope.late.append(ExpressionScope.Late(["run", "digest"], after: "planning")) }
        let key = incidentKey(request, subject: subject, scope: scope)
        scope.setRun("incident", .string(key))
        return scope
    }

    /// What the run is about: the playbook's key, else the pod's UID, else the node's instance or name.
    private static func incidentKey(_ request: RunRequest, subject: Subject, scope: ExpressionScope) -> String {
        // A key that cannot be evaluated falls back to the subject: an incident always has one.
        if let template = request.playbook.incident?.key,
            let rendered = try? TemplateRenderer(scope).render(template), let key = rendered.value.nonBlank
        {
            return key
        }
        return subject.pod?.uid?.rawValue ?? subject.node?.instanceId?.rawValue ?? subject.node?.name.rawValue
            ?? subject.pod?.name.rawValue ?? request.finding?.id ?? request.id
    }

    /// The values of the playbook's parameters, defaults included.
    static func parameters(_ request: RunRequest) -> JSONObject {
        var values = JSONObject()
        for parameter in request.playbook.parameters {
            values[parameter.name] = request.parameters[parameter.name] ?? parameter.defaultValue
        }
        return values
    }
}
