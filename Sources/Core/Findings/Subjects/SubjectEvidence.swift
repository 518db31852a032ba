internal import Vocabulary

/// Collects what a finding's resources say about its subject and draws the conclusion.
struct SubjectEvidence {
    /// A pod as named somewhere in the finding.
    struct NamedPod: Hashable {
        var namespace: String?
        var name: String
    }

    let finding: Finding
    var clusters: [SubjectClaim.Cluster] = []
    var pods: [NamedPod] = []
    var podUIDs: [String] = []
    var containerIDs: [ContainerID] = []
    var nodeNames: [String] = []
    var instanceIDs: [InstanceID] = []
    var image: String?
    var faults: [SubjectFault] = []
    /// A resource of ECS, in case nothing of Kubernetes is named.
    var ecsResource: String?

    init(_ finding: Finding) { self.finding = finding }

    // MARK: - Adding

    mutating func addCluster(_ text: String?) {
        guard let text, !text.isEmpty else { return }
        let arn = ARN(text).flatMap { $0.service == "eks" && $0.resource.hasPrefix("cluster/") ? $0 : nil }
        if text.hasPrefix("arn:"), arn == nil { return }
        let cluster = SubjectClaim.Cluster(arn: arn, name: arn?.name ?? text)
        guard Self.isClusterName(cluster.name) else {
            faults.append(.invalidName(kind: "name of a cluster", text: text))
            return
        }
        if let place = clusters.firstIndex(where: { $0.name == cluster.name && ($0.arn == nil || arn == nil) }) {
            clusters[place].arn = clusters[place].arn ?? arn
        } else if !clusters.contains(cluster) {
            clusters.append(cluster)
        }
    }

    /// EKS: at most 100 letters, digits, hyphens and underscores.
    private static func isClusterName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f }
    }

    mutating func addPod(_ namespace: String?, _ name: String?) {
        guard let name = Self.given(name) else { return }
        let pod = NamedPod(namespace: Self.given(namespace), name: name)
        if let place = pods.firstIndex(where: { $0.name == name && ($0.namespace == nil || pod.namespace == nil) }) {
            pods[place].namespace = pods[place].namespace ?? pod.namespace
        } else if !pods.contains(pod) {
            pods.append(pod)
        }
    }

    mutating func addContainer(_ text: String?) {
        guard let text = Self.given(text), let id = ContainerID(runtimeText: text) else { return }
        if let place = containerIDs.firstIndex(where: { $0.meets(id) }) {
            if id.rawValue.utf8.count > containerIDs[place].rawValue.utf8.count { containerIDs[place] = id }
        } else {
            containerIDs.append(id)
        }
    }

    mutating func addInstance(_ text: String?) {
        guard let text = Self.given(text) else { return }
        let last = text.split(separator: "/").last.map(String.init) ?? text
        if let id = InstanceID(last), !instanceIDs.contains(id) { instanceIDs.append(id) }
    }

    mutating func addNode(_ text: String?) {
        guard let text = Self.given(text), !nodeNames.contains(text) else { return }
        nodeNames.append(text)
    }

    mutating func addUID(_ text: String?) {
        guard let text = Self.given(text), !podUIDs.contains(text) else { return }
        podUIDs.append(text)
    }

    mutating func addImage(_ text: String?) { image = image ?? Self.given(text) }

    /// Empty texts and Falco's and exporters' words for nothing are no names.
    static func given(_ text: String?) -> String? {
        guard let text, !text.allSatisfy(\.isWhitespace), !["<NA>", "N/A", "null", "None", "[]"].contains(text) else {
            return nil
        }
        return text
    }
}
