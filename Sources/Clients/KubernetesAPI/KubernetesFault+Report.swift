internal import HTTPExchange
package import Vocabulary

extension KubernetesFault: ActionableError {
    package var report: FaultReport {
        let page = transport == nil ? page : Self.noAnswer
        let detail = message.isEmpty ? "" : ": \(message)"
        return FaultReport(
            code: page.code,
            what: page.what + detail,
            location: status == 0 ? url : "\(url), HTTP \(status)",
            remedy: page.remedy,
            retry: retryAdvice
        )
    }

    private var retryAdvice: FaultReport.Retry {
        switch transport {
        case .answerLost, .timedOut, .cancelled, .tooLarge: return .unknown
        case .unreachable: return .transient
        case nil: break
        }
        switch retry {
        case .never, .afterRead, .reauthenticate: return .permanent
        case .backoff, .after, .relist: return .transient
        }
    }

    private typealias Page = (code: String, what: String, remedy: String)

    private static let noAnswer: Page = (
        "KUBERNETES-001", "the API server gave no answer",
        "check the address in the kubeconfig and that the endpoint can be reached from here"
    )

    private var page: Page {
        switch answer {
        case .unauthenticated:
            ("KUBERNETES-002", "the credential was not accepted", "get a new token (aws eks get-token) and try again")
        case .forbidden:
            ("KUBERNETES-003", "not permitted", "grant the verb it names; firebreak permissions prints the ClusterRole")
        case .notFound:
            ("KUBERNETES-004", "the object is not there", "check the name and namespace; it may be deleted already")
        case .unknownPath:
            ("KUBERNETES-005", "the API does not serve this kind", "check that its CRD and version are installed")
        case .alreadyExists:
            ("KUBERNETES-006", "an object of that name exists", "read it; if it is not ours, choose another name")
        case .staleVersion, .preconditionFailed:
            ("KUBERNETES-007", "the object changed since it was read", "plan again on what is there now")
        case .applyConflict:
            ("KUBERNETES-008", "another field manager owns the field", "change it at its owner, or force the apply")
        case .blockedByDisruptionBudget, .disruptionBudgetNotReady:
            ("KUBERNETES-009", "a disruption budget holds the pod", "wait for healthy replicas, or raise the budget")
        case .flowControlled, .initializing:
            ("KUBERNETES-010", "the server asks to come back later", "wait as long as it says, then repeat")
        case .invalid, .badRequest, .unknownField, .tooLarge, .unsupportedMediaType, .notAcceptable:
            ("KUBERNETES-011", "the server refused the request as it is written", "correct the fields that it names")
        case .testFailedOrBadPatch:
            ("KUBERNETES-012", "a test of the patch did not hold", "read the object and plan again")
        case .namespaceTerminating, .admissionDenied, .quotaExceeded:
            ("KUBERNETES-013", "cluster policy refuses the write", "ask the owner of the policy, quota or namespace")
        case .gone:
            ("KUBERNETES-014", "the version asked for is no longer kept", "list again and go on from there")
        case .serverPermanent:
            ("KUBERNETES-015", "the server failed on this request", "do not repeat it as it is; read its message")
        case .serverTransient, .streamError:
            ("KUBERNETES-016", "the server or something behind it is not ready", "repeat after a pause")
        case .ok, .created, .accepted, .upgraded:
            ("KUBERNETES-017", "the answer is a success but not what was asked for", "check what answers at this URL")
        }
    }
}
