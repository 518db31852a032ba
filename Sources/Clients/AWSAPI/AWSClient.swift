package import HTTPExchange
package import Vocabulary

/// Calls AWS services; it decides nothing and repeats nothing.
///
/// Requests leave unsigned: the sender behind it signs them, or knows everybody.
package struct AWSClient: Sendable {
    private let sender: any AWSSender
    package let account: AccountID
    package let endpoints: AWSEndpoints

    package init(sender: any AWSSender, account: AccountID, endpoints: AWSEndpoints = AWSEndpoints()) {
        self.sender = sender
        self.account = account
        self.endpoints = endpoints
    }

    /// Over a transport to a world that checks no signatures.
    package init(transport: any HTTPTransport, account: AccountID, endpoints: AWSEndpoints = AWSEndpoints()) {
        self.init(sender: PlainSender(transport), account: account, endpoints: endpoints)
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
        return try known.output(of: try await sender.send(request, for: AWSCall(known, in: region)))
    }
}
