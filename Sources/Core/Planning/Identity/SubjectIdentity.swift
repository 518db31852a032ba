package import Findings
package import Vocabulary

/// Decides who the subject really is: a finding only claims, the live objects tell.
///
/// Identity is the pod's UID where the finding has it, else the container's id found in the live pod. Without either a
/// person has to say yes. What contradicts the finding refuses.
package struct SubjectIdentity: Sendable, Hashable {
    package var subject: Subject
    /// Everything found, milder things too.
    package var verdicts: [Verdict]

    /// `isNamedByPerson`: the pod or node was given on the command line, so its name is enough.
    package static func resolve(
        _ claim: SubjectClaim,
        _ facts: SubjectFacts,
        isNamedByPerson: Bool = false
    ) -> SubjectIdentity {
        var identity = SubjectIdentity(
            subject: Subject(
                cluster: claim.cluster?.text ?? facts.place.clusterARN ?? facts.place.clusterName,
                account: claim.account ?? facts.place.account,
                region: claim.region ?? facts.place.region,
                namespace: claim.namespace,
                containerId: claim.containerIDs.first
            ),
            verdicts: []
        )
        identity.checkPlace(claim, facts.place)
        if let name = claim.podName { identity.checkPod(name, claim, facts, isNamedByPerson: isNamedByPerson) }
        identity.checkNode(claim, facts, isNamedByPerson: isNamedByPerson)
        if identity.verdicts.isEmpty {
            identity.verdicts.append(Verdict("subject", .allow, "the live objects are those that the finding names"))
        }
        return identity
    }

    /// Somebody has to look at the live pod or node.
    private mutating func ask(_ reason: String, _ kind: String) {
        let override = "approve the plan after looking at the \(kind), or start from --\(kind)"
        verdicts.append(Verdict("subject", .needsApproval, reason, override: override))
    }

    private mutating func refuse(_ guardrail: String, _ reason: String, override: String = "") {
        verdicts.append(Verdict(guardrail, .refuse, reason, override: override))
    }
}

// MARK: - The world

extension SubjectIdentity {
    private mutating func checkPlace(_ claim: SubjectClaim, _ place: SubjectFacts.Place) {
        if let account = claim.account, let here = place.account, account != here {
            refuse("wrong-world", "the finding is of account \(account), this world is account \(here)")
        }
        if let region = claim.region, let here = place.region, region != here {
            refuse("wrong-world", "the finding is of Region \(region), this world is in \(here)")
        }
        guard let cluster = claim.cluster else { return }
        let here = [place.clusterARN, place.clusterName].compactMap { $0 }
        guard !here.isEmpty else {
            verdicts.append(
                Verdict(
                    "wrong-world",
                    .needsApproval,
                    "this world does not say which cluster it is; the finding names \(cluster.text)",
                    override: "give a world that names its cluster, or approve the plan after making sure"
                )
            )
            return
        }
        let isSame =
            if let arn = cluster.arn?.description, let own = place.clusterARN { arn == own } else {
                cluster.name == place.clusterName
            }
        if !isSame { refuse("wrong-world", "the finding is of cluster \(cluster.text), this world is \(here[0])") }
    }
}

// MARK: - The pod

extension SubjectIdentity {
    private mutating func checkPod(
        _ name: ObjectName,
        _ claim: SubjectClaim,
        _ facts: SubjectFacts,
        isNamedByPerson: Bool
    ) {
        let title = "pod \(claim.namespace.map { "\($0)/" } ?? "")\(name)"
        guard let pod = facts.pod else {
            subject.pod = Subject.Pod(name: name)
            return refuse(
                "subject",
                "\(title) does not exist (any more)",
                override: "contain its node instead, if that is still of use"
            )
        }
        let uid = pod["metadata"]?["uid"]?.string.flatMap { ObjectUID($0) }
        subject.pod = Subject.Pod(name: name, uid: uid)
        if let claimed = claim.podUID {
            guard claimed != uid else { return }
            return refuse(
                "subject",
                "\(title) is another incarnation: its UID is \(uid?.rawValue ?? "unknown"), the finding says \(claimed)"
            )
        }
        guard !isNamedByPerson else { return }
        checkContainers(title, claim, pod)
    }

    private mutating func checkContainers(_ title: String, _ claim: SubjectClaim, _ pod: JSONValue) {
        let live = Self.containerIDs(of: pod)
        if claim.containerIDs.isEmpty {
            ask(
                "the finding gives neither a UID nor a container id of \(title): its name alone may have passed to another pod",
                "pod"
            )
        } else if live.isEmpty {
            ask("\(title) has no running container to identify it by", "pod")
        } else if !claim.containerIDs.contains(where: { claimed in live.contains { $0.meets(claimed) } }) {
            ask(
                "the finding's container id is not among the live or last ones of \(title): another incarnation may have the name",
                "pod"
            )
        }
    }

    /// Ids of running and of previous containers, of all kinds.
    static func containerIDs(of pod: JSONValue) -> [ContainerID] {
        var ids: [ContainerID] = []
        for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
            for status in pod["status"]?[list]?.array ?? [] {
                let texts = [
                    status["containerID"], status[["state", "terminated", "containerID"]],
                    status[["lastState", "terminated", "containerID"]],
                ]
                ids += texts.compactMap { $0?.nonBlank.flatMap { ContainerID(runtimeText: $0) } }
            }
        }
        return ids
    }
}

// MARK: - The node

extension SubjectIdentity {
    private mutating func checkNode(_ claim: SubjectClaim, _ facts: SubjectFacts, isNamedByPerson: Bool) {
        guard let node = facts.node, let name = node["metadata"]?["name"]?.string.flatMap({ ObjectName($0) }) else {
            return checkAbsentNode(claim, facts)
        }
        let instance = Self.instance(of: node)
        subject.node = Subject.Node(name: name, instanceId: instance)
        if let kind = Self.unsupportedKind(of: node) {
            refuse("node-kind", "node \(name) is \(kind): what this playbook does there is not known to hold")
        }
        if let claimed = claim.instanceID, !claim.isInstanceOnlyObserver {
            checkInstance(claimed, instance, name)
        } else if claim.podName == nil, !isNamedByPerson {
            ask(
                "the finding gives no instance id of node \(name): its name alone may have passed to another node",
                "node"
            )
        }
        if let claimed = claim.nodeName, claim.podName != nil, claimed != name {
            refuse("subject", "the finding's node \(claimed) is not the node on which the live pod runs (\(name))")
        }
    }

    private mutating func checkInstance(_ claimed: InstanceID, _ live: InstanceID?, _ node: ObjectName) {
        guard let live else {
            return ask("node \(node) does not tell its instance, the finding names \(claimed)", "node")
        }
        guard claimed != live else { return }
        refuse(
            "subject",
            "the finding's instance \(claimed) is not the node on which the live pod runs (\(node), \(live))"
        )
    }

    private mutating func checkAbsentNode(_ claim: SubjectClaim, _ facts: SubjectFacts) {
        if claim.podName == nil, let uid = claim.podUID {
            refuse(
                "subject",
                "the finding names its pod by the UID \(uid) alone",
                override: "start from the pod: --pod NAMESPACE/NAME"
            )
        } else if claim.podName == nil {
            let title = claim.nodeName?.rawValue ?? claim.instanceID?.rawValue ?? "the node"
            refuse("subject", "\(title) is not a node of this cluster (any more)")
        } else if facts.pod != nil {
            verdicts.append(Verdict("subject", .warn, "the pod is on no node: node-level steps have nothing to act on"))
        }
    }

    /// `i-0abcd…` of `aws:///us-east-1a/i-0abcd…`.
    package static func instance(of node: JSONValue) -> InstanceID? {
        node["spec"]?["providerID"]?.string?.split(separator: "/").last.flatMap { InstanceID(String($0)) }
    }

    private static func unsupportedKind(of node: JSONValue) -> String? {
        let labels = node["metadata"]?["labels"]
        if labels?["eks.amazonaws.com/compute-type"]?.string == "fargate" { return "a Fargate node" }
        if labels?["type"]?.string == "virtual-kubelet" { return "a virtual node" }
        if labels?["kubernetes.io/os"]?.string == "windows" { return "a Windows node" }
        return nil
    }
}
