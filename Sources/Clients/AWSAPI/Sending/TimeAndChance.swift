package import HTTPExchange
internal import Host
package import Vocabulary

/// The clock and the dice, so that tests own both.
package protocol TimeAndChance: Sendable {
    func now() -> Timestamp

    /// Returns early when the task is cancelled.
    func pause(for duration: Duration) async

    /// From 0 to less than 1.
    func fraction() -> Double

    /// A random UUID, in lower case.
    func uuid() -> String

    /// Sends a request and stops waiting for the answer when the time is over.
    func send(
        _ request: HTTPRequest,
        over transport: any HTTPTransport,
        within limit: Duration
    ) async throws(HTTPFault) -> HTTPResponse
}

/// The clock and the dice of this machine.
package struct MachineTime: TimeAndChance {
    package init() {}

    package func now() -> Timestamp { Host.now() }
    package func fraction() -> Double { Double.random(in: 0..<1) }

    package func pause(for duration: Duration) async {
        // The only error is cancellation, and whoever waits looks for that itself.
        try? await Task.sleep(for: duration)
    }

    package func uuid() -> String {
        let digits = Array(Host.randomID() + Host.randomID())
        let variant = ["8", "9", "a", "b"].randomElement() ?? "8"
        let text = { (range: Range<Int>) in String(digits[range]) }
        return "\(text(0..<8))-\(text(8..<12))-4\(text(13..<16))-\(variant)\(text(17..<20))-\(text(20..<32))"
    }

    package func send(
        _ request: HTTPRequest,
        over transport: any HTTPTransport,
        within limit: Duration
    ) async throws(HTTPFault) -> HTTPResponse {
        let timedOut = HTTPFault(.timedOut, "no answer within \(limit)", url: request.origin)
        return try await withTaskGroup { group in
            group.addTask { () async -> Result<HTTPResponse, HTTPFault> in
                do throws(HTTPFault) { return .success(try await transport.send(request)) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await pause(for: limit)
                return .failure(timedOut)
            }
            let first = await group.next() ?? .failure(timedOut)
            group.cancelAll()
            return first
        }
        .get()
    }
}
