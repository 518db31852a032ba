package import Catalogue
package import Findings
package import Planning
package import Playbooks
internal import Vocabulary

/// A plan, with what nobody knew yet: enough to tell at execution whether a step still is what was reviewed.
package struct ReviewedRun: Sendable {
    package var plan: RunPlan
    /// By state: what was shown as `‹after STATE›`, which a yes to the plan leaves open.
    package var late: [String: [ExpressionScope.Late]]

    package init(plan: RunPlan, late: [String: [ExpressionScope.Late]] = [:]) {
        self.plan = plan
        self.late = late
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
            if plan.judgement < .refuse { await walk.run() } else { await walk.planFinallyAlone() }
            plan.steps = walk.steps
            plan.notes = walk.notes
            plan.error = walk.fault?.report
            plan.errorName = walk.fault?.name ?? ""
            return ReviewedRun(plan: finished(plan, facts), late: walk.late)
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
        await walk.planFinallyAlone()
        plan.steps = walk.steps
        return ReviewedRun(plan: plan, late: walk.late)
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
            subject: request.claim.subject,
            parameters: .object(RunScopes.parameters(request))
        )
        if let finding = request.finding {
            // A finding that a person named is told as if it had just been imported: its mode is the person's.
            let event = request.event ?? SecurityHubEvent.imported(finding)
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
        let acting = plan.steps.filter { actions.actsOnWorkloads($0.action) && !$0.plan.alreadyDone }
        var touched = acting.flatMap(\.plan.changes).compactMap { change in
            change.change.touched.map { facts.touched($0) }
        }
        // What is not known yet may touch the whole subject.
        if acting.contains(where: \.isKnownLater) { touched += plan.subject.objects.map { facts.touched($0) } }
        return GuardrailFacts(
            touched: touched.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            emptiedServices: acting.reduce(BlastRadius()) { $0.merged(with: $1.plan.blastRadius) }.emptiedServices,
            actsOnWorkloads: !acting.isEmpty
        )
    }
}

extension [CataloguedAction] {
    /// Whether the action of this name is one that budgets and protections are about.
    func actsOnWorkloads(_ name: String) -> Bool {
        guard let manifest = first(where: { $0.manifest.name == name })?.manifest else { return false }
        return [.hold, .contain, .evict].contains(manifest.actionClass)
    }
}

extension SubjectFacts {
    /// An object that changes, with the labels that were read of it.
    fileprivate func touched(_ object: TouchedObject) -> GuardrailFacts.Touched {
        let read = object.kind == .pod ? pod : node
        let isRead = read?["metadata"]?["name"]?.string == object.name
        return GuardrailFacts.Touched(object, labels: isRead ? read : nil)
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
