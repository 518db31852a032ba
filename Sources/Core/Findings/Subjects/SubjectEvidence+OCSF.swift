internal import Vocabulary

extension SubjectEvidence {
    mutating func gatherOCSF() {
        for resource in finding.resources {
            let uid = resource["uid_alt"]?.nonBlank ?? resource["uid"]?.nonBlank
            switch resource["type"]?.string {
            case "AWS::EKS::Cluster"?:
                addCluster(uid)
                gatherWorkload(resource["data"])
            case "AWS::EC2::Instance"?: addInstance(resource["uid"]?.nonBlank ?? uid)
            case "Container"?, "AWS::ECS::Container"?: addContainer(resource["uid"]?.nonBlank)
            case let type? where type.hasPrefix("AWS::ECS::"): ecsResource = ecsResource ?? uid ?? type
            case _?, nil: break
            }
        }
        for evidence in finding.document["evidences"]?.array ?? [] {
            gatherContainer(evidence["container"])
            gatherContainer(evidence["actor"]?["process"]?["container"])
        }
    }

    private mutating func gatherWorkload(_ data: JSONValue?) {
        let type = (data?["type"]?.nonBlank ?? data?["kind"]?.nonBlank ?? "pod").lowercased()
        guard type == "pod" || type == "pods" else { return }
        addPod(data?["namespace"]?.string, data?["pod"]?.string ?? data?["workload"]?.string ?? data?["name"]?.string)
        addUID(data?["pod_uid"]?.string ?? data?["uid"]?.string)
    }

    private mutating func gatherContainer(_ container: JSONValue?) {
        guard let container else { return }
        addContainer(container["uid"]?.string)
        addImage(container["image"]?["name"]?.string)
        addUID(container["pod_uuid"]?.string)
    }
}
