internal import Vocabulary

extension SubjectEvidence {
    mutating func gatherASFF() {
        for resource in finding.resources {
            let id = resource["Id"]?.nonBlank ?? ""
            let details = resource["Details"]
            switch resource["Type"]?.string {
            case "Container"?: gatherContainer(id, details)
            case "AwsEksCluster"?: gatherCluster(id, details)
            case "AwsEc2Instance"?: addInstance(id)
            case "Other"?: gatherOther(id, details?["Other"])
            case let type? where type.hasPrefix("AwsEcs"): ecsResource = ecsResource ?? id
            case _?, nil: break
            }
            gatherPlatform(details?["Other"])
        }
        gatherFalcoFields()
    }

    /// The container resource of this project, of GuardDuty, and of the AWS guidance's Lambda (podName, namespaceName).
    private mutating func gatherContainer(_ id: String, _ details: JSONValue?) {
        let other = details?["Other"]
        addImage(details?["Container"]?["ImageName"]?.string)
        let name = other?["k8sPodName"]?.string ?? other?["podName"]?.string
        let namespace = other?["k8sNamespace"]?.string ?? other?["namespaceName"]?.string
        // That Lambda writes “test” where it found nothing.
        let isPlaceholder = other?["podName"] != nil && (name == "test" || namespace == "test")
        if id != "test" { addContainer(id) }
        if !isPlaceholder { addPod(namespace, name) }
        addUID(other?["k8sPodUid"]?.string)
        addCluster(other?["clusterArn"]?.string)
        addInstance(other?["nodeInstanceId"]?.string)
        addNode(other?["k8sNodeName"]?.string ?? other?["nodeName"]?.string)
    }

    private mutating func gatherCluster(_ id: String, _ details: JSONValue?) {
        addCluster(id.isEmpty ? details?["AwsEksCluster"]?["Arn"]?.string : id)
        addCluster(details?["AwsEksCluster"]?["Arn"]?.string ?? details?["AwsEksCluster"]?["Name"]?.string)
        guard let other = details?["Other"] else { return }
        let workload = "kubernetesDetails/kubernetesWorkloadDetails/"
        let type = other[workload + "type"]?.nonBlank ?? "pods"
        guard ["pods", "pod", "Pod"].contains(type) else { return }
        addPod(other[workload + "namespace"]?.string, other[workload + "name"]?.string)
        if other[workload + "name"]?.nonBlank != nil { addUID(other[workload + "uid"]?.string) }
        addImage(other[workload + "containers.0_/image"]?.string)
        addContainer(other[workload + "containers.0_/id"]?.string)
    }

    /// A Kubernetes object: `<cluster>/pod/<namespace>/<name>` with its kind in the details.
    private mutating func gatherOther(_ id: String, _ other: JSONValue?) {
        let kind = (other?["kind"]?.string ?? "").lowercased()
        if ["pod", "pods"].contains(kind) {
            addPod(other?["namespace"]?.string, other?["name"]?.string)
            addUID(other?["uid"]?.string)
            addNode(other?["nodeName"]?.string)
        } else if ["node", "nodes"].contains(kind) {
            addNode(other?["name"]?.string)
        }
        if kind.isEmpty { gatherPath(id) }
        guard id.hasPrefix("arn:"), let end = id.firstRange(of: "/pod/") ?? id.firstRange(of: "/node/") else { return }
        addCluster(String(id[..<end.lowerBound]))
    }

    /// `…/pod/<namespace>/<name>` without any details.
    private mutating func gatherPath(_ id: String) {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[parts.count - 3] == "pod" else { return }
        addPod(parts[parts.count - 2], parts[parts.count - 1])
    }

    /// Signs of where the pod runs: they name places that no action reaches.
    private mutating func gatherPlatform(_ other: JSONValue?) {
        guard let other else { return }
        for key in ["eks.amazonaws.com/fargate-profile", "fargateProfile"] {
            if let profile = other[key]?.nonBlank { faults.append(.fargate(evidence: "profile \(profile)")) }
        }
        for key in ["kubernetes.io/os", "operatingSystem", "os", "platform"] {
            if let system = other[key]?.nonBlank, system.lowercased().hasPrefix("windows") {
                faults.append(.windows(evidence: system))
            }
        }
        if other["launchType"]?.string?.uppercased() == "FARGATE" { faults.append(.fargate(evidence: "launch type")) }
    }

    /// Fields of the alert that this project keeps beside the resources.
    private mutating func gatherFalcoFields() {
        let fields = finding.productFields
        addUID(fields["falco/field/k8s.pod.uid"])
        addNode(fields["falco/field/k8s.node.name"])
        if finding.falcoSource == "syscall", let host = fields["falco/hostname"], host.hasPrefix("fargate-") {
            addNode(host)
        }
        if containerIDs.isEmpty { addContainer(fields["falco/field/container.id"]) }
    }
}
