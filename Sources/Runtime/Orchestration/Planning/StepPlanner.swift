package import Catalogue
internal import Expressions
internal import Findings
package import Planning
package import Playbooks
package import Vocabulary

/// Plans one action state: renders its parameters, observes, and plans twice — as it would be sent, and as a digest
/// sees it.
package struct StepPlanner: Sendable {
    /// A step that was planned, with the means to look again after it.
    package struct Planned: Sendable {
        package var plan: ActionPlan
        package var canonicalChanges: [JSONValue]
        package var request: ActionRequest
    }

    /// What planning a step came to.
    package enum Outcome: Sendable {
        case planned(Planned)
        /// A parameter's value comes only with these states; what is known of the step stands for its changes.
        case knownLater([String], canonical: [JSONValue])
    }

    private let request: RunRequest
    private let actions: [CataloguedAction]
    private let world: World

    package init(request: RunRequest, actions: [CataloguedAction], world: World) {
        self.request = request
        self.actions = actions
        self.world = world
    }

    package func action(_ name: String) -> CataloguedAction? { actions.first { $0.manifest.name == name } }

    /// Observes and plans one step.
    ///
    /// `values`: the parameters as a run recorded them; nil renders them. `reviewed`: what was still open in the plan
    /// that was reviewed, when a run carries it out; only what was known then is compared.
    package func plan(
        _ step: ActionStep,
        scope: ExpressionScope,
        values: JSONValue? = nil,
        reviewed: [ExpressionScope.Late]? = nil,
        now: Timestamp
    ) async throws(ActionFault) -> Outcome {
        guard let action = action(step.call.name) else { throw Self.unknown(step.call.name) }
        let rendered = try parameters(step, scope, values)
        var known = scope
        known.late += reviewed ?? []
        guard rendered.missing.isEmpty else {
            return .knownLater(rendered.missing, canonical: canonical(rendered, now: now))
        }
        let asked = actionRequest(step, rendered, scope, runId: request.id, now: now)
        guard request.finding != nil || !action.manifest.needsFinding else {
            return .planned(Planned(plan: Self.withoutFinding, canonicalChanges: [], request: asked))
        }
        let observed = try await action.observe(asked, in: world)
        return .planned(
            Planned(
                plan: try observed.plan(asked),
                canonicalChanges: try canonicalChanges(step, known, observed, now: now),
                request: asked
            )
        )
    }

    /// A run that a pod or a node started has nothing to tell a finding.
    private static let withoutFinding = ActionPlan(
        warnings: ["the run started without a finding: there is none to update"],
        alreadyDone: true
    )

    /// Observes again and says what became of the step's containment.
    package func judge(_ planned: Planned, _ step: ActionStep) async throws(ActionFault) -> ContainmentReport? {
        guard let action = action(step.call.name) else { throw Self.unknown(step.call.name) }
        guard request.finding != nil || !action.manifest.needsFinding else { return nil }
        return try await action.observe(planned.request, in: world).judge(planned.request)
    }

    /// What the step leaves to later ones, with what the answers to its changes brought.
    package func output(_ planned: Planned, _ step: ActionStep, answers: [String: JSONValue]) -> JSONValue {
        action(step.call.name)?.output(planned.plan, answers) ?? planned.plan.output
    }

    /// Plans once more from the same facts with what was open left open, and takes out what differs from run to run.
    private func canonicalChanges(
        _ step: ActionStep,
        _ scope: ExpressionScope,
        _ observed: ObservedStep,
        now: Timestamp
    ) throws(ActionFault) -> [JSONValue] {
        let rendered = try parameters(step, scope)
        guard rendered.missing.isEmpty else { return canonical(rendered, now: now) }
        let asked = actionRequest(step, rendered, scope, runId: request.id, now: now)
        let text = timelessText(rendered, now: now)
        return try observed.plan(asked).changes.map { text.apply($0.change.canonical) }
    }

    /// What stands for changes that come with a later value: all that is known of what is asked for.
    private func canonical(_ parameters: Parameters, now: Timestamp) -> [JSONValue] {
        let known: JSONValue = [
            "knownAfter": .array(parameters.missing.map(JSONValue.string)), "parameters": parameters.value,
        ]
        return [timelessText(parameters, now: now).apply(known)]
    }

    private func timelessText(_ parameters: Parameters, now: Timestamp) -> TimelessText {
        TimelessText(
            runId: request.id,
            moments: [request.now, now],
            expires: parameters.expires
        )
    }

    private func actionRequest(
        _ step: ActionStep,
        _ parameters: Parameters,
        _ scope: ExpressionScope,
        runId: String,
        now: Timestamp
    ) -> ActionRequest {
        ActionRequest(
            parameters: parameters.value,
            subject: step.subject,
            finding: request.finding?.document,
            runId: runId,
            playbook: request.playbook.name,
            state: step.state.name,
            incidentKey: scope.incidentKey,
            now: now,
            expires: parameters.expires,
            fingerprint: request.fingerprint
        )
    }
}

/// One action state of a playbook, for one subject.
package struct ActionStep: Sendable {
    package var state: PlaybookState
    package var call: PlaybookState.ActionCall
    package var subject: Subject

    /// Nil when the state is of another kind.
    package init?(_ state: PlaybookState, subject: Subject) {
        guard case .action(let call) = state.kind else { return nil }
        self.state = state
        self.call = call
        self.subject = subject
    }
}
