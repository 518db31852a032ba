package import HTTPExchange
package import Vocabulary

/// Calls AWS services over any transport; it decides nothing and repeats nothing.
///
/// Requests leave unsigned: a transport that signs goes in front of the one that sends.
package struct AWSClient: Sendable {
    package let transport: any HTTPTransport
    package let account: AccountID
    package let endpoints: AWSEndpoints

    package init(transport: any HTTPTransport, account: AccountID, endpoints: AWSEndpoints = AWSEndpoints()) {
        self.transport = transport
        self.account = account
        self.endpoints = endpoints
    }

    /// Makes one call; input and output have the member names of the API's model, whatever the protocol.
    package func call(
        _ service: String,
        _ operation: String,
        _ input: JSONValue,
        in region: RegionName
    ) async throws(AWSFault) -> JSONValue {
        guard let known = AWSOperation.named(service, operation) else {
            throw AWSFault(
                code: "NotSpoken",
                message: "this version does not speak \(service) \(operation)",
                status: 0,
                service: service,
                operation: operation,
                delivery: .notSent
            )
        }
        let request = try known.request(input, to: endpoints.origin(of: service, in: region))
        return try known.output(of: try await answer(to: request, of: known))
    }

    private func answer(to request: HTTPRequest, of operation: AWSOperation) async throws(AWSFault) -> HTTPResponse {
        do throws(HTTPFault) {
            return try await transport.send(request)
        } catch {
            throw AWSFault(
                code: "Transport",
                message: error.detail,
                status: 0,
                service: operation.service,
                operation: operation.name,
                delivery: error.reason == .unreachable ? .notSent : .unknown
            )
        }
    }
}
