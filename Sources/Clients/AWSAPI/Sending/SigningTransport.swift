package import HTTPExchange
internal import Vocabulary

/// Signs calls with current credentials and repeats those that may be repeated.
///
/// A call that is not repeatable goes out a second time only when the first surely did nothing: it never left, it was
/// throttled, or its signature was refused.
package struct SigningTransport: AWSSender {
    private let transport: any HTTPTransport
    private let credentials: (any CredentialsSource)?
    private let clock: ServiceClock
    private let rules: RetryRules
    private let state: SendingState

    /// Without credentials all calls go unsigned.
    package init(
        over transport: any HTTPTransport,
        credentials: (any CredentialsSource)?,
        clock: ServiceClock,
        rules: RetryRules = RetryRules(),
        state: SendingState = SendingState()
    ) {
        self.transport = transport
        self.credentials = credentials
        self.clock = clock
        self.rules = rules
        self.state = state
    }

    package func send(_ request: HTTPRequest, for call: AWSCall) async throws(AWSFault) -> HTTPResponse {
        var tries = Tries(invocation: clock.time.uuid())
        while true {
            let credentials = try await current(for: call)
            tries.offset = clock.offset
            let result = await attempt(request, call, credentials, tries)
            guard await continues(after: result, of: call, credentials, &tries) else {
                do throws(HTTPFault) { return try result.get() } catch { throw call.fault(error) }
            }
        }
    }

    /// What happened to one call so far.
    private struct Tries {
        let invocation: String
        var number = 1
        /// What was added to the clock for the last signature.
        var offset = Duration.zero
        /// What the last retry cost.
        var cost: Int?
        var isClockCorrected = false
        var areCredentialsRenewed = false
    }

    private func current(for call: AWSCall) async throws(AWSFault) -> Credentials? {
        guard let credentials, call.scope != nil else { return nil }
        do throws(CredentialsFault) { return try await credentials.current() } catch {
            throw call.fault(Self.code(of: error), error.description, .notSent)
        }
    }

    /// Whoever has configured nothing works without AWS; whoever has must hear that it does not work.
    private static func code(of fault: CredentialsFault) -> String {
        if case .none = fault { return "NoCredentials" }
        return fault.report.retry == .permanent ? "CredentialsRefused" : "CredentialsUnavailable"
    }

    private func attempt(
        _ request: HTTPRequest,
        _ call: AWSCall,
        _ credentials: Credentials?,
        _ tries: Tries
    ) async -> Result<HTTPResponse, HTTPFault> {
        var request = request
        request.headers += [
            HTTPHeader("amz-sdk-invocation-id", tries.invocation),
            HTTPHeader("amz-sdk-request", "attempt=\(tries.number); max=\(rules.attempts)"),
        ]
        if let credentials, let scope = call.scope {
            let moment = clock.time.now().advanced(by: tries.offset)
            request = SigV4.sign(request: request, credentials: credentials, scope: scope, at: moment)
        }
        do throws(HTTPFault) { return .success(try await transport.send(request)) } catch { return .failure(error) }
    }

    /// Whether the call goes out again; when it does, the pause before is over.
    private func continues(
        after result: Result<HTTPResponse, HTTPFault>,
        of call: AWSCall,
        _ credentials: Credentials?,
        _ tries: inout Tries
    ) async -> Bool {
        switch AttemptVerdict(result, of: call) {
        case .final:
            if case .success(let response) = result, response.status < 400 { await state.giveBack(tries.cost) }
            return false
        case .throttled: return await pauses(isThrottled: true, result, &tries)
        case .transient: return await pauses(isThrottled: false, result, &tries)
        case .refusedDate:
            guard !tries.isClockCorrected, credentials != nil, case .success(let response) = result else {
                return false
            }
            tries.isClockCorrected = true
            let serverTime = response.headers["date"].flatMap(HTTPDate.moment)
            return clock.adopt(serverTime, used: tries.offset)
        case .refusedCredentials:
            guard !tries.areCredentialsRenewed, let credentials, let source = self.credentials else { return false }
            tries.areCredentialsRenewed = true
            await source.discard(credentials)
            return true
        }
    }

    private func pauses(
        isThrottled: Bool,
        _ result: Result<HTTPResponse, HTTPFault>,
        _ tries: inout Tries
    ) async -> Bool {
        guard tries.number < rules.attempts, !Task.isCancelled,
            let cost = await state.take(isThrottled: isThrottled)
        else { return false }
        tries.cost = cost
        // An answer that was lost asks for nothing.
        let asked = (try? result.get())?.headers["x-amz-retry-after"].flatMap { Int($0) }
        let fraction = clock.time.fraction()
        let pause = rules.pause(after: tries.number, isThrottled: isThrottled, asked: asked, fraction: fraction)
        await clock.time.pause(for: pause)
        tries.number += 1
        return !Task.isCancelled
    }
}
