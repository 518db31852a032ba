internal import Vocabulary

/// The resources of a finding, the target first.
struct FindingResources {
    private let alert: FalcoAlert
    private let context: FalcoContext
    private let common: FindingCommons
    private var isEmpty = true

    static func add(
        of alert: FalcoAlert,
        _ common: FindingCommons,
        in context: FalcoContext,
        to text: inout JSONText
    ) {
        text.beginArray("Resources")
        var builder = FindingResources(alert: alert, context: context, common: common)
        switch alert.source {
        case "syscall": builder.addSystemCall(&text)
        case "k8s_audit": builder.addAudit(&text)
        case "aws_cloudtrail": builder.addCloudTrail(&text)
        default: builder.addForeign(&text)
        }
        if builder.isEmpty { builder.addAccount(&text) }
        text.endArray()
    }

    /// Begins a resource, unless its id is blank; who begins one ends it.
    private mutating func begin(
        _ type: String,
        _ id: String,
        isTarget: Bool = false,
        to text: inout JSONText
    ) -> Bool {
        guard let id = FittedText.fit(id, 512) else { return false }
        isEmpty = false
        text.beginObject()
        text.add("Type", type)
        text.add("Id", id)
        text.add("Partition", common.partition)
        text.add("Region", context.region.rawValue)
        if isTarget { text.add("ResourceRole", "Target") }
        return true
    }

    /// A resource without details.
    private mutating func add(_ type: String, _ id: String, to text: inout JSONText) {
        if begin(type, id, to: &text) { text.endObject() }
    }

    /// A resource with one group of details: those that have a text, since ASFF refuses blanks and nulls.
    private mutating func add(
        _ type: String,
        _ id: String,
        isTarget: Bool = false,
        _ group: String,
        _ details: [(String, String?)],
        to text: inout JSONText
    ) {
        guard begin(type, id, isTarget: isTarget, to: &text) else { return }
        text.beginObject("Details")
        text.beginObject(group)
        Self.addTexts(details, to: &text)
        text.endObject()
        text.endObject()
        text.endObject()
    }

    private static func addTexts(_ pairs: [(String, String?)], to text: inout JSONText) {
        for (key, value) in pairs { text.add(key, fitted: value, 1_023) }
    }

    // MARK: - System calls

    private mutating func addSystemCall(_ text: inout JSONText) {
        addContainer(&text)
        addPod(&text)
        addCluster(&text)
        addECS(&text)
        if let instance = common.instance { add("AwsEc2Instance", instance, to: &text) }
        if isEmpty, let host = alert.hostname {
            add("Other", "host/" + host, "Other", [("kind", "Host"), ("name", host)], to: &text)
        }
    }

    private mutating func addContainer(_ text: inout JSONText) {
        guard let id = alert.containerID else { return }
        let type = alert.text(.containerType)
        let hasScheme = Self.mayHold(":", id) && id.contains("://")
        let address = hasScheme ? id : String(joining: [type ?? "containerd", "://", id])
        guard begin("Container", address, isTarget: true, to: &text) else { return }
        let mark = text.mark
        text.beginObject("Details")
        addContainerDetails(type, to: &text)
        let other = text.mark
        text.beginObject("Other")
        Self.addTexts(
            [
                ("k8sNamespace", alert.namespace), ("k8sPodName", alert.podName), ("k8sPodUid", alert.text(.podUID)),
                ("clusterArn", common.cluster), ("nodeInstanceId", context.instance?.rawValue),
            ],
            to: &text
        )
        text.endObject(orRewindTo: other)
        text.endObject(orRewindTo: mark)
        text.endObject()
    }

    private mutating func addContainerDetails(_ type: String?, to text: inout JSONText) {
        let mark = text.mark
        text.beginObject("Container")
        Self.addTexts(
            [
                ("ContainerRuntime", type), ("Name", alert.containerName), ("ImageId", alert.text(.containerDigest)),
                ("ImageName", imageName),
            ],
            to: &text
        )
        if let start = alert.integer(.containerStart), start >= 100_000_000_000_000_000 {
            text.add("LaunchedAt", Timestamp(nanoseconds: start).description)
        }
        if let flag = alert.text(.containerPrivileged) { text.add("Privileged", flag == "true") }
        text.endObject(orRewindTo: mark)
    }

    private var imageName: String? {
        guard let image = alert.image, let tag = alert.imageTag else { return alert.image }
        let hasTag = Self.mayHold(":", image) && image.split(separator: "/").last?.contains(":") ?? false
        return hasTag ? image : String(joining: [image, ":", tag])
    }

    /// A quick look that spares most texts a closer one.
    private static func mayHold(_ mark: Unicode.Scalar, _ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: mark) }
    }

    private mutating func addPod(_ text: inout JSONText) {
        guard let namespace = alert.namespace, let name = alert.podName else { return }
        add(
            "Other",
            objectID(String(joining: ["pod/", namespace, "/", name])),
            "Other",
            [
                ("kind", "Pod"), ("namespace", namespace), ("name", name), ("uid", alert.text(.podUID)),
                ("serviceAccount", alert.text(.podServiceAccount) ?? alert.text(.serviceAccount)),
            ],
            to: &text
        )
    }

    private func objectID(_ path: String) -> String {
        String(joining: [common.cluster ?? "kubernetes", "/", path])
    }

    private mutating func addCluster(_ text: inout JSONText) {
        guard let arn = common.cluster else { return }
        add("AwsEksCluster", arn, "AwsEksCluster", [("Name", common.clusterName), ("Arn", arn)], to: &text)
    }

    private mutating func addECS(_ text: inout JSONText) {
        let cluster = context.ecsCluster?.description
        if let task = context.ecsTask?.description {
            if let cluster {
                add("AwsEcsTask", task, "AwsEcsTask", [("ClusterArn", cluster)], to: &text)
            } else {
                add("AwsEcsTask", task, to: &text)
            }
        }
        if let cluster { add("AwsEcsCluster", cluster, "AwsEcsCluster", [("ClusterArn", cluster)], to: &text) }
    }

    // MARK: - Plugins

    /// The object of an audit event, without the node, which is only where Falco ran.
    private mutating func addAudit(_ text: inout JSONText) {
        if let resource = alert.auditResource, let name = alert.auditName {
            let isPod = resource == "pods"
            let path = [isPod ? "pod" : resource, alert.namespace, name].compactMap { $0 }.joined(separator: "/")
            add(
                "Other",
                objectID(path),
                isTarget: true,
                "Other",
                [
                    ("kind", isPod ? "Pod" : resource), ("namespace", alert.namespace), ("name", name),
                    ("subresource", alert.text(.auditSubresource)),
                ],
                to: &text
            )
        }
        addCluster(&text)
    }

    private mutating func addCloudTrail(_ text: inout JSONText) {
        if let actor = alert.text(.trailUserARN).flatMap({ ARN($0) }) {
            let kinds = [("user/", "AwsIamUser"), ("role/", "AwsIamRole"), ("assumed-role/", "AwsIamRole")]
            let type = kinds.first { actor.resource.hasPrefix($0.0) }?.1 ?? "Other"
            add(type, actor.description, to: &text)
        }
        if let bucket = alert.text("s3.bucket") {
            add("AwsS3Bucket", "arn:\(context.region.partition):s3:::\(bucket)", to: &text)
        }
        addAccount(&text)
    }

    /// Identities and repositories outside of AWS, with an address of our own, and the account that watches them.
    private mutating func addForeign(_ text: inout JSONText) {
        let name = alert.text([
            "github.repo.name", "github.repo", "github.org", "okta.target.user.name", "okta.actor.id",
            "okta.actor.name", "gcp.resourceName", "gcp.policyName", "gcp.projectId", "gcp.user",
        ])
        if let name {
            let details = [("source", alert.source), ("name", name), ("actor", alert.user)]
            add("Other", "\(alert.source)://\(name)", "Other", details, to: &text)
        }
        addAccount(&text)
    }

    private mutating func addAccount(_ text: inout JSONText) {
        add("AwsAccount", "AWS::::Account:\(context.account)", to: &text)
    }
}
