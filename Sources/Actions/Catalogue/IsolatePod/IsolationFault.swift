internal import Vocabulary

/// What keeps isolate-pod from observing or planning.
enum IsolationFault: ActionableError, Hashable {
    case parameter(String, String)
    case noSubject
    case noCluster
    case otherIncarnation(pod: String, expected: String, live: String)
    case unreadablePod(String)
    case nameTaken(policy: String)

    /// The fault under the name that a playbook catches.
    var actionFault: ActionFault {
        switch self {
        case .parameter, .noSubject, .unreadablePod: ActionFault("Invalid", report)
        case .noCluster: ActionFault("Unavailable", report)
        case .otherIncarnation: ActionFault("NotFound", report)
        case .nameTaken: ActionFault("Conflict", report)
        }
    }

    var report: FaultReport {
        switch self {
        case .parameter(let name, let problem):
            FaultReport(
                code: "ISOLATE-001",
                what: "the parameter \(name) \(problem)",
                location: "isolate-pod",
                remedy: "correct it in the playbook's `with`; `firebreak actions show isolate-pod` lists the parameters"
            )
        case .noSubject:
            FaultReport(
                code: "ISOLATE-002",
                what: "the subject names no pod and namespace",
                location: "isolate-pod",
                remedy: "start the run with --pod NAMESPACE/NAME, or from a finding whose resources name the pod"
            )
        case .noCluster:
            FaultReport(
                code: "ISOLATE-003",
                what: "there is no Kubernetes API to read from",
                location: "isolate-pod",
                remedy: "name a kube context or a --world",
                retry: .transient
            )
        case .otherIncarnation(let pod, let expected, let live):
            FaultReport(
                code: "ISOLATE-004",
                what: "the pod of that name has uid \(live), not \(expected): it is another incarnation",
                location: pod,
                remedy: "look for the old pod's evidence on its node; start a new run to isolate the present pod"
            )
        case .unreadablePod(let pod):
            FaultReport(
                code: "ISOLATE-005",
                what: "the pod's object has no name or uid",
                location: pod,
                remedy: "check the answer of the API server, or the dump that the world was loaded from"
            )
        case .nameTaken(let policy):
            FaultReport(
                code: "ISOLATE-006",
                what: "a NetworkPolicy that is not ours has the quarantine policy's name",
                location: policy,
                remedy: "find out who made it, then delete or rename it"
            )
        }
    }
}
