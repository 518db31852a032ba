package import Vocabulary

/// What a finding says about its subject, before anything live was looked at.
///
/// Every name passed the check of its kind; nothing else of the finding may reach a path, a selector or a call.
package struct SubjectClaim: Sendable, Hashable, Codable {
    package struct Cluster: Sendable, Hashable, Codable {
        /// Nil when the finding gives the bare name.
        package var arn: ARN?
        package var name: String

        package init(arn: ARN? = nil, name: String) {
            self.arn = arn
            self.name = name
        }

        /// The ARN where it is known, else the name.
        package var text: String { arn?.description ?? name }
    }

    package var cluster: Cluster?
    package var account: AccountID?
    package var region: RegionName?
    package var namespace: NamespaceName?
    package var podName: ObjectName?
    package var podUID: ObjectUID?
    /// Without their runtime's prefix, each once, in the order of the finding.
    package var containerIDs: [ContainerID] = []
    package var nodeName: ObjectName?
    package var instanceID: InstanceID?
    package var image: String?
    /// What Falco watched, for findings that came from Falco.
    package var falcoSource: String?
    /// Whether the instance is only where Falco ran, and says nothing about where the pod runs.
    package var isInstanceOnlyObserver = false

    package init() {}

    /// The claim in the shape that runs carry; its identities still have to be checked live.
    package var subject: Subject {
        var subject = Subject(
            cluster: cluster?.text,
            account: account,
            region: region,
            namespace: namespace,
            containerId: containerIDs.first
        )
        if let podName { subject.pod = Subject.Pod(name: podName, uid: podUID) }
        let instance = isInstanceOnlyObserver ? nil : instanceID
        if let nodeName { subject.node = Subject.Node(name: nodeName, instanceId: instance) }
        return subject
    }

    /// Reads a finding's subject out of its resources.
    ///
    /// - Returns: the claim, or every reason why there is none.
    package static func resolve(_ finding: Finding) -> Result<SubjectClaim, SubjectRefusal> {
        var evidence = SubjectEvidence(finding)
        switch finding.schema {
        case .asff: evidence.gatherASFF()
        case .ocsf: evidence.gatherOCSF()
        }
        return evidence.conclusion()
    }
}
