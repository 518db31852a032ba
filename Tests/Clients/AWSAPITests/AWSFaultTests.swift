import AWSAPI
import HTTPExchange
import Testing
import Vocabulary

@Suite("An error says what it means and whether repeating helps")
struct AWSFaultTests {
    @Test(
        "codes are sorted by what they mean",
        arguments: [
            ("RequestLimitExceeded", 503, AWSFaultKind.throttled), ("TooManyRequestsException", 429, .throttled),
            ("LimitExceededException", 429, .throttled), ("SnapshotCreationPerVolumeRateExceeded", 400, .throttled),
            ("ConcurrentSnapshotLimitExceeded", 400, .throttled), ("InternalError", 500, .unavailable),
            ("UnauthorizedOperation", 403, .notPermitted), ("AccessDeniedException", 403, .notPermitted),
            ("ExpiredToken", 403, .unauthenticated), ("AuthFailure", 401, .unauthenticated),
            ("InvalidInstanceID.NotFound", 400, .notFound), ("InvalidInstanceID.Malformed", 400, .invalid),
            ("InvalidParameterValue", 400, .invalid), ("IncorrectState", 400, .conflict),
            ("ConcurrentUpdateError", 200, .conflict), ("DryRunOperation", 412, .wouldSucceed),
            ("Brandnew", 503, .unavailable), ("Brandnew", 404, .notFound), ("Brandnew", 418, .invalid),
            ("Brandnew", 302, .other),
        ]
    )
    func sorts(_ code: String, _ status: Int, _ kind: AWSFaultKind) {
        #expect(Self.fault(code, status).kind == kind)
    }

    private static func fault(_ code: String, _ status: Int, _ operation: String = "DescribeInstances") -> AWSFault {
        AWSFault(code: code, message: "m", status: status, service: "ec2", operation: operation)
    }

    @Test("a server error after a write leaves open whether it happened; throttling does not")
    func retryAdvice() {
        #expect(Self.fault("InternalError", 500).report.retry == .transient)
        #expect(Self.fault("InternalError", 500, "CreateSnapshots").report.retry == .unknown)
        #expect(Self.fault("RequestLimitExceeded", 503, "CreateSnapshots").report.retry == .transient)
        #expect(Self.fault("UnauthorizedOperation", 403).report.retry == .permanent)
    }

    @Test("the whole sentence names what, where and how to put it right")
    func sentence() {
        let fault = AWSFault(
            code: "UnauthorizedOperation",
            message: "You are not authorized.",
            status: 403,
            service: "ec2",
            operation: "CreateSnapshots",
            requestId: "r-1"
        )
        #expect(
            fault.description
                == "AWS-003 ec2 CreateSnapshots: not permitted (UnauthorizedOperation): You are not authorized. "
                + "(at ec2 CreateSnapshots, request r-1). "
                + "Fix: allow ec2:CreateSnapshots for the identity in use, or use another one"
        )
    }

    @Test(
        "a body of another kind becomes a message on one line",
        arguments: [
            ("<html><body><h1>502 Bad Gateway</h1></body></html>", 502, AWSFaultKind.unavailable),
            ("<!doctype html>\n<title>404 Not Found</title>", 404, .notFound), ("", 503, .unavailable),
            ("no such thing\u{1b}[31m", 400, .invalid), ("{\"half\":", 500, .unavailable), ("[1]", 403, .notPermitted),
        ]
    )
    func otherBodies(_ body: String, _ status: Int, _ kind: AWSFaultKind) throws {
        let response = HTTPResponse(status: status, body: Array(body.utf8))
        for operation in AWSOperation.all {
            let fault = #expect(throws: AWSFault.self) { _ = try operation.output(of: response) }
            #expect(fault?.kind == kind)
            #expect(fault?.code == "Status\(status)")
            #expect(fault?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        }
    }

    @Test("a success that cannot be read is an open question for a write", arguments: ["", "<a/>", "{}x", "<html>"])
    func unreadable(_ body: String) throws {
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        for operation in AWSOperation.all {
            let fault = #expect(throws: AWSFault.self) { _ = try operation.output(of: response) }
            #expect(fault?.kind == .unreadable)
            #expect(fault?.report.retry == (operation.isReadOnly ? .transient : .unknown))
        }
    }

    @Test("an unprocessed finding is a fault with the finding's own code")
    func unprocessed() {
        let output: JSONValue = [
            "ProcessedFindings": [],
            "UnprocessedFindings": [["ErrorCode": "ConcurrentUpdateError", "ErrorMessage": "racing"]],
        ]
        let fault = AWSFault.unprocessed(in: output)
        #expect(fault?.kind == .conflict)
        #expect(fault?.report.retry == .transient)
        #expect(AWSFault.unprocessed(in: ["ProcessedFindings": [], "UnprocessedFindings": []]) == nil)
    }
}
