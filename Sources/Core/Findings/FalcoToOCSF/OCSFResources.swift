internal import Vocabulary

/// The resources of a Detection Finding, typed as Security Hub types them.
enum OCSFResources {
    static func resources(of alert: FalcoAlert, in context: FalcoContext) -> JSONValue {
        var resources: [JSONValue] = []
        func add(_ type: String, _ uid: String, name: String? = nil, data: JSONObject = [:]) {
            var resource: JSONObject = [
                "type": .string(type), "uid": .string(uid), "region": .string(context.region.rawValue),
                "cloud_partition": .string(context.region.partition),
            ]
            resource["name"] = name.map(JSONValue.string)
            if !data.isEmpty { resource["data"] = .object(data) }
            resources.append(.object(resource))
        }
        if let cluster = context.cluster {
            add("AWS::EKS::Cluster", cluster.description, name: cluster.name, data: workload(alert))
        }
        if alert.source == "syscall" {
            if let id = alert.containerID { add("Container", id, name: alert.containerName) }
            if let instance = FindingCommons(context).instance { add("AWS::EC2::Instance", instance) }
            if resources.isEmpty, let host = alert.hostname { add("Host", host, name: host) }
        }
        if let bucket = alert.text("s3.bucket") {
            add("AWS::S3::Bucket", "arn:\(context.region.partition):s3:::\(bucket)", name: bucket)
        }
        if resources.isEmpty { add("AWS::::Account", "AWS::::Account:\(context.account)") }
        return .array(resources)
    }

    /// The object in the cluster: the pod of a system call, whatever an audit event is about.
    private static func workload(_ alert: FalcoAlert) -> JSONObject {
        var data = JSONObject()
        func add(_ key: String, _ text: String?) { data[key] = text.map(JSONValue.string) }
        add("namespace", alert.namespace)
        if let pod = alert.podName {
            add("type", "pod")
            add("pod", pod)
            add("pod_uid", alert.text("k8s.pod.uid"))
        } else if let resource = alert.auditResource, let name = alert.auditName {
            add("type", resource)
            add("name", name)
        }
        return data
    }
}

/// What was seen: the process, the container it ran in, the connection it had, the account that did it.
enum OCSFEvidence {
    static func evidence(of alert: FalcoAlert) -> JSONValue? {
        var evidence = JSONObject()
        if let process = process(alert) { evidence["process"] = process }
        if let container = container(alert) { evidence["container"] = container }
        if let user = alert.user { evidence["actor"] = ["user": ["name": .string(user)]] }
        if let connection = FalcoConnection(alert) {
            let (source, target) =
                connection.isOutbound ? (connection.local, connection.remote) : (connection.remote, connection.local)
            evidence["src_endpoint"] = endpoint(source)
            evidence["dst_endpoint"] = endpoint(target)
            evidence["connection_info"] = [
                "direction_id": connection.isOutbound ? 2 : 1,
                "direction": connection.isOutbound ? "Outbound" : "Inbound",
            ]
        }
        return evidence.isEmpty ? nil : .object(evidence)
    }

    private static func endpoint(_ end: FalcoConnection.End) -> JSONValue {
        ["ip": .string(end.address.description), "port": .integer(end.port)]
    }

    private static func process(_ alert: FalcoAlert) -> JSONValue? {
        var process = JSONObject()
        process["name"] = alert.process.map(JSONValue.string)
        process["pid"] = alert.integer("proc.pid").map(JSONValue.integer)
        if let line = alert.text("proc.cmdline") {
            process["cmd_line"] = .string(FindingProductFields.masked(FittedText.head(line), "proc.cmdline"))
        }
        if let path = alert.processPath {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            process["file"] = ["path": .string(path), "name": .string(name), "type_id": 1]
        }
        if let parent = alert.text("proc.pname") { process["parent_process"] = ["name": .string(parent)] }
        return process.isEmpty ? nil : .object(process)
    }

    private static func container(_ alert: FalcoAlert) -> JSONValue? {
        guard let id = alert.containerID else { return nil }
        var container: JSONObject = ["uid": .string(id)]
        container["name"] = alert.containerName.map(JSONValue.string)
        container["runtime"] = alert.text("container.type").map(JSONValue.string)
        container["pod_uuid"] = alert.text("k8s.pod.uid").map(JSONValue.string)
        if let image = alert.image {
            var members: JSONObject = ["name": .string(image)]
            members["tag"] = alert.imageTag.map(JSONValue.string)
            members["uid"] = alert.text("container.image.digest").map(JSONValue.string)
            container["image"] = .object(members)
        }
        return .object(container)
    }
}
