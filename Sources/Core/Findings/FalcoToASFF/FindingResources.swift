internal import Vocabulary

/// The resources of a finding, the target first.
struct FindingResources {
    private let alert: FalcoAlert
    private let context: FalcoContext
    private var resources: [JSONValue] = []

    static func resources(of alert: FalcoAlert, in context: FalcoContext) -> JSONValue {
        var builder = FindingResources(alert: alert, context: context)
        switch alert.source {
        case "syscall": builder.addSystemCall()
        case "k8s_audit": builder.addAudit()
        case "aws_cloudtrail": builder.addCloudTrail()
        default: builder.addForeign()
        }
        if builder.resources.isEmpty { builder.addAccount() }
        return .array(builder.resources)
    }

    private init(alert: FalcoAlert, context: FalcoContext) {
        self.alert = alert
        self.context = context
    }

    private mutating func add(_ type: String, _ id: String, _ details: JSONObject = [:], isTarget: Bool = false) {
        guard let id = FittedText.fit(id, 512) else { return }
        var resource: JSONObject = ["Type": .string(type), "Id": .string(id)]
        resource["Partition"] = context.asffPartition.map(JSONValue.string)
        resource["Region"] = .string(context.region.rawValue)
        if isTarget { resource["ResourceRole"] = "Target" }
        if !details.isEmpty { resource["Details"] = .object(details) }
        resources.append(.object(resource))
    }

    /// Members with a text only: ASFF refuses blanks and nulls.
    private static func texts(_ pairs: [(String, String?)], limit: Int = 1_023) -> JSONObject {
        var object = JSONObject()
        for (key, text) in pairs { object[key] = text.flatMap { FittedText.fit($0, limit) }.map(JSONValue.string) }
        return object
    }

    // MARK: - System calls

    private mutating func addSystemCall() {
        addContainer()
        addPod()
        addCluster()
        addECS()
        if let instance = context.instance { add("AwsEc2Instance", instanceARN(instance)) }
        if resources.isEmpty, let host = alert.hostname {
            add("Other", "host/\(host)", ["Other": .object(Self.texts([("kind", "Host"), ("name", host)]))])
        }
    }

    private mutating func addContainer() {
        guard let id = alert.containerID else { return }
        var container = Self.texts([
            ("ContainerRuntime", alert.text("container.type")), ("Name", alert.containerName),
            ("ImageId", alert.text("container.image.digest")), ("ImageName", imageName),
        ])
        if let start = alert.integer("container.start_ts"), start >= 100_000_000_000_000_000 {
            container["LaunchedAt"] = .string(Timestamp(nanoseconds: start).description)
        }
        if let flag = alert.text("container.privileged") { container["Privileged"] = .bool(flag == "true") }
        let other = Self.texts([
            ("k8sNamespace", alert.namespace), ("k8sPodName", alert.podName), ("k8sPodUid", alert.text("k8s.pod.uid")),
            ("clusterArn", context.cluster?.description), ("nodeInstanceId", context.instance?.rawValue),
        ])
        var details = JSONObject()
        if !container.isEmpty { details["Container"] = .object(container) }
        if !other.isEmpty { details["Other"] = .object(other) }
        let runtime = alert.text("container.type") ?? "containerd"
        add("Container", id.contains("://") ? id : "\(runtime)://\(id)", details, isTarget: true)
    }

    private var imageName: String? {
        guard let image = alert.image, let tag = alert.imageTag else { return alert.image }
        let hasTag = image.split(separator: "/").last?.contains(":") ?? false
        return hasTag ? image : "\(image):\(tag)"
    }

    private mutating func addPod() {
        guard let namespace = alert.namespace, let name = alert.podName else { return }
        let other = Self.texts([
            ("kind", "Pod"), ("namespace", namespace), ("name", name), ("uid", alert.text("k8s.pod.uid")),
            ("serviceAccount", alert.text(["k8s.pod.sa.name", "k8s.sa.name"])),
        ])
        add("Other", objectID("pod/\(namespace)/\(name)"), ["Other": .object(other)])
    }

    private func objectID(_ path: String) -> String {
        context.cluster.map { "\($0)/\(path)" } ?? "kubernetes/\(path)"
    }

    private mutating func addCluster() {
        guard let cluster = context.cluster else { return }
        let details = Self.texts([("Name", cluster.name), ("Arn", cluster.description)])
        add("AwsEksCluster", cluster.description, ["AwsEksCluster": .object(details)])
    }

    private func instanceARN(_ instance: InstanceID) -> String {
        "arn:\(context.region.partition):ec2:\(context.region):\(context.instanceAccount ?? context.account):"
            + "instance/\(instance)"
    }

    private mutating func addECS() {
        let cluster = context.ecsCluster?.description
        if let task = context.ecsTask?.description {
            add("AwsEcsTask", task, ["AwsEcsTask": .object(Self.texts([("ClusterArn", cluster)]))])
        }
        if let cluster {
            add("AwsEcsCluster", cluster, ["AwsEcsCluster": .object(Self.texts([("ClusterArn", cluster)]))])
        }
    }

    // MARK: - Plugins

    /// The object of an audit event, without the node, which is only where Falco ran.
    private mutating func addAudit() {
        if let resource = alert.auditResource, let name = alert.auditName {
            let isPod = resource == "pods"
            let path = [isPod ? "pod" : resource, alert.namespace, name].compactMap { $0 }.joined(separator: "/")
            let other = Self.texts([
                ("kind", isPod ? "Pod" : resource), ("namespace", alert.namespace), ("name", name),
                ("subresource", alert.text("ka.target.subresource")),
            ])
            add("Other", objectID(path), ["Other": .object(other)], isTarget: true)
        }
        addCluster()
    }

    private mutating func addCloudTrail() {
        if let actor = alert.text("ct.user.arn").flatMap({ ARN($0) }) {
            let kinds = [("user/", "AwsIamUser"), ("role/", "AwsIamRole"), ("assumed-role/", "AwsIamRole")]
            let type = kinds.first { actor.resource.hasPrefix($0.0) }?.1 ?? "Other"
            add(type, actor.description)
        }
        if let bucket = alert.text("s3.bucket") { add("AwsS3Bucket", "arn:\(context.region.partition):s3:::\(bucket)") }
        addAccount()
    }

    /// Identities and repositories outside of AWS, with an address of our own, and the account that watches them.
    private mutating func addForeign() {
        let name = alert.text([
            "github.repo.name", "github.repo", "github.org", "okta.target.user.name", "okta.actor.id",
            "okta.actor.name", "gcp.resourceName", "gcp.policyName", "gcp.projectId", "gcp.user",
        ])
        if let name {
            let other = Self.texts([("source", alert.source), ("name", name), ("actor", alert.user)])
            add("Other", "\(alert.source)://\(name)", ["Other": .object(other)])
        }
        addAccount()
    }

    private mutating func addAccount() { add("AwsAccount", "AWS::::Account:\(context.account)") }
}
