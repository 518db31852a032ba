package import HTTPExchange
package import Vocabulary

/// Calls AWS services over any transport; it decides nothing and repeats nothing.
package struct AWSClient: Sendable {
    package let transport: any HTTPTransport
    package let account: AccountID

    package init(transport: any HTTPTransport, account: AccountID) {
        self.transport = transport
        self.account = account
    }

    /// Makes one call; input and output have the member names of the API's model, whatever the protocol.
    package func call(
        _ service: String,
        _ operation: String,
        _ input: JSONValue,
        in region: RegionName
    ) async throws(AWSFault) -> JSONValue {
        throw AWSFault(code: "NotImplemented", message: "", status: 0, service: service, operation: operation)
    }
}

/// An error answer of a service, or no answer at all.
package struct AWSFault: ActionableError, Hashable {
    /// The service's error code, such as `RequestLimitExceeded`; `Transport` when no answer came.
    package var code: String
    package var message: String
    package var status: Int
    package var service: String
    package var operation: String

    package init(code: String, message: String, status: Int, service: String, operation: String) {
        self.code = code
        self.message = message
        self.status = status
        self.service = service
        self.operation = operation
    }

    package var report: FaultReport {
        FaultReport(code: "AWS-001", what: message, location: "\(service) \(operation)", remedy: "")
    }
}
