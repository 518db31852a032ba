import FirebreakCommand
import Planning
import Testing
import Vocabulary

@Suite("The exit status says what is most important of a run")
struct RunExitTests {
    /// How a run ended, and what the process says of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var status: String
        var step: StepPlan.Status
        var verdict: ContainmentReport.Fact
        var error = ""
        var exit: FirebreakCommand.ExitStatus

        var testDescription: String { "\(status), \(step), \(verdict) \(error)" }
    }

    @Test(
        "5 is for what was applied and is not proved; where nothing was applied the error says more",
        arguments: [
            Row(status: "failed", step: .failed, verdict: .unknown, error: "NotPermitted", exit: .notPermitted),
            Row(status: "failed", step: .failed, verdict: .unknown, error: "Unavailable", exit: .unreachable),
            Row(status: "failed", step: .failed, verdict: .unknown, error: "Unverified", exit: .failed),
            Row(status: "failed", step: .skipped, verdict: .unknown, error: "TooLate", exit: .failed),
            Row(status: "parked", step: .failed, verdict: .unknown, error: "Parked", exit: .failed),
            Row(status: "refused", step: .failed, verdict: .unknown, error: "Refused", exit: .refused),
            Row(status: "failed", step: .applied, verdict: .unknown, error: "NotPermitted", exit: .notProved),
            Row(status: "failed", step: .alreadyDone, verdict: .unknown, error: "Unverified", exit: .notProved),
            Row(status: "failed", step: .applied, verdict: .disproved, error: "Leaking", exit: .notProved),
            Row(status: "pendingApproval", step: .applied, verdict: .unknown, exit: .notProved),
            Row(status: "pendingApproval", step: .planned, verdict: .proved, exit: .waitingForApproval),
            Row(status: "succeeded", step: .applied, verdict: .unknown, exit: .notProved),
            Row(status: "succeeded", step: .verified, verdict: .proved, exit: .done),
            Row(status: "failed", step: .verified, verdict: .proved, error: "NotPermitted", exit: .notPermitted),
        ]
    )
    func says(_ row: Row) {
        let report = ContainmentReport(policy: .proved, enforcement: .proved, flows: row.verdict)
        #expect(plan(row.status, row.step, report, row.error).exitStatus == row.exit)
    }

    @Test("only what changed the cluster counts for budgets after a refusal")
    func counts() {
        let pod = KubernetesChange(.patch, "/api/v1/namespaces/shop/pods/a", body: [:])
        let finding = AWSChange(
            service: "securityhub",
            operation: "BatchUpdateFindings",
            region: RegionName(unchecked: "eu-central-1"),
            input: [:]
        )
        for (status, step, change, counts) in [
            ("refused", .applied, .kubernetes(pod), true), ("refused", .verified, .kubernetes(pod), true),
            ("refused", .planned, .kubernetes(pod), false), ("refused", .skipped, .kubernetes(pod), false),
            ("refused", .verified, .aws(finding), false), ("failed", .failed, .aws(finding), true),
        ] as [(String, StepPlan.Status, Change, Bool)] {
            var plan = plan(status, step, nil, "")
            plan.steps[0].plan.changes = [
                PlannedChange(
                    id: "s/1/c",
                    summary: "change it",
                    change: change,
                    undo: .none(reason: "a test"),
                    permission: .iam("a:B")
                )
            ]
            #expect(plan.mayHaveActed == counts, "\(status), \(step)")
        }
    }

    private func plan(
        _ status: String,
        _ step: StepPlan.Status,
        _ containment: ContainmentReport?,
        _ error: String
    ) -> RunPlan {
        var plan = RunPlan(
            id: "run-1",
            playbook: "p",
            playbookDigest: "0",
            findingDigest: "0",
            findingId: "",
            mode: .apply,
            subject: Subject()
        )
        plan.status = status
        plan.errorName = error
        plan.error = error.isEmpty ? nil : FaultReport(code: "TEST-001", what: error, remedy: "none")
        plan.steps = [StepPlan(state: "isolate", action: "isolate-pod", status: step)]
        plan.containment = containment
        return plan
    }
}
