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

    /// `reviewed`: what was still open in the plan that was reviewed, when a run carries it out; compared is what was
    /// known then. `values`: the parameters as the run recorded them; nil renders them.
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
            return .knownLater(rendered.missing, canonical: Self.canonical(timeless(rendered), rendered.missing))
        }
        let asked = actionRequest(step, rendered, scope, runId: request.id, now: now)
        guard request.finding != nil || !action.manifest.needsFinding else {
            return .planned(Planned(plan: Self.withoutFinding, canonicalChanges: [], request: asked))
        }
        let observed = try await action.observe(asked, in: world)
        return .planned(
            Planned(
                plan: try observed.plan(asked),
                canonicalChanges: try canonicalChanges(step, known, observed),
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

    /// Plans once more from the same facts, without the moments and names that differ from run to run.
    private func canonicalChanges(
        _ step: ActionStep,
        _ scope: ExpressionScope,
        _ observed: ObservedStep
    ) throws(ActionFault) -> [JSONValue] {
        let rendered = timeless(try parameters(step, scope))
        guard rendered.missing.isEmpty else { return Self.canonical(rendered, rendered.missing) }
        let start = Timestamp(nanoseconds: 0)
        var asked = actionRequest(step, rendered, scope, runId: TimelessText.runId, now: start)
        asked.incidentKey = timelessText.apply(asked.incidentKey)
        return try observed.plan(asked).changes.map(\.change.canonical)
    }

    /// What stands for changes that come with a later value: all that is known of what is asked for.
    private static func canonical(_ parameters: Parameters, _ states: [String]) -> [JSONValue] {
        [["knownAfter": .array(states.map(JSONValue.string)), "parameters": parameters.value]]
    }

    private func timeless(_ parameters: Parameters) -> Parameters {
        var parameters = parameters
        parameters.value = timelessText.apply(parameters.value)
        return parameters
    }

    private var timelessText: TimelessText { TimelessText(runId: request.id, startedAt: request.now) }

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
