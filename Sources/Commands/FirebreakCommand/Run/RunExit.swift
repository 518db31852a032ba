package import Planning
internal import Vocabulary

extension RunPlan {
    /// What the process says of this run to whoever called it.
    package var exitStatus: ExitStatus {
        switch status {
        case "planned": judgement == .refuse ? .refused : error == nil ? .done : failure
        case "refused": ExitStatus.worst([.refused] + (isUnproved ? [.notProved] : []))
        case "pendingApproval", "waiting": isUnproved ? .notProved : .waitingForApproval
        case "succeeded": isUnproved ? .notProved : .done
        case "failed": isUnproved ? .notProved : failure
        default: isUnproved ? ExitStatus.worst([.failed, .notProved]) : .failed
        }
    }

    /// Something was applied whose containment is not proved.
    private var isUnproved: Bool {
        switch containment?.verdict {
        case .leaking?: true
        // Where nothing was written, the error says more than that nothing was proved.
        case .unknown?: steps.contains { [.applied, .verified, .alreadyDone].contains($0.status) } || errorName.isEmpty
        case .contained?, nil, ContainmentReport.Verdict.none?: false
        }
    }

    private var failure: ExitStatus {
        switch errorName {
        case "NotPermitted": .notPermitted
        case "Unavailable": .unreachable
        default: .failed
        }
    }
}
