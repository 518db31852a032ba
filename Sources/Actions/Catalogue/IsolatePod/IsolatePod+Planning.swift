internal import NetworkReach
package import Planning
internal import Vocabulary

extension IsolatePod {
    package func plan(_ request: ActionRequest, _ facts: IsolatePodFacts) throws(ActionFault) -> ActionPlan {
        let quarantine = try Quarantine(request, facts)
        let verdicts = quarantine.verdicts
        var changes: [PlannedChange] = []
        if !verdicts.contains(where: { $0.verdict == .refuse }) { changes = try quarantine.changes(request) }
        let isRefused = verdicts.contains { $0.verdict == .refuse }
        let isDone = changes.isEmpty && !isRefused
        return ActionPlan(
            changes: changes,
            expectations: isDone || changes.isEmpty ? [] : quarantine.expectations(for: changes),
            warnings: quarantine.warnings,
            verdicts: verdicts,
            blastRadius: quarantine.blastRadius,
            alreadyDone: isDone,
            containment: isRefused ? nil : quarantine.containment(isExpected: !isDone),
            release: isRefused ? [] : quarantine.release,
            probe: isRefused ? nil : quarantine.probeTarget,
            output: quarantine.output
        )
    }

    /// Judged from the world as it is: nothing counts because it was sent.
    package func judge(_ request: ActionRequest, _ facts: IsolatePodFacts) -> ContainmentReport? {
        do {
            return try Quarantine(request, facts).containment(isExpected: false)
        } catch {
            return ContainmentReport(
                policy: .unknown,
                enforcement: .unknown,
                flows: .unknown,
                rehearsed: facts.isRehearsed,
                reasons: [error.report.what]
            )
        }
    }
}

extension Quarantine {
    var blastRadius: BlastRadius {
        let title = target.endpoint.qualifiedName
        let neighbours = facts.pods.filter {
            $0.node == target.endpoint.node && $0.node != nil && !$0.isFinished && $0.uid != target.endpoint.uid
        }
        return BlastRadius(
            pods: [title],
            nodes: [target.endpoint.node].compactMap(\.self),
            services: servicesBefore.map { "\(target.namespace)/\($0.name)" }.sorted(),
            emptiedServices: servicesBefore.filter(isEmptied).map { "\(target.namespace)/\($0.name)" }.sorted(),
            volumes: target.claims.sorted(),
            coTenants: neighbours.map(\.qualifiedName).sorted(),
            replicasLeft: owner.map { max(0, $0.ready - (target.endpoint.isReady ? 1 : 0)) },
            disruptionHeadroom: budgets.map(\.disruptionsAllowed).min()
        )
    }

    /// Whether the pod is the Service's only ready endpoint.
    func isEmptied(_ service: ServiceFact) -> Bool {
        service.readyPods.contains(target.name) && !service.readyPods.contains { $0 != target.name }
    }

    var output: JSONValue {
        let (before, after) = reach
        var removed = JSONObject()
        for edit in solution.edits { removed[edit.key] = edit.before.map(JSONValue.string) ?? .null }
        for (key, value) in target.removedLabels.sorted(by: { $0.key < $1.key }) { removed[key] = value }
        let reported = solution.answers.filter { $0.answer == .reported }
        return [
            "policy": .string("\(target.namespace)/\(mark.policyName)"), "quarantine": .string(mark.value),
            "removedLabels": .object(removed), "detachedFrom": releasedBy.map { .string($0.title) } ?? .null,
            "services": Self.texts(servicesLeft.map(\.name)),
            "reported": Self.texts(reported.map { "\($0.namespace)/\($0.name)" }),
            "reach": [
                "before": Self.lines(before), "after": Self.lines(after),
                "closed": Self.texts(Array(before.closed(comparedWith: after).prefix(40))),
            ], "readopt": readopt.map(JSONValue.string) ?? .null,
        ]
    }

    private static func lines(_ reach: Reach) -> JSONValue {
        ["ingress": texts(reach.lines(.ingress)), "egress": texts(reach.lines(.egress))]
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
