import AWSAPI
import Importing
import Ingestion
import Testing
import Vocabulary

@Suite("What becomes of findings is told")
struct PipelineOutcomesTests {
    private func fault(_ code: String, _ status: Int) -> ImportFault {
        .notAccepted(
            AWSFault(code: code, message: "", status: status, service: "securityhub", operation: "BatchImportFindings")
        )
    }

    @Test("a refusal for good does not hide one that may pass")
    func keepsBoth() {
        let outcomes = PipelineOutcomes { _ in }
        outcomes.report(.parked(ticket: 1, .null, fault("InvalidInputException", 400)))
        outcomes.report(.parked(ticket: 2, .null, fault("AccessDeniedException", 403)))
        outcomes.report(.parked(ticket: 3, .null, fault("AccessDeniedException", 403)))
        #expect(outcomes.faults.map(\.mayPass) == [false, true] && outcomes.tally.parked == 3)
    }
}
