package import HTTPExchange
package import Vocabulary

/// What can go wrong between a function and the Lambda that runs it.
package enum LambdaFault: ActionableError, Hashable {
    /// `AWS_LAMBDA_RUNTIME_API` is not set.
    case noRuntime
    case unreachable(HTTPFault)
    /// The runtime refuses a call, or answers with something that is no invocation.
    case refused(status: Int, what: String)

    package var report: FaultReport {
        switch self {
        case .noRuntime:
            FaultReport(
                code: "LAMBDA-001",
                what: "this is no Lambda function: AWS_LAMBDA_RUNTIME_API is not set",
                remedy: "deploy it on a custom runtime; to try an event out, use `firebreak falco convert`"
            )
        case .unreachable(let fault):
            FaultReport(
                code: "LAMBDA-002",
                what: "the Lambda runtime does not answer: \(fault.detail)",
                location: fault.url,
                remedy: "nothing needs doing when Lambda stopped the function; else see its own log",
                retry: .transient
            )
        case .refused(let status, let what):
            FaultReport(
                code: "LAMBDA-003",
                what: "\(what) (status \(status))",
                remedy: "look into the function's log for what came before it"
            )
        }
    }
}
