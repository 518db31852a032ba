package import HTTPExchange
package import Vocabulary

/// Lambda's side of a custom runtime, version 2018-06-01.
///
/// - Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
package struct LambdaRuntimeAPI: Sendable {
    private static let root = "/2018-06-01/runtime"
    /// Between two events a function may sleep for as long as Lambda keeps it.
    private static let sleep = Duration.seconds(14 * 86_400)
    /// What an answer may weigh.
    package static let answerLimit = 6 << 20

    private let origin: String
    private let transport: any HTTPTransport

    /// `address` is host and port, as `AWS_LAMBDA_RUNTIME_API` has them.
    package init(address: String, transport: any HTTPTransport) {
        origin = "http://" + address
        self.transport = transport
    }

    /// Waits for the next event.
    package func next() async throws(LambdaFault) -> LambdaInvocation {
        let answer = try await send("GET", "/invocation/next", timeout: Self.sleep)
        guard answer.status == 200 else {
            throw .refused(status: answer.status, what: "the Lambda runtime gives no event")
        }
        guard let id = answer.headers["Lambda-Runtime-Aws-Request-Id"], Self.isID(id),
            let milliseconds = answer.headers["Lambda-Runtime-Deadline-Ms"].flatMap({ Int64($0) })
        else { throw .refused(status: answer.status, what: "the Lambda runtime's event has no id or no deadline") }
        return LambdaInvocation(
            requestID: id,
            deadline: Timestamp(milliseconds: milliseconds),
            functionARN: answer.headers["Lambda-Runtime-Invoked-Function-Arn"].flatMap { ARN($0) },
            traceID: answer.headers["Lambda-Runtime-Trace-Id"],
            event: answer.body
        )
    }

    /// Says that the event was handled.
    package func respond(to invocation: LambdaInvocation, with document: JSONValue) async throws(LambdaFault) {
        let body = Array(JSONWriter.compact(document).utf8)
        try await post("/invocation/\(invocation.requestID)/response", body)
    }

    /// Says that the event was not handled: Lambda or its source repeats it, as they are configured.
    package func fail(_ invocation: LambdaInvocation, with report: FaultReport) async throws(LambdaFault) {
        try await post("/invocation/\(invocation.requestID)/error", Self.document(report), errorType: report.code)
    }

    /// Says that the function cannot start.
    package func failStart(with report: FaultReport) async throws(LambdaFault) {
        try await post("/init/error", Self.document(report), errorType: report.code)
    }

    private static func document(_ report: FaultReport) -> [UInt8] {
        let message = report.location.isEmpty ? report.what : "\(report.what) (\(report.location))"
        let document: JSONValue = [
            "errorMessage": .string("\(message); \(report.remedy)"), "errorType": .string(report.code),
            "stackTrace": [],
        ]
        return Array(JSONWriter.compact(document).utf8)
    }

    private func post(_ path: String, _ body: [UInt8], errorType: String? = nil) async throws(LambdaFault) {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let errorType { headers.append(HTTPHeader("Lambda-Runtime-Function-Error-Type", errorType)) }
        let answer = try await send("POST", path, headers, body, timeout: .seconds(30))
        guard (200..<300).contains(answer.status) else {
            throw .refused(status: answer.status, what: "the Lambda runtime does not take the answer")
        }
    }

    private func send(
        _ method: String,
        _ path: String,
        _ headers: [HTTPHeader] = [],
        _ body: [UInt8] = [],
        timeout: Duration
    ) async throws(LambdaFault) -> HTTPResponse {
        let request = HTTPRequest(
            method: method,
            origin: origin,
            target: Self.root + path,
            headers: headers,
            body: body,
            timeout: timeout
        )
        do throws(HTTPFault) { return try await transport.send(request) } catch { throw .unreachable(error) }
    }

    /// It becomes part of a path.
    private static func isID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
