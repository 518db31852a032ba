internal import Catalogue
internal import KubernetesAPI
internal import Planning
internal import Playbooks
internal import Vocabulary

/// Judges a step once more when its turn comes: hours may have passed since the plan was reviewed.
struct StepGuardrails: Sendable {
    private let request: RunRequest
    private let world: World
    private let actions: [CataloguedAction]

    init(request: RunRequest, world: World, actions: [CataloguedAction]) {
        self.request = request
        self.world = world
        self.actions = actions
    }

    /// `before`: what the run has changed already, which counts towards budgets too.
    func judge(
        _ plan: ActionPlan,
        of action: String,
        after before: [Change],
        at now: Timestamp
    ) async -> [Verdict] {
        guard actions.actsOnWorkloads(action), !plan.alreadyDone else { return [] }
        var touched: [GuardrailFacts.Touched] = []
        for object in Set(plan.changes.compactMap(\.change.touched)) { touched.append(await read(object)) }
        // What the run touched before was judged then; here it only counts.
        let earlier = RunHistory.Entry(
            at: now,
            playbook: "",
            incidentKey: "",
            pods: before.compactMap(\.touched).filter { $0.kind == .pod }.map(\.key),
            nodes: before.compactMap(\.touched).filter { $0.kind == .node }.map(\.key)
        )
        let rules = GuardrailRules(request.playbook)
        var history = request.history
        if rules.budget != nil { history.entries.append(earlier) }
        return Guardrails.judge(
            GuardrailFacts(touched: touched, actsOnWorkloads: true),
            rules: GuardrailRules(protect: rules.protect, budget: rules.budget),
            responder: request.responder,
            history: history,
            playbook: request.playbook.name,
            incidentKey: "",
            isButton: request.isByPerson,
            now: now
        )
    }

    /// With its labels now; an object that cannot be read may have any.
    private func read(_ object: TouchedObject) async -> GuardrailFacts.Touched {
        guard let cluster = world.kubernetes, let path = object.path else {
            return GuardrailFacts.Touched(object, labels: nil)
        }
        return GuardrailFacts.Touched(object, labels: try? await cluster.get(path))
    }
}

extension TouchedObject {
    /// As histories count objects: `NAMESPACE/NAME`, and `/NAME` for nodes.
    var key: String { namespace + "/" + name }

    fileprivate var path: KubernetesPath? {
        guard let name = ObjectName(name) else { return nil }
        switch kind {
        case .pod: return NamespaceName(namespace).map { .object(.pods, in: $0, name) }
        case .node: return .object(.nodes, name)
        }
    }
}
