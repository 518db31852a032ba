internal import Vocabulary

/// Why a run has nothing to start from.
enum InputFault: ActionableError {
    case noPod(String)
    case noNode(String)
    case noFinding(String, FaultReport?)
    /// A file that `apply` cannot read as a plan.
    case noPlan(String, String)

    var report: FaultReport {
        switch self {
        case .noPod(let text):
            FaultReport(
                code: "INPUT-001",
                what: "“\(text)” names no pod",
                location: "--pod",
                remedy: "write NAMESPACE/NAME"
            )
        case .noNode(let text):
            FaultReport(
                code: "INPUT-002",
                what: "“\(text)” names no node",
                location: "--node",
                remedy: "write the node's name as kubectl shows it"
            )
        case .noPlan(let path, let problem):
            FaultReport(
                code: "INPUT-014",
                what: "the file is no plan that can be applied: \(problem)",
                location: path,
                remedy: "make one with “firebreak run … --out FILE”"
            )
        case .noFinding(let path, let cause):
            cause
                ?? FaultReport(
                    code: "INPUT-003",
                    what: "the file holds no finding",
                    location: path,
                    remedy: "give an event with findings; “firebreak events decode” shows what is in it"
                )
        }
    }
}
