package import Vocabulary

/// Why nothing can be acted on for a finding.
package enum SubjectFault: ActionableError, Hashable {
    case nothingNamed(finding: String)
    case severalPods([String])
    case severalClusters([String])
    case severalNodes([String])
    case fargate(evidence: String)
    case windows(evidence: String)
    case virtualNode(String)
    case ecs(resource: String)
    case invalidName(kind: String, text: String)
    /// `what` is the account or the Region.
    case contradiction(what: String, finding: String, cluster: String)

    package var report: FaultReport {
        FaultReport(code: code, what: what, location: location, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .nothingNamed: "SUBJECT-001"
        case .severalPods: "SUBJECT-002"
        case .severalClusters: "SUBJECT-003"
        case .fargate: "SUBJECT-004"
        case .windows: "SUBJECT-005"
        case .virtualNode: "SUBJECT-006"
        case .ecs: "SUBJECT-007"
        case .invalidName: "SUBJECT-008"
        case .severalNodes: "SUBJECT-009"
        case .contradiction: "SUBJECT-010"
        }
    }

    private var what: String {
        switch self {
        case .nothingNamed: "the finding names neither a pod nor a node"
        case .severalPods(let pods): "the finding names different pods: \(pods.joined(separator: ", "))"
        case .severalClusters(let clusters):
            "the finding names several clusters: \(clusters.joined(separator: ", "))"
        case .severalNodes(let nodes): "the finding names several nodes: \(nodes.joined(separator: ", "))"
        case .fargate(let evidence): "the pod runs on Fargate (\(evidence)): it has no node to cordon or snapshot"
        case .windows(let evidence): "the pod runs on Windows (\(evidence)), which is not supported"
        case .virtualNode(let name): "“\(name)” is a virtual node: nothing enforces policies or takes snapshots there"
        case .ecs(let resource): "the finding is about an ECS workload (\(resource)), not about Kubernetes"
        case .invalidName(let kind, let text): "“\(Self.shown(text))” cannot be the \(kind)"
        case .contradiction(let what, let finding, let cluster):
            "the finding is of \(what) \(finding), but its cluster is of \(what) \(cluster)"
        }
    }

    private var location: String {
        switch self {
        case .nothingNamed(let finding): finding
        case .invalidName, .severalPods, .severalClusters, .severalNodes, .fargate, .windows, .virtualNode, .ecs,
            .contradiction:
            ""
        }
    }

    private var remedy: String {
        switch self {
        case .nothingNamed: "name the target yourself with --pod NAMESPACE/NAME or --node NAME"
        case .severalPods, .severalNodes: "run once for each of them with --pod NAMESPACE/NAME or --node NAME"
        case .severalClusters: "choose the cluster and name the target with --pod or --node"
        case .fargate: "delete the pod or scale its workload to zero by hand after capturing its logs"
        case .windows: "contain the instance with its security groups"
        case .virtualNode: "contain the workload where the virtual node runs it"
        case .ecs: "stop the task or change its security group in ECS"
        case .contradiction:
            "find out who made the finding; name the target yourself with --pod or --node if it is real"
        case .invalidName: "look at the finding: the text breaks the rules for such a name and may be an attack"
        }
    }

    private static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(80) { shown.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar) }
        return String(shown)
    }
}

/// All refusals of one finding: everything that stands in the way, not only the first.
package struct SubjectRefusal: ActionableError, Hashable {
    package let faults: [SubjectFault]

    /// The first fault carries the code; the sentences of the others follow its own.
    package var report: FaultReport {
        guard var report = faults.first?.report else {
            return FaultReport(code: "SUBJECT-001", what: "no subject", remedy: "name the target with --pod or --node")
        }
        report.what = faults.map(\.report.what).joined(separator: "; ")
        return report
    }
}
