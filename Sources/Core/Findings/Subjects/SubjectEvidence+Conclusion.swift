internal import Vocabulary

extension SubjectEvidence {
    func conclusion() -> Result<SubjectClaim, SubjectRefusal> {
        var faults = faults
        var claim = SubjectClaim()
        claim.account = finding.account
        claim.region = finding.region
        claim.falcoSource = finding.falcoSource
        claim.isInstanceOnlyObserver = finding.falcoSource.map { $0 != "syscall" } ?? false
        claim.containerIDs = containerIDs
        claim.image = image
        claim.instanceID = instanceIDs.first
        settleCluster(&claim, &faults)
        settlePod(&claim, &faults)
        settleNode(&claim, &faults)
        if claim.podName == nil, faults.isEmpty, let ecsResource { faults.append(.ecs(resource: ecsResource)) }
        if !hasTarget(claim), faults.isEmpty { faults.append(.nothingNamed(finding: finding.id)) }
        return faults.isEmpty ? .success(claim) : .failure(SubjectRefusal(faults: faults))
    }

    private func hasTarget(_ claim: SubjectClaim) -> Bool {
        if claim.podName != nil || claim.podUID != nil || claim.nodeName != nil { return true }
        return claim.instanceID != nil && !claim.isInstanceOnlyObserver
    }

    private func settleCluster(_ claim: inout SubjectClaim, _ faults: inout [SubjectFault]) {
        if clusters.count > 1 { faults.append(.severalClusters(clusters.map(\.text))) }
        claim.cluster = clusters.first
        guard let arn = clusters.first?.arn else { return }
        if let own = finding.account, own.rawValue != arn.account {
            faults.append(.contradiction(what: "account", finding: own.rawValue, cluster: arn.account))
        }
        if let own = finding.region, own.rawValue != arn.region {
            faults.append(.contradiction(what: "Region", finding: own.rawValue, cluster: arn.region))
        }
        claim.account = AccountID(arn.account) ?? claim.account
        claim.region = RegionName(arn.region) ?? claim.region
    }

    private func settlePod(_ claim: inout SubjectClaim, _ faults: inout [SubjectFault]) {
        if pods.count > 1 { faults.append(.severalPods(pods.map { "\($0.namespace ?? "?")/\($0.name)" })) }
        // A pod's name without its namespace names nothing.
        if let pod = pods.first, let namespace = pod.namespace {
            claim.podName = Self.checked(pod.name, "name of a pod", &faults)
            claim.namespace = Self.checked(namespace, "name of a namespace", &faults)
        }
        if podUIDs.count > 1, pods.count <= 1 {
            faults.append(.severalPods(podUIDs.map { "uid \($0)" }))
        }
        claim.podUID = podUIDs.first.flatMap { Self.checked($0, "uid of a pod", &faults) }
    }

    private func settleNode(_ claim: inout SubjectClaim, _ faults: inout [SubjectFault]) {
        if instanceIDs.count > 1, !claim.isInstanceOnlyObserver {
            faults.append(.severalNodes(instanceIDs.map(\.rawValue)))
        }
        if nodeNames.count > 1 { faults.append(.severalNodes(nodeNames)) }
        guard let name = nodeNames.first else { return }
        claim.nodeName = Self.checked(name, "name of a node", &faults)
        if name.hasPrefix("fargate-") {
            faults.append(.fargate(evidence: "node \(name)"))
        } else if name.hasPrefix("virtual-kubelet") || name.hasPrefix("virtual-node") {
            faults.append(.virtualNode(name))
        }
    }

    private static func checked<Name: CheckedName>(
        _ text: String,
        _ kind: String,
        _ faults: inout [SubjectFault]
    ) -> Name? {
        if let name = Name(rawValue: text) { return name }
        faults.append(.invalidName(kind: kind, text: text))
        return nil
    }
}
