import FirebreakCommand
import Testing
import Vocabulary

@Suite("Doctor asks IAM about whoever really calls, and reads its answer to the letter")
struct CallerPrincipalTests {
    @Test(
        "a session is asked for as its role; a root user and a federated one cannot be",
        arguments: [
            ("arn:aws:sts::111122223333:assumed-role/firebreak/session-1", "arn:aws:iam::111122223333:role/firebreak"),
            ("arn:aws-cn:sts::111122223333:assumed-role/a/b", "arn:aws-cn:iam::111122223333:role/a"),
            ("arn:aws:iam::111122223333:user/team/anna", "arn:aws:iam::111122223333:user/team/anna"),
        ]
    )
    func principals(_ caller: String, _ principal: String) {
        #expect(CallerPrincipal(callerARN: caller) == .known(principal))
    }

    @Test("who cannot be asked about is not guessed")
    func others() {
        #expect(CallerPrincipal(callerARN: "arn:aws:iam::111122223333:root") == .root)
        for text in ["arn:aws:sts::111122223333:federated-user/anna", "arn:aws:sts::1:assumed-role/a", "", "banana"] {
            #expect(CallerPrincipal(callerARN: text) == .unknown(text))
        }
    }

    @Test("only the word “allowed” allows; what was not answered is not granted")
    func verdicts() {
        let output: JSONValue = [
            "EvaluationResults": [
                ["EvalActionName": "ec2:createsnapshots", "EvalDecision": "allowed"],
                ["EvalActionName": "ec2:CreateTags", "EvalDecision": "implicitDeny"],
                ["EvalActionName": "securityhub:BatchUpdateFindings", "EvalDecision": "explicitDeny"],
                ["EvalActionName": "ec2:DescribeVolumes", "EvalDecision": "maybe"],
            ]
        ]
        let asked = [
            "securityhub:BatchUpdateFindings", "ec2:CreateTags", "ec2:CreateSnapshots", "ec2:DescribeVolumes",
            "ec2:DescribeInstances",
        ]
        let verdicts = ActionVerdicts(output, asked: asked)
        #expect(verdicts.denied == ["ec2:CreateTags", "securityhub:BatchUpdateFindings (by an explicit deny)"])
        #expect(verdicts.unanswered == ["ec2:DescribeInstances", "ec2:DescribeVolumes"])
    }
}
