package import Catalogue
package import Planning
internal import Vocabulary

/// Asks the servers what they would say to each planned change; nothing is carried out.
///
/// Kubernetes runs admission and storage checks without storing; EC2 checks the permission alone. Other services have no
/// such question. A change that builds on an earlier one meets the world without it.
package struct ServerDryRun: Sendable {
    private let sender: ChangeSender

    package init(world: World) { sender = ChangeSender(world: world) }

    /// The plan with its steps proved or unproved, each with its reasons.
    package func prove(_ plan: RunPlan) async -> RunPlan {
        var plan = plan
        plan.mode = .server
        var written: Set<String> = []
        for place in plan.steps.indices where plan.steps[place].status == .planned {
            let reasons = await reasons(plan.steps[place], &written, &plan)
            let records = await doubtfulRecords(plan.steps[place])
            plan.steps[place].status = reasons.isEmpty ? .proved : .unproved
            plan.steps[place].note = ([plan.steps[place].note] + reasons + records).filter { !$0.isEmpty }
                .joined(separator: "; ")
        }
        return plan
    }

    /// Why a step is not proved; empty when it is.
    private func reasons(_ step: StepPlan, _ written: inout Set<String>, _ plan: inout RunPlan) async -> [String] {
        guard !step.isKnownLater else { return ["unproved: its changes are not known yet"] }
        var reasons: [String] = []
        for change in step.plan.changes where change.semantics != .bestEffort {
            let object = change.change.object
            let outcome = await sender.send(change.change, .dryRun)
            if let reason = Self.reason(outcome, isFirst: !written.contains(object)) {
                reasons.append("unproved: \(change.summary): \(reason.text)")
                if let fault = reason.fault, plan.error == nil {
                    plan.error = fault.report
                    plan.errorName = fault.name
                }
            }
            written.insert(object)
        }
        return reasons
    }

    /// Records that would not be written; a step is proved without them.
    private func doubtfulRecords(_ step: StepPlan) async -> [String] {
        var doubts: [String] = []
        for change in step.plan.changes where change.semantics == .bestEffort {
            switch await sender.send(change.change, .dryRun) {
            case .succeeded: break
            case .failed(let fault) where fault.isAlreadyThere: break
            case .failed(let fault): doubts.append("would not \(change.summary): \(fault.name): \(fault.report)")
            case .unknown(let report): doubts.append("might not \(change.summary): \(report)")
            }
        }
        return doubts
    }

    /// `isFirst`: nothing planned before writes to the same object.
    private static func reason(_ outcome: ChangeOutcome, isFirst: Bool) -> (text: String, fault: ActionFault?)? {
        switch outcome {
        case .succeeded: return nil
        case .unknown(let report): return (report.description, ActionFault("Unavailable", report))
        case .failed(let fault):
            let isOwnDoing = !isFirst && ["Conflict", "NotFound"].contains(fault.name)
            if isOwnDoing { return ("it builds on an earlier change of the same object", nil) }
            return ("\(fault.name): \(fault.report)", fault.name == "NoDryRun" ? nil : fault)
        }
    }
}

extension Change {
    /// What the change writes to, so that two changes of one object are known as such.
    fileprivate var object: String {
        switch self {
        case .kubernetes(let change):
            let name = change.verb == .create ? change.body[["metadata", "name"]]?.string ?? "" : ""
            return change.path + (name.isEmpty ? "" : "/" + name)
        case .aws(let change): return "\(change.service)/\(change.operation)/\(JSONWriter.compact(change.input))"
        }
    }
}
