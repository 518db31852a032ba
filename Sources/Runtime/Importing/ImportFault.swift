package import AWSAPI
package import Vocabulary

/// Why a finding was not imported.
package enum ImportFault: ActionableError, Hashable {
    /// The finding does not say where it belongs.
    case unaddressed(String)
    case tooLarge(Int)
    /// The service names it among those that failed, and trying again would not help.
    case refused(code: String, message: String)
    /// The whole call failed, and trying again would not help.
    case notAccepted(AWSFault)
    /// What may pass did not pass in time; the last that went wrong.
    case outOfPatience(AWSFault, attempts: Int)
    /// The program was told to stop first.
    case abandoned

    package var report: FaultReport {
        switch self {
        case .unaddressed(let member):
            FaultReport(
                code: "IMPORT-001",
                what: "the finding has no \(member) that says where it belongs",
                remedy: "import findings as `falco convert` writes them"
            )
        case .tooLarge(let bytes):
            FaultReport(
                code: "IMPORT-002",
                what: "the finding is \(bytes) bytes long; Security Hub takes \(ImportRules.findingBytes)",
                remedy: "shorten its ProductFields and Details"
            )
        case .refused(let code, let message):
            FaultReport(
                code: "IMPORT-003",
                what: "Security Hub refuses the finding (\(code)): \(message)",
                remedy: "correct what the message names, then import the finding again"
            )
        case .notAccepted(let fault):
            FaultReport(
                code: "IMPORT-004",
                what: "the finding could not be imported: \(fault.report.what)",
                location: fault.report.location,
                remedy: fault.report.remedy
            )
        case .outOfPatience(let fault, let attempts):
            FaultReport(
                code: "IMPORT-005",
                what: "the finding could not be imported in \(attempts) attempt(s): \(fault.report.what)",
                location: fault.report.location,
                remedy: "import it again when the service is back",
                retry: .transient
            )
        case .abandoned:
            FaultReport(
                code: "IMPORT-006",
                what: "the program was stopped before the finding was imported",
                remedy: "import it again",
                retry: .transient
            )
        }
    }

    /// Whether handing it in once more may help, now or after somebody mended what the call failed for.
    package var mayPass: Bool {
        switch self {
        case .unaddressed, .tooLarge, .refused: false
        case .notAccepted(let fault): fault.kind != .invalid
        case .outOfPatience, .abandoned: true
        }
    }

    /// The call's failure behind it, where there is one.
    package var cause: AWSFault? {
        switch self {
        case .notAccepted(let fault), .outOfPatience(let fault, attempts: _): fault
        case .unaddressed, .tooLarge, .refused, .abandoned: nil
        }
    }
}

/// What became of a finding.
package enum ImportOutcome: Sendable, Hashable {
    case imported(ticket: UInt64)
    /// It is not in Security Hub, as far as anybody knows, and will not be tried again by itself.
    case parked(ticket: UInt64, JSONValue, ImportFault)

    package var ticket: UInt64 {
        switch self {
        case .imported(let ticket): ticket
        case .parked(let ticket, _, _): ticket
        }
    }
}
