package import HTTPExchange
package import Vocabulary

/// What a request is for: what a signer and a retrier must know and the request does not say.
package struct AWSCall: Sendable, Hashable {
    package var service: String
    package var operation: String
    /// Nil: the call goes out unsigned.
    package var scope: SigningScope?
    /// Whether sending it twice does what sending it once does.
    package var isRepeatable: Bool

    package init(service: String, operation: String, scope: SigningScope?, isRepeatable: Bool) {
        self.service = service
        self.operation = operation
        self.scope = scope
        self.isRepeatable = isRepeatable
    }

    package init(_ operation: AWSOperation, in region: RegionName) {
        self.init(
            service: operation.service,
            operation: operation.name,
            scope: SigningScope(service: operation.service, region: region),
            isRepeatable: operation.isReadOnly
        )
    }

    func fault(_ code: String, _ message: String, _ delivery: AWSFault.Delivery) -> AWSFault {
        AWSFault(code: code, message: message, status: 0, service: service, operation: operation, delivery: delivery)
    }

    func fault(_ fault: HTTPFault) -> AWSFault {
        self.fault("Transport", fault.detail, fault.reason == .unreachable ? .notSent : .unknown)
    }
}

/// Brings calls to AWS and their answers back; an error status is an answer.
package protocol AWSSender: Sendable {
    func send(_ request: HTTPRequest, for call: AWSCall) async throws(AWSFault) -> HTTPResponse
}

/// Sends once and unsigned: for worlds that know everybody.
package struct PlainSender: AWSSender {
    private let transport: any HTTPTransport

    package init(_ transport: any HTTPTransport) { self.transport = transport }

    package func send(_ request: HTTPRequest, for call: AWSCall) async throws(AWSFault) -> HTTPResponse {
        do throws(HTTPFault) { return try await transport.send(request) } catch { throw call.fault(error) }
    }
}
