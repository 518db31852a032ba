import HTTPExchange
import LambdaRuntime
import Testing
import Vocabulary

@Suite("The Lambda runtime is asked for events and told what became of them")
struct LambdaRuntimeTests {
    private actor Runtime: HTTPTransport {
        private var answers: [Result<HTTPResponse, HTTPFault>]
        private(set) var requests: [HTTPRequest] = []

        init(_ answers: [Result<HTTPResponse, HTTPFault>]) { self.answers = answers }

        func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
            requests.append(request)
            return try answers.removeFirst().get()
        }
    }

    private static let head = [
        HTTPHeader("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        HTTPHeader("Lambda-Runtime-Deadline-Ms", "1542409706888"),
        HTTPHeader("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-2:123456789012:function:falco"),
        HTTPHeader("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"),
    ]

    private func runtime(_ answers: [HTTPResponse]) -> (LambdaRuntimeAPI, Runtime) {
        let transport = Runtime(answers.map { .success($0) })
        return (LambdaRuntimeAPI(address: "127.0.0.1:9001", transport: transport), transport)
    }

    @Test("an event comes with its id, its deadline and the function's ARN")
    func event() async throws {
        let (api, transport) = runtime([HTTPResponse(status: 200, headers: Self.head, body: Array("{}".utf8))])
        let invocation = try await api.next()
        #expect(invocation.requestID == "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        #expect(invocation.deadline == Timestamp(milliseconds: 1_542_409_706_888))
        #expect(invocation.functionARN?.account == "123456789012" && invocation.event == Array("{}".utf8))
        let request = try #require(await transport.requests.first)
        #expect(request.origin == "http://127.0.0.1:9001")
        #expect(request.target == "/2018-06-01/runtime/invocation/next" && request.method == "GET")
        #expect(try #require(request.timeout) > .seconds(86_400))
    }

    @Test("answers and failures go to the event's own path, failures with their code")
    func answers() async throws {
        let (api, transport) = runtime([
            HTTPResponse(status: 200, headers: Self.head), HTTPResponse(status: 202), HTTPResponse(status: 202),
            HTTPResponse(status: 202),
        ])
        let invocation = try await api.next()
        try await api.respond(to: invocation, with: ["batchItemFailures": []])
        let report = FaultReport(code: "X-001", what: "broken", location: "here", remedy: "mend it")
        try await api.fail(invocation, with: report)
        try await api.failStart(with: report)
        let requests = await transport.requests.dropFirst()
        let root = "/2018-06-01/runtime"
        let id = invocation.requestID
        #expect(
            requests.map(\.target) == [
                "\(root)/invocation/\(id)/response", "\(root)/invocation/\(id)/error", "\(root)/init/error",
            ]
        )
        #expect(requests.first?.body == Array(#"{"batchItemFailures":[]}"#.utf8))
        let last = try #require(requests.last)
        #expect(last.headers["Lambda-Runtime-Function-Error-Type"] == "X-001")
        let document = try JSONReader.parse(last.body)
        #expect(document["errorMessage"] == "broken (here); mend it" && document["errorType"] == "X-001")
    }

    @Test(
        "an answer that is no event is refused, and nothing of it gets into a path",
        arguments: [
            HTTPResponse(status: 403), HTTPResponse(status: 500), HTTPResponse(status: 200),
            HTTPResponse(
                status: 200,
                headers: [
                    HTTPHeader("Lambda-Runtime-Aws-Request-Id", "../../x"),
                    HTTPHeader("Lambda-Runtime-Deadline-Ms", "1"),
                ]
            ),
            HTTPResponse(
                status: 200,
                headers: [
                    HTTPHeader("Lambda-Runtime-Aws-Request-Id", "a"), HTTPHeader("Lambda-Runtime-Deadline-Ms", "soon"),
                ]
            ),
        ]
    )
    func refusals(answer: HTTPResponse) async throws {
        let (api, _) = runtime([answer])
        let fault = await #expect(throws: LambdaFault.self) { _ = try await api.next() }
        #expect(fault?.report.code == "LAMBDA-003")
    }

    @Test("a runtime that is gone is said to be")
    func gone() async throws {
        let transport = Runtime([.failure(HTTPFault(.unreachable, "connection refused", url: "http://127.0.0.1:9001"))])
        let api = LambdaRuntimeAPI(address: "127.0.0.1:9001", transport: transport)
        let fault = await #expect(throws: LambdaFault.self) { _ = try await api.next() }
        #expect(fault?.report.code == "LAMBDA-002" && fault?.report.what.contains("refused") == true)
    }
}
