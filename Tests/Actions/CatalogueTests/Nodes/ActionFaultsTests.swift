import AWSAPI
import Catalogue
import KubernetesAPI
import Testing
import Vocabulary

@Suite("A fault has the name that a playbook catches")
struct ActionFaultsTests {
    @Test(
        "answers of a Kubernetes API",
        arguments: [
            (.flowControlled, "Throttled"), (.serverTransient, "Unavailable"), (.forbidden, "NotPermitted"),
            (.unauthenticated, "NotPermitted"), (.admissionDenied, "NotPermitted"), (.notFound, "NotFound"),
            (.unknownPath, "NotFound"), (.staleVersion, "Conflict"), (.testFailedOrBadPatch, "Conflict"),
            (.alreadyExists, "Conflict"), (.invalid, "Invalid"), (.unknownField, "Invalid"), (.tooLarge, "Invalid"),
        ] as [(KubernetesAnswerClass, String)]
    )
    func kubernetes(_ answer: KubernetesAnswerClass, _ name: String) {
        let fault = KubernetesFault(answer, status: 400, reason: "", message: "m", url: "/api")
        #expect(ActionFault(kubernetes: fault).name == name)
        #expect(ActionFault(kubernetes: fault).report == fault.report)
    }

    @Test("every answer of a Kubernetes API has a name", arguments: KubernetesAnswerClass.allCases)
    func allAnswers(_ answer: KubernetesAnswerClass) {
        let known: Set = ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict", "Invalid", "Unverified"]
        let fault = KubernetesFault(answer, status: 0, reason: "", message: "", url: "")
        #expect(known.contains(ActionFault(kubernetes: fault, during: .writing).name))
    }

    @Test(
        "errors of AWS: a write whose fate nobody knows is Unverified",
        arguments: [
            ("RequestLimitExceeded", "CreateSnapshots", "Throttled"),
            ("InternalError", "DescribeVolumes", "Unavailable"),
            ("InternalError", "CreateSnapshots", "Unverified"),
            ("UnauthorizedOperation", "CreateSnapshots", "NotPermitted"),
            ("ExpiredToken", "DescribeVolumes", "NotPermitted"),
            ("InvalidVolume.NotFound", "DescribeVolumes", "NotFound"),
            ("IncorrectState", "CreateSnapshots", "Conflict"), ("InvalidParameterValue", "CreateSnapshots", "Invalid"),
        ]
    )
    func aws(_ code: String, _ operation: String, _ name: String) {
        let fault = AWSFault(code: code, message: "m", status: 400, service: "ec2", operation: operation)
        #expect(ActionFault(aws: fault).name == name)
    }
}
