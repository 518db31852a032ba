internal import NetworkReach
internal import Planning
internal import Vocabulary

/// One of the three facts of a containment, with the sentences that carry it.
struct ContainmentFact {
    var fact: ContainmentReport.Fact
    var reasons: [String]

    init(_ fact: ContainmentReport.Fact, _ reasons: String...) {
        self.fact = fact
        self.reasons = reasons
    }

    init(_ fact: ContainmentReport.Fact, reasons: [String]) {
        self.fact = fact
        self.reasons = reasons
    }
}

extension Quarantine {
    /// What the plan would give (`isExpected`), or what the world as observed gives.
    func containment(isExpected: Bool) -> ContainmentReport {
        let policy = policyFact(isExpected: isExpected)
        let enforcement = enforcementFact(isExpected: isExpected)
        let flows = flowsFact(enforcement.fact)
        return ContainmentReport(
            policy: policy.fact,
            enforcement: enforcement.fact,
            flows: flows.fact,
            rehearsed: facts.isRehearsed,
            policies: solution.answers.map { answer in
                .init(
                    namespace: answer.namespace,
                    name: answer.name,
                    direction: answer.leak.direction == .ingress ? .ingress : .egress,
                    answer: Self.answer(answer.answer)
                )
            },
            reasons: policy.reasons + enforcement.reasons + flows.reasons
        )
    }

    private static func answer(_ answer: QuarantineSolution.Answer) -> ContainmentReport.PolicyAnswer.Answer {
        switch answer {
        case .relabelled: .relabelled
        case .patched: .patched
        case .reported: .reported
        }
    }

    // MARK: policy

    private func policyFact(isExpected: Bool) -> ContainmentFact {
        if target.endpoint.usesHostNetwork {
            return ContainmentFact(.disproved, "policy: NetworkPolicy does not apply to a pod on its node's network")
        }
        let drift = isExpected ? [] : missingParts
        let open = solution.answers.filter { $0.answer == .reported }.map(Self.sentence)
        guard drift.isEmpty, open.isEmpty else { return ContainmentFact(.disproved, reasons: drift + open) }
        let doubts = foreignDoubts
        guard doubts.isEmpty else { return ContainmentFact(.unknown, reasons: doubts) }
        let rest = parameters.allow.entries.isEmpty ? "nothing" : "only the allow list"
        return ContainmentFact(
            .proved,
            "policy: over all NetworkPolicies \(rest) remains reachable, and nobody reaches the pod"
        )
    }

    /// What should be in place and is not.
    private var missingParts: [String] {
        var missing: [String] = []
        if !policyStands { missing.append("policy: the quarantine policy \(mark.policyName) is missing or changed") }
        if target.endpoint.labels[QuarantineMark.key] != mark.value {
            missing.append("policy: the pod does not bear the label \(QuarantineMark.key)=\(mark.value)")
        }
        for edit in solution.edits { missing.append("policy: still to do: \(edit)") }
        for policy in solution.patches { missing.append("policy: \(policy.name) selects the pod and still allows") }
        return missing
    }

    private static func sentence(_ answer: QuarantineSolution.PolicyAnswer) -> String {
        let way = answer.leak.direction == .ingress ? "lets in" : "lets out"
        let openings = answer.leak.openings.prefix(5).joined(separator: "; ")
        return "policy: \(answer.namespace)/\(answer.name) still \(way) \(openings), because \(answer.reason)"
    }

    private var foreignDoubts: [String] {
        let labelled = facts.namespaces[target.namespace] ?? [:]
        var doubts = facts.foreignPolicies
            .filter { $0.maySelect(labelsAfter, in: target.namespace, labelled: labelled) }
            .map { policy in
                let ways = policy.mayAllow.map(\.rawValue).joined(separator: " and ")
                return "policy: \(policy.title) may allow \(ways) for the pod, and its kind can win over NetworkPolicy"
            }
        if target.hasOtherInterfaces {
            doubts.append("policy: the pod has further network interfaces, which NetworkPolicy does not cover")
        }
        let unseen = unseenPolicies
        if !unseen.isEmpty {
            let names = unseen.prefix(5).joined(separator: ", ")
            doubts.append("policy: PolicyEndpoints name policies that were not among those read (\(names))")
        }
        let decisive: [ObservedObjects.Wish] = [
            .adminPolicies, .clusterPolicies, .eksClusterPolicies, .eksApplicationPolicies, .ciliumPolicies,
            .ciliumClusterPolicies, .calicoPolicies, .calicoGlobalPolicies, .calicoServedPolicies,
            .calicoServedGlobalPolicies,
        ]
        for wish in decisive {
            guard let why = facts.unreadable[wish.rawValue] else { continue }
            doubts.append("policy: \(wish.rawValue) could not be read (\(why)), so they may allow traffic")
        }
        return doubts
    }

    /// Policies of the pod's namespace that the CNI works with although nobody showed them to us.
    private var unseenPolicies: [String] {
        let seen = Set(facts.policies.filter { $0.namespace == target.namespace }.map(\.name))
        let named = (facts.policyEndpoints ?? []).filter { $0.pods.contains(target.name) }.map(\.policy)
        return Set(named).subtracting(seen).subtracting([mark.policyName]).sorted()
    }

    // MARK: enforcement

    private func enforcementFact(isExpected: Bool) -> ContainmentFact {
        if target.endpoint.usesHostNetwork {
            return ContainmentFact(
                .disproved,
                "enforcement: no plugin enforces policies for a pod on its node's network"
            )
        }
        if let node = facts.node, node.operatingSystem == "windows" || node.isVirtual || node.isFargate {
            return ContainmentFact(
                .disproved,
                "enforcement: no policy is enforced on node \(node.name) (\(node.kindInWords))"
            )
        }
        if let node = facts.node, !node.isReady {
            return ContainmentFact(
                .unknown,
                "enforcement: node \(node.name) is not ready, so nobody knows what it enforces"
            )
        }
        let found = facts.enforcers.map { enforcement(by: $0, isExpected: isExpected) }
        for wanted in [ContainmentReport.Fact.proved, .disproved, .unknown] {
            if let fact = found.first(where: { $0.fact == wanted }) { return fact }
        }
        // A PolicyEndpoint comes from a controller: that somebody on the node acts on it is not shown by it.
        let node = target.endpoint.node ?? "no node yet"
        return ContainmentFact(.unknown, "enforcement: no known network plugin was found on the pod's node (\(node))")
    }

    private var listedInPolicyEndpoint: Bool {
        (facts.policyEndpoints ?? []).contains { $0.policy == mark.policyName && $0.pods.contains(target.name) }
    }

    private func enforcement(by enforcer: PolicyEnforcer, isExpected: Bool) -> ContainmentFact {
        switch enforcer.kind {
        case .cilium, .calico:
            return enforcer.isReady
                ? ContainmentFact(
                    .proved,
                    "enforcement: \(enforcer.kind.rawValue) is ready on the pod's node (\(enforcer.pod))"
                )
                : ContainmentFact(
                    .unknown,
                    "enforcement: \(enforcer.kind.rawValue) on the pod's node is not ready (\(enforcer.pod))"
                )
        case .vpcCNI:
            if let obstacle = obstacle(of: enforcer) { return obstacle }
            if listedInPolicyEndpoint {
                return ContainmentFact(
                    .proved,
                    "enforcement: the node agent enforces, and a PolicyEndpoint lists the pod"
                )
            }
            return isExpected
                ? ContainmentFact(
                    .proved,
                    "enforcement: the node agent enforces policies (\(enforcer.pod)); a PolicyEndpoint has to confirm it"
                )
                : ContainmentFact(.unknown, "enforcement: no PolicyEndpoint of \(mark.policyName) lists the pod yet")
        }
    }

    /// Why the VPC CNI does not, or may not, enforce.
    private func obstacle(of enforcer: PolicyEnforcer) -> ContainmentFact? {
        if let reason = enforcer.obstacle(isControllerOn: facts.policyControllerEnabled, of: enforcer.pod) {
            return ContainmentFact(.disproved, "enforcement: \(reason)")
        }
        if !enforcer.isReady {
            return ContainmentFact(.unknown, "enforcement: the node agent is not ready (\(enforcer.pod))")
        }
        if facts.policyEndpoints == nil {
            return ContainmentFact(.unknown, "enforcement: the cluster's PolicyEndpoints could not be read")
        }
        if target.endpoint.addresses.contains(where: { $0.family == .v6 }) {
            return ContainmentFact(
                .unknown,
                "enforcement: VPC CNI leaves an IPv4 egress interface open on IPv6 clusters"
            )
        }
        return nil
    }

    // MARK: flows

    private func flowsFact(_ enforcement: ContainmentReport.Fact) -> ContainmentFact {
        if target.endpoint.usesHostNetwork {
            return ContainmentFact(.unknown, "flows: those of the node are the pod's too, and no policy cuts them")
        }
        if enforcement == .disproved {
            return facts.flows?.isEmpty == true
                ? ContainmentFact(.proved, "flows: the flow table lists no open flow of the pod")
                : ContainmentFact(.unknown, "flows: nothing cuts established flows where no policy is enforced")
        }
        let (cuts, why) = cutsEstablishedFlows
        guard let flows = facts.flows else {
            return ContainmentFact(cuts ? .proved : .unknown, "flows: \(why)")
        }
        let open = flows.filter { !isAllowed($0) }
        if open.isEmpty {
            return ContainmentFact(.proved, "flows: the flow table lists no open flow beyond the allow list")
        }
        let list = open.prefix(5).map(\.description).joined(separator: ", ")
        return cuts
            ? ContainmentFact(.proved, "flows: \(open.count) open (\(list)) are judged anew: \(why)")
            : ContainmentFact(.disproved, "flows: \(open.count) open (\(list)) may go on: \(why)")
    }

    private func isAllowed(_ flow: NetworkFlow) -> Bool {
        guard flow.direction == .egress else { return false }
        let here = AddressRange(flow.address.family, flow.address.bits...flow.address.bits)
        return !parameters.allow.leavesOut(PortSet(flow.port...flow.port, flow.protocol), at: here)
    }

    /// Whether the plugin judges established flows anew, and why.
    var cutsEstablishedFlows: (cuts: Bool, why: String) {
        guard let enforcer = facts.enforcers.first(where: { $0.isReady && $0.networkPolicyFlag != false }) else {
            return (false, "it is not known which plugin enforces, so established flows may survive")
        }
        switch enforcer.kind {
        case .cilium: return (true, "Cilium judges established flows anew when policies change")
        case .calico: return (false, "Calico accepts packets of established flows by default")
        case .vpcCNI:
            let earlier = policiesBefore.map(\.name)
            return earlier.isEmpty
                ? (true, "the pod had no policy before, so VPC CNI judges its flows anew")
                : (
                    false,
                    "the pod was under policies before (\(earlier.prefix(3).joined(separator: ", "))), and VPC CNI then "
                        + "lets established flows go on"
                )
        }
    }

    /// Whether an earlier quarantine of the pod allowed something else: flows of that time may go on.
    private var letMoreOutBefore: Bool {
        guard let present = facts.quarantinePolicy else { return false }
        return !policyStands || present[["metadata", "annotations"]].stringMap[QuarantineAnnotation.wasChanged] != nil
    }

    /// Policies that selected the pod before this quarantine.
    private var policiesBefore: [NetworkPolicyView] {
        var pod = target.endpoint
        pod.labels = target.originalLabels
        let others = facts.policies.filter { $0.name != mark.policyName && $0.including(mark).selects(pod) }
        let own = facts.policies.filter { $0.name == mark.policyName && $0.namespace == target.namespace }
        return letMoreOutBefore ? others + own : others
    }
}

extension IsolationNode {
    var isFargate: Bool { labels["eks.amazonaws.com/compute-type"] == "fargate" }

    var kindInWords: String {
        if isFargate { return "Fargate" }
        return isVirtual ? "a virtual node" : operatingSystem == "windows" ? "Windows" : operatingSystem
    }
}
