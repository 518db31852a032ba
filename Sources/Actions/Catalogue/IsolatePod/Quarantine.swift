internal import NetworkReach
internal import Vocabulary

/// One pod's quarantine, worked out: what the facts say, what the solver found, and what follows for the pod.
struct Quarantine {
    let facts: IsolatePodFacts
    let parameters: IsolatePodParameters
    let mark: QuarantineMark
    let solution: QuarantineSolution

    init(_ request: ActionRequest, _ facts: IsolatePodFacts) throws(ActionFault) {
        self.facts = facts
        parameters = try IsolatePodParameters(request.parameters)
        mark = QuarantineMark(uid: facts.pod.endpoint.uid, fingerprint: request.fingerprint)
        let problem = QuarantineProblem(
            pod: facts.pod.endpoint,
            mark: mark,
            policies: facts.policies,
            siblings: facts.pods,
            bystanders: facts.bystanders,
            allow: parameters.allow,
            patching: parameters.patching,
            originalLabels: facts.pod.originalLabels
        )
        solution = problem.solution()
        impostors = problem.impostors
    }

    /// Other pods that bear the same quarantine label.
    let impostors: [PodEndpoint]

    var target: IsolationTarget { facts.pod }

    /// The pod's labels when all is done.
    var labelsAfter: [String: String] {
        var labels = target.endpoint.labels.applying(solution.edits)
        labels[QuarantineMark.key] = mark.value
        return labels
    }

    /// The controller that owns the pod, and lets it go because its labels no longer match.
    var releasedBy: Workload? { owner.flatMap { $0.selector.matches(labelsAfter) ? nil : $0 } }

    /// The pod's controller, found among the namespace's workloads.
    var owner: Workload? {
        facts.workloads.first { workload in
            workload.kind == target.ownerKind && workload.name == target.ownerName
                && (workload.uid.isEmpty || target.ownerUID == nil || workload.uid == target.ownerUID)
        }
    }

    /// What people know the pod's workload by: `Deployment checkout`.
    var workloadTitle: String? {
        owner.map { $0.owner ?? $0.title } ?? target.endpoint.owner
    }

    /// Whether an earlier quarantine took the pod from a controller.
    var wasDetached: Bool {
        facts.workloads.contains {
            $0.selector.matches(target.originalLabels) && !$0.selector.matches(target.endpoint.labels)
        }
    }

    /// Whether the pod is without its controller when all is done, by this quarantine or an earlier one.
    var staysDetached: Bool {
        let after = labelsAfter
        return releasedBy != nil
            || facts.workloads.contains {
                $0.selector.matches(target.originalLabels) && !$0.selector.matches(after)
            }
    }

    /// Services that have the pod among their endpoints by its labels now.
    var servicesBefore: [ServiceFact] {
        facts.services.filter { $0.selector?.matches(target.endpoint.labels) ?? false }
    }

    /// Services whose selector no longer matches the pod afterwards.
    var servicesLeft: [ServiceFact] {
        servicesBefore.filter { !($0.selector?.matches(labelsAfter) ?? false) }
    }

    var budgets: [DisruptionBudget] { facts.budgets.filter { $0.covers(target.endpoint.labels) } }

    /// The quarantine policy's spec as it must be.
    var policySpec: JSONValue {
        var spec: JSONObject = [
            "podSelector": ["matchLabels": .object([QuarantineMark.key: .string(mark.value)])],
            "policyTypes": ["Ingress", "Egress"],
        ]
        let rules = parameters.allow.entries.map(Self.rule)
        if !rules.isEmpty { spec["egress"] = .array(rules) }
        return .object(spec)
    }

    private static func rule(_ entry: AllowList.Entry) -> JSONValue {
        var rule: JSONObject = ["to": [["ipBlock": ["cidr": .string(entry.destination.description)]]]]
        if entry.port != nil || entry.protocol != nil {
            var port = JSONObject()
            port["port"] = entry.port.map { .integer(Int64($0)) }
            port["protocol"] = .string((entry.protocol ?? .tcp).rawValue)
            rule["ports"] = .array([.object(port)])
        }
        return .object(rule)
    }

    /// Whether the policy exists and says what it must.
    var policyStands: Bool { facts.quarantinePolicy?["spec"] == policySpec }

    /// Reach before and after, over all policies that could be read.
    var reach: (before: Reach, after: Reach) {
        let before = ReachEvaluator(namespaces: facts.namespaces, policies: facts.policies)
        var pod = target.endpoint
        pod.labels = labelsAfter
        let patched = Set(solution.patches.map(\.name))
        var policies = facts.policies.filter { !($0.namespace == pod.namespace && $0.name == mark.policyName) }
        for place in policies.indices
        where policies[place].namespace == pod.namespace && patched.contains(policies[place].name) {
            policies[place] = policies[place].excluding(mark)
        }
        policies.append(.quarantine(mark, in: pod.namespace, allow: parameters.allow))
        let after = ReachEvaluator(namespaces: facts.namespaces, policies: policies)
        return (before.reach(of: target.endpoint, among: facts.pods), after.reach(of: pod, among: facts.pods))
    }
}

extension IsolatePodFacts {
    /// All that picks pods of the namespace by labels.
    var bystanders: [LabelBystander] {
        var found = services.compactMap { service in
            service.selector.map { LabelBystander("Service \(service.name)", $0) }
        }
        found += workloads.map { LabelBystander($0.title, $0.selector) }
        for budget in budgets {
            guard let selector = budget.selector else { continue }
            found.append(LabelBystander("PodDisruptionBudget \(budget.name)", selector))
        }
        return found
    }
}
