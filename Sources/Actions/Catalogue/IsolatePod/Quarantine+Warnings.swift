internal import NetworkReach
internal import Planning
internal import Vocabulary

extension Quarantine {
    /// What an expert would say before the change, the gravest first.
    var warnings: [String] {
        residualWarnings + ownerWarnings + serviceWarnings + budgetWarnings + labelWarnings + managerWarnings
            + podWarnings + networkWarnings
    }

    private var residualWarnings: [String] {
        var found: [String] = []
        let enforcement = containment(isExpected: true)
        if enforcement.enforcement == .disproved {
            found += enforcement.reasons.filter { $0.hasPrefix("enforcement: ") }.map { String($0.dropFirst(13)) }
        }
        if target.isTerminating {
            found.append("the pod is being deleted: isolation does not stop that, and its evidence goes with it")
        }
        if !hasRoomForAnnotations {
            found.append(
                "the pod's annotations are full: the labels that it had are kept in the run alone, and nothing on the pod "
                    + "holds off an autoscaler"
            )
        }
        if staysDetached, !labelledPolicies.isEmpty {
            found.append(
                "after a release the pod stays detached, and \(labelledPolicies.joined(separator: ", ")) no longer select it: "
                    + "nothing limits it then; delete it, or give it back with: \(readopt ?? "its old labels")"
            )
        }
        if !solution.isExact { found.append("the search for labels was cut short: a smaller or better edit may exist") }
        let (cuts, why) = cutsEstablishedFlows
        if !cuts {
            found.append("established flows may survive: \(why); check them, and kill them on the node if need be")
        }
        return found
    }

    /// Policies that selected the pod by labels which the quarantine takes away.
    private var labelledPolicies: [String] {
        var before = target.endpoint
        before.labels = target.originalLabels
        var after = target.endpoint
        after.labels = labelsAfter
        after.labels[QuarantineMark.key] = nil
        return facts.policies
            .filter { $0.name != mark.policyName && $0.selects(before) && !$0.selects(after) }
            .map(\.name).sorted()
    }

    private var ownerWarnings: [String] {
        let name = target.endpoint.qualifiedName
        guard let kind = target.ownerKind else {
            return wasDetached
                ? [] : ["no controller: nothing replaces pod \(name), and kubectl drain --force deletes it"]
        }
        let title = workloadTitle ?? "\(kind) \(target.ownerName ?? "")"
        switch kind {
        case "StatefulSet":
            return ["StatefulSet: \(title) does not replace the pod while the pod exists; its name stays taken"]
        case "Job":
            return ["Job pod: \(title) counts the pod as active and starts no other while it runs; it is never resumed"]
        case "DaemonSet":
            return releasedBy == nil
                ? ["DaemonSet pod: \(title) starts no other on the node while this pod is its own"]
                : ["DaemonSet pod: \(title) releases the pod and starts another on the same node, with the same image"]
        case "ReplicaSet", "ReplicationController":
            guard let released = releasedBy else {
                return [
                    "the pod stays with \(title): scaling down or a rollout may delete it, and a replacement runs the same image"
                ]
            }
            let images = target.images.prefix(3).joined(separator: ", ")
            return [
                "the label edit detaches the pod from \(released.title) (\(title)), which starts a replacement at once; "
                    + "the replacement runs the same image (\(images))",
                "kubectl drain --force deletes a detached pod: leave out \(QuarantineMark.key) in every drain",
            ]
        default: return ["the pod belongs to \(title): its operator may change it back or replace it"]
        }
    }

    private var serviceWarnings: [String] {
        let left = Set(servicesLeft.map(\.name))
        return servicesBefore.flatMap { service -> [String] in
            let others = service.readyPods.filter { $0 != target.name }
            var found: [String] = []
            if isEmptied(service) {
                found.append(
                    "single replica: the pod is the last endpoint of Service \(service.name), which has none afterwards"
                )
            }
            found.append(
                left.contains(service.name)
                    ? "the label edit takes the pod out of Service \(service.name) (\(others.count) ready endpoints stay)"
                    : "the pod stays an endpoint of Service \(service.name): clients sent there time out until it is unready or detached"
            )
            return found
        }
    }

    private var budgetWarnings: [String] {
        let covering = budgets
        var found = covering.filter { $0.disruptionsAllowed == 0 }
            .map { "disruption budget \($0.name) has no headroom: no pod that it covers can be evicted now" }
        if covering.count > 1 {
            let names = covering.map(\.name).joined(separator: ", ")
            found.append(
                "\(covering.count) overlapping disruption budgets (\(names)): an eviction would be answered 500"
            )
        }
        return found
    }

    private var labelWarnings: [String] {
        solution.edits.filter(\.isBorrowed).map { edit in
            "\(edit.key) becomes “\(edit.after ?? "")”, the value that a policy exempts: whatever selects on it outside this "
                + "namespace's Services, controllers and budgets will see the pod"
        }
    }

    private var managerWarnings: [String] {
        var seen: Set<String> = []
        return solution.answers.compactMap { answer in
            guard seen.insert(answer.name).inserted,
                let policy = facts.policies.first(where: { $0.namespace == answer.namespace && $0.name == answer.name }
                ),
                let manager = policy.manager
            else { return nil }
            let title = "\(answer.namespace)/\(answer.name)"
            switch answer.answer {
            case .patched:
                return "\(title) is patched although \(manager) owns it: it \(manager.comeback), and then leaks"
            case .reported:
                return "\(title) stays open for the pod: \(manager) owns it and fights a patch (\(manager.comeback))"
            case .relabelled: return nil
            }
        }
    }

    private var podWarnings: [String] {
        var found: [String] = []
        for claim in target.claims {
            found.append("PVC \(claim) keeps attached to the node while the pod exists")
        }
        let failing = target.probes.filter { $0.handler != "exec" }
        for probe in failing {
            let effect =
                probe.kind == "readiness"
                ? "the pod turns unready" : "the kubelet restarts the container and its memory is lost"
            found.append(
                "\(probe.kind) probe of container \(probe.container) (\(probe.handler)) fails if the plugin blocks the node: \(effect)"
            )
        }
        let meshes = ["istio-proxy", "linkerd-proxy", "envoy", "consul-dataplane", "kuma-sidecar"]
        if let mesh = target.containers.first(where: meshes.contains) {
            found.append(
                "service mesh sidecar \(mesh): it loses its control plane, and may hold connections that the pod's own view hides"
            )
        }
        return found
    }

    private var networkWarnings: [String] {
        var found: [String] = []
        let notes = target.annotations
        if let networks = notes["k8s.v1.cni.cncf.io/networks"] {
            found.append("secondary network interfaces (\(networks.prefix(80))) are not covered by NetworkPolicy")
        }
        if notes["vpc.amazonaws.com/pod-eni"] != nil {
            found.append(
                "security groups for pods: the branch interface's security group also decides; swapping it contains more surely"
            )
        }
        if target.endpoint.addresses.contains(where: { $0.family == .v6 }) {
            found.append("the pod has an IPv6 address: check that the plugin enforces both families")
        }
        if !parameters.allow.entries.contains(where: { $0.ports.contains(53, .udp) }) {
            found.append(
                "DNS is denied too: it is the usual covert channel; tools in the pod need addresses, not names"
            )
        }
        found.append(
            "traffic between the pod and its own node (kubelet, node-local services) cannot be blocked by NetworkPolicy"
        )
        return found
    }
}
