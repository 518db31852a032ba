internal import AWSAPI
internal import Vocabulary

/// Asks IAM which of the needed actions the caller may do: Security Hub has no dry run, and nobody else tells.
struct PolicySimulation: Sendable {
    private let account: LiveAccount
    private let actions: [String]

    init(_ account: LiveAccount, actions: [String]) {
        self.account = account
        self.actions = actions
    }

    func check() async -> HealthCheck {
        switch CallerPrincipal(callerARN: account.callerARN) {
        case .root:
            warning("the caller is the account's root user, whom no IAM policy holds back", "use a role for this")
        case .unknown(let arn): notChecked("IAM has no policies of its own for \(PlainText.line(arn))")
        case .known(let principal): await ask(principal)
        }
    }

    private func ask(_ principal: String) async -> HealthCheck {
        let input: JSONValue = [
            "PolicySourceArn": .string(principal), "ActionNames": .array(actions.map(JSONValue.string)),
            "ContextEntries": Self.context, "MaxItems": 1_000,
        ]
        do throws(AWSFault) {
            let output = try await account.client.call(
                "iam",
                "SimulatePrincipalPolicy",
                input,
                in: AWSEndpoints.iamRegion(for: account.region)
            )
            return judged(ActionVerdicts(output, asked: actions))
        } catch {
            switch error.kind {
            case .notPermitted:
                return notChecked("the caller may not ask (iam:SimulatePrincipalPolicy)")
            case .notFound: return notChecked("IAM does not know \(principal): the role may have a path")
            case .throttled, .unavailable, .unauthenticated, .conflict, .invalid, .wouldSucceed, .notSent,
                .answerLost, .unreadable, .notSpoken, .noCredentials, .credentialsUnavailable, .other:
                return notChecked(error.report.what)
            }
        }
    }

    /// Tags are only set on what is created: without this the simulator knows no reason to allow it.
    private static let context: JSONValue = [
        [
            "ContextKeyName": "ec2:CreateAction", "ContextKeyValues": ["CreateSnapshots"],
            "ContextKeyType": "string",
        ]
    ]

    private func judged(_ verdicts: ActionVerdicts) -> HealthCheck {
        guard verdicts.denied.isEmpty else {
            return HealthCheck(
                name: Self.name,
                status: .failed,
                what: "denied: \(verdicts.denied.joined(separator: ", "))",
                remedy:
                    "allow them (firebreak permissions prints the policy); where yours names resources, look by hand",
                failure: .notPermitted
            )
        }
        guard verdicts.unanswered.isEmpty else {
            return warning("not answered: \(verdicts.unanswered.joined(separator: ", "))", Self.otherWays)
        }
        return HealthCheck(
            name: Self.name,
            status: .ok,
            what: "IAM's simulator allows all \(actions.count) actions"
        )
    }

    private func notChecked(_ why: String) -> HealthCheck {
        warning("needed and not checked, because \(why): \(actions.joined(separator: ", "))", Self.otherWays)
    }

    private func warning(_ what: String, _ remedy: String) -> HealthCheck {
        HealthCheck(name: Self.name, status: .warning, what: what, remedy: remedy)
    }

    static let name = "aws-permissions"
    private static let otherWays =
        "allow iam:SimulatePrincipalPolicy on the caller itself; run --dry-run server asks EC2, Security Hub has no dry run"
}
