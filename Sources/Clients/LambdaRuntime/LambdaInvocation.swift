package import Vocabulary

/// One event that Lambda wants an answer to.
package struct LambdaInvocation: Sendable, Hashable {
    package var requestID: String
    /// When Lambda stops waiting and kills the process.
    package var deadline: Timestamp
    /// Names the account and the Region that the function runs in.
    package var functionARN: ARN?
    package var traceID: String?
    package var event: [UInt8]

    package init(
        requestID: String,
        deadline: Timestamp,
        functionARN: ARN? = nil,
        traceID: String? = nil,
        event: [UInt8]
    ) {
        self.requestID = requestID
        self.deadline = deadline
        self.functionARN = functionARN
        self.traceID = traceID
        self.event = event
    }
}
