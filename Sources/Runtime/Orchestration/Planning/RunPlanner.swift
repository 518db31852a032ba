package import Catalogue
package import Findings
package import Planning
package import Playbooks
internal import Vocabulary

/// A plan, with what its expressions saw: enough to tell at execution whether a step still is what was reviewed.
package struct ReviewedRun: Sendable {
    package var plan: RunPlan
    package var scopes: [String: ExpressionScope]

    package init(plan: RunPlan, scopes: [String: ExpressionScope] = [:]) {
        self.plan = plan
        self.scopes = scopes
    }
}

/// Makes the plan of one run: who the subject is, what every reachable state would change, what guardrails say.
///
/// It reads through `world`, and writes planned changes only to a world that is a rehearsal's throw-away copy, so that
/// later states, and the runs planned after this one, meet the world as the earlier ones would leave it.
package struct RunPlanner: Sendable {
    private let request: RunRequest
    private let world: World
    private let place: SubjectFacts.Place
    private let actions: [CataloguedAction]

    package init(request: RunRequest, world: World, place: SubjectFacts.Place, actions: [CataloguedAction]) {
        self.request = request
        self.world = world
        self.place = place
        self.actions = actions
    }

    package func plan(_ mode: RunPlan.Mode) async -> ReviewedRun {
        var plan = emptyPlan(mode)
        do throws(ActionFault) {
            let facts = try await SubjectReader(world: world, place: place).read(request.claim)
            let identity = SubjectIdentity.resolve(request.claim, facts, isNamedByPerson: request.isNamedByPerson)
            plan.subject = identity.subject
            plan.verdicts = identity.verdicts
            var walk = PlanWalk(request: request, subject: identity.subject, world: world, actions: actions)
            if plan.judgement < .refuse { await walk.run() } else { await walk.planFinally() }
            plan.steps = walk.steps
            plan.notes = walk.notes
            plan.error = walk.fault?.report
            plan.errorName = walk.fault?.name ?? ""
            return ReviewedRun(plan: finished(plan, facts), scopes: walk.scopes)
        } catch {
            plan.status = "failed"
            plan.error = error.report
            plan.errorName = error.name
            return ReviewedRun(plan: plan)
        }
    }

    /// The plan of a finding that names no subject: nothing but the reasons.
    package func refuse(_ refusal: SubjectRefusal, _ mode: RunPlan.Mode) async -> ReviewedRun {
        var plan = emptyPlan(mode)
        plan.subject = Subject(account: request.finding?.account, region: request.finding?.region)
        plan.verdicts = refusal.faults.map {
            Verdict("subject", .refuse, $0.report.what, override: $0.report.remedy)
        }
        plan.status = "refused"
        var walk = PlanWalk(request: request, subject: plan.subject, world: world, actions: actions)
        await walk.planFinally()
        plan.steps = walk.steps
        return ReviewedRun(plan: plan, scopes: walk.scopes)
    }

    private func emptyPlan(_ mode: RunPlan.Mode) -> RunPlan {
        let document = request.finding?.document
        var plan = RunPlan(
            id: request.id,
            playbook: request.playbook.name,
            playbookDigest: request.playbookDigest,
            findingDigest: document.map { request.fingerprint(JSONWriter.canonical($0)) } ?? "",
            findingId: request.finding?.id ?? "",
            mode: mode,
            subject: request.claim.subject
        )
        if let event = request.event, let finding = request.finding {
            let matches = request.playbook.triggers.map { $0.match(event, finding, zones: request.zones) }
            plan.wouldTrigger = matches.filter(\.fires).map(\.trigger)
        }
        return plan
    }

    private func finished(_ plan: RunPlan, _ facts: SubjectFacts) -> RunPlan {
        var plan = plan
        let key = RunScopes.start(request, subject: plan.subject).incidentKey
        plan.verdicts += plan.steps.flatMap(\.plan.verdicts)
        if !plan.steps.isEmpty {
            plan.verdicts += Guardrails.judge(
                guardrailFacts(plan, facts),
                rules: GuardrailRules(request.playbook),
                responder: request.responder,
                history: request.history,
                playbook: request.playbook.name,
                incidentKey: key,
                isButton: request.isByPerson,
                now: request.now
            )
        }
        if plan.judgement == .refuse { plan.status = "refused" } else if plan.error != nil { plan.status = "failed" }
        return plan
    }

    private func guardrailFacts(_ plan: RunPlan, _ facts: SubjectFacts) -> GuardrailFacts {
        let acting = plan.steps.filter { step in
            guard let manifest = actions.first(where: { $0.manifest.name == step.action })?.manifest else {
                return false
            }
            return [.hold, .contain, .evict].contains(manifest.actionClass) && !step.plan.alreadyDone
        }
        let reach = acting.reduce(BlastRadius()) { $0.merged(with: $1.plan.blastRadius) }
        var touched: [GuardrailFacts.Touched] = []
        for change in acting.flatMap(\.plan.changes) {
            guard let (kind, namespace, name) = change.change.touched else { continue }
            let read = kind == .pod ? facts.pod : facts.node
            touched.append(
                GuardrailFacts.Touched(
                    kind: kind,
                    namespace: namespace,
                    name: name,
                    labels: Self.labels(read),
                    areLabelsKnown: read?["metadata"]?["name"]?.string == name
                )
            )
        }
        // What is not known yet may touch the whole subject.
        if acting.contains(where: \.isKnownLater) { touched += Self.subject(plan.subject, facts) }
        touched = touched.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let emptied = reach.replicasLeft == 0 ? reach.services : []
        return GuardrailFacts(touched: touched, emptiedServices: emptied, actsOnWorkloads: !acting.isEmpty)
    }

    private static func subject(_ subject: Subject, _ facts: SubjectFacts) -> [GuardrailFacts.Touched] {
        var touched: [GuardrailFacts.Touched] = []
        if let pod = subject.pod, let namespace = subject.namespace {
            touched.append(
                GuardrailFacts.Touched(
                    kind: .pod,
                    namespace: namespace.rawValue,
                    name: pod.name.rawValue,
                    labels: labels(facts.pod)
                )
            )
        }
        if let node = subject.node {
            touched.append(GuardrailFacts.Touched(kind: .node, name: node.name.rawValue, labels: labels(facts.node)))
        }
        return touched
    }

    private static func labels(_ object: JSONValue?) -> [String: String] {
        var labels: [String: String] = [:]
        for member in object?["metadata"]?["labels"]?.object ?? JSONObject() {
            labels[member.key] = member.value.string
        }
        return labels
    }
}

extension GuardrailRules {
    /// The rules that a playbook states for itself.
    package init(_ playbook: Playbook) {
        let guardrails = playbook.guardrails
        self.init(
            protect: guardrails.protect.map {
                Protection(namespaces: $0.namespaces, labels: $0.labels, names: $0.names, nodes: $0.nodes)
            },
            budget: guardrails.budget.map { Budget(pods: $0.pods, nodes: $0.nodes, per: $0.window) },
            cooldown: playbook.incident?.cooldown
        )
    }
}
