import KubernetesAPI
package import Planning
package import Playbooks
package import Vocabulary

/// Takes one crash-consistent set of snapshots of the EBS volumes of a node's instance.
package struct SnapshotVolumes: Action {
    package init() {}

    package static let manifest = ActionManifest(
        name: "snapshot-volumes",
        summary: "Take one crash-consistent set of EBS snapshots of a node's instance, tagged as evidence.",
        actionClass: .capture,
        parameters: [
            .init("node", .objectName, "The node; by default the one that the subject runs on."),
            .init("include", .choice(["all", "root", "data"]), "Which volumes; by default all."),
            .init("tags", .stringMap, "More tags for the snapshots, beside those of the incident."),
        ],
        errors: ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict", "Invalid", "Unverified"],
        permissions: [
            "get nodes", "list pods", "list persistentvolumes", "ec2:DescribeInstances", "ec2:DescribeVolumes",
            "ec2:DescribeSnapshots", "ec2:CreateSnapshots", "ec2:CreateTags",
        ],
        undo: "none: evidence is never deleted",
        outputs: ["node", "instanceId", "region", "volumes", "snapshots", "evidenceTime"],
        example: """
            snapshot:
              action: snapshot-volumes
              with: { include: all, tags: { case: "${{ run.id }}" } }
            """
    )

    package func plan(_ request: ActionRequest, _ facts: Facts) throws(ActionFault) -> ActionPlan {
        let include = request.parameters["include"]?.string ?? "all"
        let chosen = Self.chosen(facts.volumes, include)
        let refusals = verdicts(request, facts)
        guard let instance = facts.instance, !chosen.isEmpty else {
            guard refusals.isEmpty else { return ActionPlan(verdicts: refusals) }
            throw .nothingToSnapshot(facts.instance?.id.rawValue ?? "of the node", include)
        }
        let set = try SnapshotSet(request, facts, instance, chosen: chosen)
        let missing = set.missing
        return ActionPlan(
            changes: missing.isEmpty ? [] : [set.change],
            expectations: missing.map(set.expectation),
            warnings: SnapshotWarnings.all(facts, instance, set),
            verdicts: refusals,
            blastRadius: blastRadius(facts, chosen),
            alreadyDone: missing.isEmpty,
            output: output(facts, instance, set)
        )
    }

    /// The ids and the moment come with the answer to CreateSnapshots.
    package func output(of plan: ActionPlan, answers: [String: JSONValue]) -> JSONValue {
        var output = plan.output.object ?? JSONObject()
        let made = answers.values.flatMap { $0["Snapshots"]?.array ?? [] }
        guard !made.isEmpty else { return plan.output }
        let ids = (output["snapshots"]?.array ?? []) + made.compactMap { $0["SnapshotId"] }
        let moments = [output["evidenceTime"]?.string] + made.map { $0["StartTime"]?.string }
        output["snapshots"] = .array(ids)
        output["evidenceTime"] = moments.compactMap(\.self).min().map(JSONValue.string)
        return .object(output)
    }

    static func chosen(_ volumes: [Volume], _ include: String) -> [Volume] {
        switch include {
        case "root": volumes.filter(\.isRoot)
        case "data": volumes.filter { !$0.isRoot }
        default: volumes
        }
    }

    private func verdicts(_ request: ActionRequest, _ facts: Facts) -> [Verdict] {
        var verdicts: [Verdict] = []
        if let node = facts.node {
            verdicts += node.refusals(expecting: request.expectedInstance(of: node.name))
        }
        guard let instance = facts.instance else { return verdicts }
        verdicts += identity(request, facts, instance)
        if instance.state == "terminated" || instance.state == "shutting-down" {
            verdicts.append(Verdict("instance-gone", .refuse, "instance \(instance.id) is \(instance.state)"))
        }
        return verdicts
    }

    /// Whether this is the machine, the account and the Region that the finding is about.
    private func identity(_ request: ActionRequest, _ facts: Facts, _ instance: Instance) -> [Verdict] {
        var verdicts: [Verdict] = []
        if facts.node?.provider == nil, let node = request.subject.node, let expected = node.instanceId,
            facts.node?.name == node.name, expected != instance.id
        {
            verdicts.append(
                Verdict(
                    "node-identity",
                    .refuse,
                    "the finding names instance \(expected), but node \(node.name) is \(instance.id)"
                )
            )
        }
        let accounts = [request.subject.account?.rawValue, facts.account.rawValue].compactMap(\.self)
        for account in accounts where !instance.owner.isEmpty && account != instance.owner {
            verdicts.append(
                Verdict(
                    "wrong-account",
                    .refuse,
                    "instance \(instance.id) belongs to account \(instance.owner), not to \(account)",
                    override: "use credentials of account \(instance.owner)"
                )
            )
        }
        if let region = request.subject.region, region != facts.region {
            verdicts.append(
                Verdict("wrong-region", .refuse, "the finding is about \(region), the node is in \(facts.region)")
            )
        }
        return verdicts
    }

    private func blastRadius(_ facts: Facts, _ chosen: [Volume]) -> BlastRadius {
        BlastRadius(
            nodes: (facts.node?.name.rawValue).map { [$0] } ?? [],
            volumes: chosen.map(\.id.rawValue).sorted(),
            coTenants: Set(chosen.flatMap(\.claimPods)).sorted()
        )
    }

    private func output(_ facts: Facts, _ instance: Instance, _ set: SnapshotSet) -> JSONValue {
        var output: JSONObject = [
            "instanceId": .string(instance.id.rawValue), "region": .string(facts.region.rawValue),
            "volumes": .array(set.chosen.map { .string($0.id.rawValue) }),
            "snapshots": .array(set.covering.map { .string($0.id) }),
        ]
        output["node"] = (facts.node?.name.rawValue).map(JSONValue.string)
        output["evidenceTime"] = set.covering.map(\.startTime).min().map(JSONValue.string)
        return .object(output)
    }
}
