package import Vocabulary

extension AWSFault {
    /// What a BatchUpdateFindings that succeeded as a call did not do; nil when all findings were processed.
    package static func unprocessed(in output: JSONValue) -> AWSFault? {
        guard let first = output["UnprocessedFindings"]?[0] else { return nil }
        return AWSFault(
            code: first["ErrorCode"]?.nonBlank ?? "Unprocessed",
            message: first["ErrorMessage"]?.string ?? "a finding was not processed",
            status: 200,
            service: "securityhub",
            operation: "BatchUpdateFindings"
        )
    }
}
