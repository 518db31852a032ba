import AWSAPI
import HTTPExchange
import Testing
import Vocabulary

@Suite("Calls are signed, and repeated only when that does no harm")
struct SigningTransportTests {
    private let time = ManualTime()
    private let clock: ServiceClock
    private let state = SendingState()
    private let keys = Credentials(accessKeyID: "AKIA", secretAccessKey: Secret("s"))
    private let ok = Self.answer(200, "")

    init() { clock = ServiceClock(time) }

    private static func answer(
        _ status: Int,
        _ code: String,
        _ headers: [HTTPHeader] = []
    ) -> Result<HTTPResponse, HTTPFault> {
        let body = Array("<Response><Errors><Error><Code>\(code)</Code></Error></Errors></Response>".utf8)
        return .success(HTTPResponse(status: status, headers: headers, body: body))
    }

    private static func lost(_ reason: HTTPFault.Reason) -> Result<HTTPResponse, HTTPFault> {
        .failure(HTTPFault(reason, "x", url: "https://e"))
    }

    private func call(isRepeatable: Bool = true) -> AWSCall {
        let scope = SigningScope(service: "ec2", region: "eu-central-1")
        return AWSCall(service: "ec2", operation: "CreateSnapshots", scope: scope, isRepeatable: isRepeatable)
    }

    private func sender(_ transport: ScriptedTransport, _ script: [Credentials]? = nil) -> SigningTransport {
        let provider = ScriptedProvider((script ?? [keys]).map { .success($0) })
        let cache = CredentialsCache(provider, clock: clock)
        return SigningTransport(over: transport, credentials: cache, clock: clock, state: state)
    }

    private let request = HTTPRequest(method: "POST", origin: "https://ec2.eu-central-1.amazonaws.com", target: "/")

    /// How often a call goes out when every answer is the same.
    private func attempts(_ answer: Result<HTTPResponse, HTTPFault>, isRepeatable: Bool) async -> Int {
        let transport = ScriptedTransport(.init(repeating: answer, count: 10))
        // What the call ends with is the subject of other tests.
        _ = try? await sender(transport).send(request, for: call(isRepeatable: isRepeatable))
        return await transport.requests.count
    }

    @Test(
        "an answer decides how often a call goes out: repeatable, not repeatable",
        arguments: [
            (answer(200, ""), 1, 1), (answer(400, "InvalidParameterValue"), 1, 1), (answer(500, "InternalError"), 3, 1),
            (answer(502, ""), 3, 1), (answer(503, "Unavailable"), 3, 1), (answer(504, ""), 3, 1),
            (answer(501, ""), 1, 1), (answer(400, "RequestTimeout"), 3, 1), (answer(503, "RequestLimitExceeded"), 3, 3),
            (answer(400, "ThrottlingException"), 3, 3), (answer(429, "Brandnew"), 3, 3),
            (answer(503, "SlowDown"), 3, 3),
            (answer(409, "LimitExceeded"), 1, 1), (answer(412, "DryRunOperation"), 1, 1), (lost(.unreachable), 3, 3),
            (lost(.answerLost), 3, 1), (lost(.timedOut), 3, 1), (lost(.cancelled), 1, 1), (lost(.tooLarge), 1, 1),
        ]
    )
    func repeats(_ answer: Result<HTTPResponse, HTTPFault>, _ repeatable: Int, _ other: Int) async {
        #expect(await attempts(answer, isRepeatable: true) == repeatable)
        #expect(await attempts(answer, isRepeatable: false) == other)
    }

    @Test("snapshots whose answer was lost are an open question, never a second request")
    func openQuestion() async throws {
        let account = try #require(AccountID("111122223333"))
        let region = try #require(RegionName("eu-central-1"))
        let input: JSONValue = ["InstanceSpecification": ["InstanceId": "i-0123456789abcdef0"]]
        for answer in [Self.lost(.answerLost), Self.answer(500, "InternalError"), Self.answer(503, "Unavailable")] {
            let transport = ScriptedTransport([answer, ok, ok])
            let client = AWSClient(sender: sender(transport), account: account)
            let fault = await #expect(throws: AWSFault.self) {
                _ = try await client.call("ec2", "CreateSnapshots", input, in: region)
            }
            #expect(fault?.report.retry == .unknown)
            #expect(await transport.requests.count == 1)
        }
    }

    @Test("pauses double, throttling waits longer, and the service may ask for up to five seconds more")
    func pauses() async throws {
        let transport = ScriptedTransport([Self.answer(500, ""), Self.answer(503, "SlowDown"), ok])
        _ = try await sender(transport).send(request, for: call())
        #expect(time.pauses == [.milliseconds(25), .seconds(1)])
        let rules = RetryRules()
        #expect(rules.pause(after: 9, isThrottled: true, asked: nil, fraction: 1) == .seconds(20))
        #expect(rules.pause(after: 1, isThrottled: false, asked: 900, fraction: 0.5) == .milliseconds(900))
        #expect(rules.pause(after: 1, isThrottled: false, asked: 60_000, fraction: 0.5) == .milliseconds(5_025))
        #expect(rules.pause(after: 1, isThrottled: true, asked: -5, fraction: 0.5) == .milliseconds(500))
    }

    @Test("retries are paid from a budget that successes fill again; without it an answer stands")
    func budget() async throws {
        for _ in 0..<17 { #expect(await attempts(Self.answer(500, ""), isRepeatable: true) == 3) }
        #expect(await state.tokens == 500 - 34 * 14)
        #expect(await attempts(Self.answer(500, ""), isRepeatable: true) == 2)
        #expect(await attempts(Self.answer(500, ""), isRepeatable: true) == 1)
        #expect(await state.tokens == 10)
        #expect(await attempts(Self.answer(429, "Throttling"), isRepeatable: true) == 3)
        #expect(await state.tokens == 0)
        #expect(await attempts(ok, isRepeatable: true) == 1)
        #expect(await state.tokens == 1)
    }

    @Test("a success after a retry gives back what the retry cost, never more than the budget holds")
    func givesBack() async throws {
        let transport = ScriptedTransport([Self.answer(500, ""), ok, ok, ok])
        let sender = sender(transport)
        for _ in 0..<3 { _ = try await sender.send(request, for: call()) }
        #expect(await state.tokens == SendingState.capacity)
    }

    @Test("attempts of one call share an id and count up, all of it signed")
    func headers() async throws {
        let transport = ScriptedTransport([Self.answer(500, ""), ok])
        _ = try await sender(transport).send(request, for: call())
        let requests = await transport.requests
        #expect(requests.map { $0.headers["amz-sdk-request"] } == ["attempt=1; max=3", "attempt=2; max=3"])
        #expect(Set(requests.map { $0.headers["amz-sdk-invocation-id"] }).count == 1)
        for request in requests {
            let signature = request.headers["Authorization"] ?? ""
            #expect(signature.contains("Credential=AKIA/20260301/eu-central-1/ec2/aws4_request"))
            #expect(signature.contains("SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;host;x-amz-date,"))
        }
    }

    @Test(
        "a clock that is off is corrected once, and stays corrected",
        arguments: [
            "RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException", "SignatureDoesNotMatch",
            "AuthFailure",
        ]
    )
    func skew(_ code: String) async throws {
        let date = HTTPHeader("Date", "Sun, 01 Mar 2026 13:00:00 GMT")
        let transport = ScriptedTransport([Self.answer(403, code, [date]), ok, ok])
        let sender = sender(transport)
        let answer = try await sender.send(request, for: call(isRepeatable: false))
        #expect(answer.status == 200)
        _ = try await sender.send(request, for: call(isRepeatable: false))
        let dates = await transport.requests.map { $0.headers["X-Amz-Date"] }
        #expect(dates == ["20260301T120000Z", "20260301T130000Z", "20260301T130000Z"])
        #expect(time.pauses == [])
    }

    private func key(_ name: String, until end: String) -> Credentials {
        Credentials(accessKeyID: name, secretAccessKey: Secret("s"), expiration: Timestamp(end))
    }

    @Test("on a clock that is behind, credentials that have ended by the service's are renewed once it is known")
    func expiryBehind() async throws {
        let date = HTTPHeader("Date", "Sun, 01 Mar 2026 13:00:00 GMT")
        let transport = ScriptedTransport([Self.answer(403, "RequestTimeTooSkewed", [date]), ok])
        let script = [key("FIRST", until: "2026-03-01T12:30:00Z"), key("SECOND", until: "2026-03-01T14:00:00Z")]
        _ = try await sender(transport, script).send(request, for: call())
        let used = await transport.requests.map { $0.headers["Authorization"]?.contains("Credential=SECOND/") }
        #expect(used == [false, true])
    }

    @Test("on a clock that is ahead, credentials that are good by the service's stay and are taken once it is known")
    func expiryAhead() async throws {
        let date = HTTPHeader("Date", "Sun, 01 Mar 2026 11:00:00 GMT")
        let refused = Self.answer(403, "RequestTimeTooSkewed", [date])
        let transport = ScriptedTransport([refused, ok, ok, Self.answer(403, "ExpiredToken"), ok])
        // The second ended half an hour ago by our clock, and ends in half an hour by theirs.
        let script = [key("FIRST", until: "2026-03-01T12:05:00Z"), key("SECOND", until: "2026-03-01T11:40:00Z")]
        let sender = sender(transport, script)
        _ = try await sender.send(request, for: call())
        time.advance(by: .seconds(240))
        for _ in 0..<2 { #expect(try await sender.send(request, for: call()).status == 200) }
        let used = await transport.requests.map { $0.headers["Authorization"]?.contains("Credential=SECOND/") }
        #expect(used == [false, false, false, false, true])
    }

    @Test("a refused signature stands when the clocks agree, or when correcting did not help")
    func noSkew() async throws {
        for date in ["Sun, 01 Mar 2026 12:04:00 GMT", "Sun, 01 Mar 2026 11:56:00 GMT", "yesterday"] {
            let refusal = Self.answer(403, "SignatureDoesNotMatch", [HTTPHeader("Date", date)])
            #expect(await attempts(refusal, isRepeatable: true) == 1)
        }
        let far = Self.answer(403, "SignatureDoesNotMatch", [HTTPHeader("Date", "Sun, 01 Mar 2026 15:00:00 GMT")])
        #expect(await attempts(far, isRepeatable: true) == 2)
    }

    @Test("credentials that have run out are replaced once")
    func expired() async throws {
        let second = Credentials(accessKeyID: "SECOND", secretAccessKey: Secret("s"))
        let transport = ScriptedTransport([Self.answer(403, "ExpiredToken"), ok])
        _ = try await sender(transport, [keys, second]).send(request, for: call(isRepeatable: false))
        #expect(await transport.requests.last?.headers["Authorization"]?.contains("Credential=SECOND/") == true)
        let stubborn = ScriptedTransport([Self.answer(403, "ExpiredToken"), Self.answer(403, "ExpiredToken"), ok])
        let answer = try await sender(stubborn, [keys, second]).send(request, for: call())
        #expect(answer.status == 403)
        #expect(await stubborn.requests.count == 2)
    }

    @Test("without credentials nothing is sent, and the fault says why")
    func noCredentials() async throws {
        let transport = ScriptedTransport([ok])
        let cache = CredentialsCache(CredentialsChain([]), clock: clock)
        let sender = SigningTransport(over: transport, credentials: cache, clock: clock)
        let fault = await #expect(throws: AWSFault.self) { _ = try await sender.send(request, for: call()) }
        #expect(fault?.report.code == "AWS-015")
        #expect(fault?.report.retry == .permanent)
        #expect(fault?.message.contains("CREDENTIALS-008 no AWS credentials were found") == true)
        #expect(await transport.requests.isEmpty)
    }

    @Test(
        "credentials that are configured and cannot be had are another fault than none at all",
        arguments: [true, false]
    )
    func unavailableCredentials(isPassing: Bool) async throws {
        let fault = CredentialsFault.unavailable(from: "role of ops", problem: "access denied", isPassing: isPassing)
        let transport = ScriptedTransport([ok])
        let sender = SigningTransport(over: transport, credentials: BrokenSource(fault: fault), clock: clock)
        let seen = await #expect(throws: AWSFault.self) { _ = try await sender.send(request, for: call()) }
        #expect(seen?.kind == .credentialsUnavailable && seen?.report.code == "AWS-016")
        #expect(seen?.report.retry == (isPassing ? .transient : .permanent))
        #expect(seen?.message.contains("access denied") == true)
        #expect(await transport.requests.isEmpty)
    }

    @Test("a call without scope goes out unsigned")
    func unsigned() async throws {
        var call = call()
        call.scope = nil
        let transport = ScriptedTransport([ok])
        _ = try await sender(transport).send(request, for: call)
        #expect(await transport.requests.first?.headers["Authorization"] == nil)
    }

    @Test(
        "dates of answers are read in the one form that servers write",
        arguments: [
            ("Wed, 21 Oct 2015 07:28:00 GMT", "2015-10-21T07:28:00.000Z"), ("Wed, 21 Oct 2015 07:28:00 UTC", nil),
            ("Wed Oct 21 07:28:00 2015", nil), ("", nil), ("Wed, 41 Oct 2015 07:28:00 GMT", nil),
        ] as [(String, String?)]
    )
    func dates(_ text: String, _ moment: String?) {
        #expect(HTTPDate.moment(text)?.description == moment)
    }

    @Test("the machine's own clock gives up on an answer that does not come, and its ids are UUIDs")
    func machineTime() async {
        let silent = SilentTransport()
        let fault = await #expect(throws: HTTPFault.self) {
            _ = try await MachineTime().send(request, over: silent, within: .milliseconds(1))
        }
        #expect(fault?.reason == .timedOut)
        let uuid = MachineTime().uuid()
        #expect(uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }
}

/// Answers only when it is cancelled.
private struct SilentTransport: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        // Cancellation is what ends the wait; there is nothing else to learn from it.
        try? await Task.sleep(for: .seconds(3_600))
        throw HTTPFault(.cancelled, "cancelled", url: request.origin)
    }
}

/// A source that is configured and gives nothing.
private struct BrokenSource: CredentialsSource {
    let fault: CredentialsFault

    func current() async throws(CredentialsFault) -> Credentials { throw fault }
    func discard(_ refused: Credentials) async {}
}
